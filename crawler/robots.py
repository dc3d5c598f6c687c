"""robots.txt by RFC 9309, read in bounded time whatever is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from protego import Protego
from scrapy import Request

MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: a crawler must read that much, and may stop there
MAX_LINE = 4096  # no URL that we ask for is that long, so no longer rule can match
MAX_RULES = 20_000
MAX_MARKS = 5_000  # wildcards and end marks, each of which costs time for every URL
MAX_DELAY = 30.0

# Protego and site owners are generous about colons, spaces and spelling; what it forgives, we pass on.
_AGENT = re.compile(r"user[- ]?agent(?:\s*:|\s)\s*(.*)", re.IGNORECASE)
_SITEWIDE = re.compile(r"(?:site-?maps?|host)(?:\s*:|\s)", re.IGNORECASE)
_RULE = re.compile(r"[^:\s][^:]*:|\S+\s")
_TOKEN = re.compile(r"[a-z_-]+")


def is_robots(request: Request) -> bool:
    """Whether a request is one of ours for robots.txt, not yet under anybody's rules."""
    return bool(request.meta.get("dont_obey_robotstxt"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one robots.txt asks of us. `fault` says why the whole host must be left alone; empty where it need not."""

    crawl_delay: float = 0.0
    fault: str = ""
    _protego: Protego | None = field(default=None, repr=False)

    @classmethod
    def read(cls, body: bytes, token: str) -> Self:
        """The rules in a file for the crawler of that name."""
        lines = group(body[:MAX_BYTES].decode("utf-8-sig", errors="ignore"), token)
        if len(lines) > MAX_RULES or sum(line.count("*") + line.count("$") for line in lines) > MAX_MARKS:
            return cls(fault="robots.txt has more rules than can be heeded")
        protego = Protego.parse("\n".join(["User-agent: *", *lines]))
        delay = protego.crawl_delay(token) or 0.0
        fault = f"Crawl-delay {delay:g} s is over {MAX_DELAY:g} s" if delay > MAX_DELAY else ""
        return cls(crawl_delay=delay, fault=fault, _protego=protego)

    def allows(self, url: str) -> bool:
        """Whether a URL of the host may be fetched: the longest matching rule decides, none allows."""
        return self._protego is None or bool(self._protego.can_fetch(url, "*"))


def group(text: str, token: str) -> list[str]:
    """The rules that hold for a crawler: those of all groups that name it, else those of all groups for `*`.

    A file is cut down to them before it is parsed: many names times many rules would make a parser slow.
    """
    found: dict[str, list[str]] = {}
    names: set[str] = set()
    naming = False
    for line in lines_of(text):
        if agent := _AGENT.match(line):
            names = names if naming else set()
            names |= {"*", token.lower()} & {name_of(agent[1])}
            for name in names:
                found.setdefault(name, [])
            naming = True
        elif _RULE.match(line) and not _SITEWIDE.match(line):
            naming = False
            for name in names:
                found[name].append(line)
    return found.get(token.lower(), found.get("*", []))


def lines_of(text: str) -> Iterator[str]:
    """The lines that say something, without comments."""
    for line in text.splitlines():
        bare = line.partition("#")[0].strip()
        if bare and len(bare) <= MAX_LINE:
            yield bare


def name_of(agent: str) -> str:
    """The product token of a user-agent line in lower case: `Dossier/1.0` is dossier."""
    lowered = agent.strip().lower()
    if lowered.startswith("*"):
        return "*"
    token = _TOKEN.match(lowered)
    return token[0] if token else ""
