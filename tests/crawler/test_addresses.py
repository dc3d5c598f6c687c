from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import is_public, literal

PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378::1", "2001:db8::1", "2002:7f00:1::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "3fff::1", "5f00::1",
]  # fmt: skip


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_that_is_not_of_the_public_internet_is_known_as_such(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "151.101.1.1", "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_a_public_address_is_known_as_such(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.ip_addresses(v=4))
def test_a_private_address_stays_private_inside_an_ipv6_spelling(inner: IPv4Address) -> None:
    for prefix in ("::ffff:", "64:ff9b::"):
        assert is_public(IPv6Address(f"{prefix}{inner}")) == is_public(inner)
    assert not is_public(IPv6Address(f"2002:{int(inner) >> 16:x}:{int(inner) & 0xFFFF:x}::1"))
    assert not is_public(IPv6Address(f"::{inner}"))


@given(st.ip_addresses())
def test_no_address_is_public_that_the_registries_keep_back(address: IPv4Address | IPv6Address) -> None:
    if is_public(address) and address not in map(ip_address, ["192.88.99.1"]):
        assert not address.is_private or getattr(address, "ipv4_mapped", None)
        assert not address.is_loopback
        assert not address.is_link_local
        assert not address.is_multicast


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "1.2.3", "a.b.0x", "1.2.3.4.5"]
)
def test_an_address_in_disguise_is_no_address_and_no_name(host: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        literal(host)


@pytest.mark.parametrize("host", ["news.com", "1and1.com", "0x.com", "127.0.0.1.nip.io"])
def test_a_name_is_no_address(host: str) -> None:
    assert literal(host) is None
