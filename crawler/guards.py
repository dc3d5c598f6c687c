"""What must not be fetched, judged from the URL alone: at every hop, before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.exceptions import IgnoreRequest

from crawler.addresses import is_public, literal
from pipelines.urls import MAX_URL, Parts, host_of, parts_of

PORTS = (80, 443)

# RFC 6761, 6762, 7686, 8375, 9476, ICANN's name collision list, and what routers and clusters use at home.
RESERVED = frozenset({
    "localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "svc", "arpa",
    "test", "invalid", "example", "onion", "alt",
})  # fmt: skip

# An authority that every URL reader takes apart in the same way: no user name, no backslash, no escape, no zone.
_PLAIN = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")


class FetchRefused(IgnoreRequest):
    """A request that is not sent, or an answer that is not followed.

    `by` is who refuses (guard, robots, retry-after, redirects), `until` when it may be asked again, None for never.
    """

    def __init__(self, reason: str, *, by: str, until: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.by = by
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Hosts that the user vouches for although they are not public.

    An entry without a port (None) holds for the topic's ports, one with a port for that port only. `.suffix` stands
    for every name under it.
    """

    entries: frozenset[tuple[str, int | None]] = frozenset()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Self:
        """The allowance that `host`, `host:port` and `.suffix` entries spell; ValueError names a bad one."""
        return cls(entries=frozenset(map(_entry, entries)))

    def covers(self, host: str, port: int) -> bool:
        """Whether the user vouches for a host, on that port or on those of the topic."""
        return self.covers_port(host, port) or any((name, None) in self.entries for name in _spellings(host))

    def covers_port(self, host: str, port: int) -> bool:
        """Whether the user vouches for just that port of a host."""
        return any((name, port) in self.entries for name in _spellings(host))


NOTHING = Allowance()


def judge(url: str, *, ports: Collection[int] = PORTS, allowed: Allowance = NOTHING, longest: int = MAX_URL) -> None:
    """Raise FetchRefused for a URL that must not be fetched."""
    if len(url) > longest:
        raise FetchRefused(f"a URL of {len(url)} characters; {longest} at most", by="guard")
    try:
        parts, authority = parts_of(url), urlsplit(url).netloc
    except ValueError as error:
        raise FetchRefused(str(error), by="guard") from error
    if authority.isascii() and not _PLAIN.fullmatch(authority):
        raise FetchRefused(f"{authority[:80]!r} is read differently by different programs", by="guard")
    port = port_of(parts)
    if port not in ports and not allowed.covers_port(parts.host, port):
        raise FetchRefused(f"port {port} of {parts.host}; name it in the topic's ports", by="guard")
    if not allowed.covers(parts.host, port):
        _judge_host(parts.host)


@lru_cache(maxsize=4096)  # asked about each request some six times on its way
def host_key(url: str) -> str:
    """The host that a URL leads to, as the archive spells it; empty where there is none."""
    try:
        return host_of(url)
    except ValueError:
        return ""


def port_of(parts: Parts) -> int:
    """The port that a URL leads to."""
    return int(parts.port) if parts.port else {"http": 80, "https": 443}[parts.scheme]


def proxy_hosts() -> frozenset[str]:
    """The hosts of the proxies that the environment configures for pages."""
    urls = (url for kind, url in getproxies().items() if kind in {"http", "https"})
    found = (urlsplit(url if "//" in url else f"//{url}").hostname for url in urls)
    return frozenset(f"[{host}]" if ":" in host else host for host in found if host)


def _judge_host(host: str) -> None:
    try:
        address = literal(host)
    except ValueError as error:
        raise FetchRefused(f"{host} is no plain address", by="guard") from error
    if address is not None:
        if not is_public(address):
            raise FetchRefused(f"{host} is not a public address", by="guard")
        return
    if "." not in host or host.rsplit(".", 1)[-1] in RESERVED:
        raise FetchRefused(f"{host} is not a public name", by="guard")


def _entry(entry: str) -> tuple[str, int | None]:
    suffix = entry.startswith(".")
    try:
        parts = parts_of(f"http://{entry.removeprefix('.')}/")
        if entry.isascii() and not _PLAIN.fullmatch(entry):
            raise ValueError(entry)
    except ValueError as error:
        raise ValueError(f"{entry!r} is no host; give host, host:port or .suffix") from error
    port = port_of(parts) if re.search(r":[0-9]+$", entry) else None
    return ("." if suffix else "") + parts.host, port


def _spellings(host: str) -> list[str]:
    """The host itself and every suffix that an entry may name: a.b.example, .b.example, .example."""
    labels = host.split(".")
    return [host, *("." + ".".join(labels[start:]) for start in range(1, len(labels)))]
