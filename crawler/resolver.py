"""Names are judged once more by what they resolve to: the address that is checked is the one that is connected to."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from scrapy.utils.datatypes import LocalCache
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostResolution

from crawler.addresses import is_public
from crawler.guards import Allowance, proxy_hosts

_refused: LocalCache[str, str] = LocalCache(1_000)


def refusal(host: str) -> str:
    """Why a name was not resolved for us; empty where it was not refused."""
    return str(_refused.get(host, ""))


class _Judge:
    """Hand on the addresses of a name only when all of them are public: one private among them is an attack.

    A Twisted IResolutionReceiver around another; those are known to the type checker by their methods only.
    """

    def __init__(self, receiver: Any, host: str) -> None:
        self.receiver = receiver
        self.host = host
        self.addresses: list[Any] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's interface
        """Pass it on."""
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802 - Twisted's interface
        """Keep it until all are known."""
        self.addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's interface
        """Hand on all addresses or none."""
        private = [spelt for address in self.addresses if not is_public(ip_address(spelt := address.host))]
        if private:
            _refused[self.host] = f"{self.host} leads to {private[0]}, which is not a public address"
        else:
            for address in self.addresses:
                self.receiver.addressResolved(address)
        self.receiver.resolutionComplete()


class GuardedResolver(CachingHostnameResolver):
    """Resolve names to public addresses only, but for the configured proxy and the hosts that the user vouches for.

    Scrapy makes it from the settings of the process, before there is a spider.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, allowed: Allowance, proxies: frozenset[str]) -> None:
        super().__init__(reactor, cache_size)
        self.allowed = allowed
        self.proxies = proxies

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """The resolver of a process."""
        settings = crawler.settings
        allowed = Allowance.of(settings.getlist("DOSSIER_ALLOW_PRIVATE"))
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), allowed, proxy_hosts())

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: Any,  # noqa: N803 - Twisted's interface
        hostName: str,  # noqa: N803 - Twisted's interface
        portNumber: int = 0,  # noqa: N803 - Twisted's interface
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803 - Twisted's interface
        transportSemantics: str = "TCP",  # noqa: N803 - Twisted's interface
    ) -> IHostResolution:
        """Twisted's question for the addresses of a name."""
        host = f"[{hostName}]" if ":" in hostName else hostName.lower().rstrip(".")
        trusted = host in self.proxies or self.allowed.covers(host, portNumber)
        receiver: Any = resolutionReceiver if trusted else _Judge(resolutionReceiver, host)
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)
