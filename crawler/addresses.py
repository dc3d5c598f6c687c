"""Which network addresses belong to the public internet."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

# Only 2000::/3 is handed out for the public internet. Not in it: Teredo and 6to4, which carry any IPv4 address inside,
# and the newer documentation prefix, which older Pythons do not know.
_UNICAST = IPv6Network("2000::/3")
_EXCEPT = (IPv6Network("2001::/32"), IPv6Network("2002::/16"), IPv6Network("3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")

# inet_aton and browsers read every host whose last label is a number as an address: 2130706433, 0x7f.1, 127.1
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def literal(host: str) -> Address | None:
    """The address that a host spells, None where it is a name; ValueError where it is an address in disguise.

    `host` is in lower case, an IPv6 address in brackets.
    """
    if host.startswith("["):
        return IPv6Address(host[1:-1])
    if not _NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
        return None
    return IPv4Address(host)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, seen through mapped (::ffff:) and NAT64 spellings."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(IPv4Address(address.packed[-4:]))
    return address in _UNICAST and address.is_global and not any(address in network for network in _EXCEPT)
