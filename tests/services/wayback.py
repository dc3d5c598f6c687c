"""A web archive as the tests play it: its index (CDX) and its captures, out of a list of captures.

It answers URLs, so it can be asked without a network, or stand behind `tests.loopback.Loopback` as a reaction.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, quote_plus, urlsplit

from tests.loopback import Hit, Reply

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
JSON = (("Content-Type", "application/json"),)
TEXT = (("Content-Type", "text/plain"),)
BLOCKED = "org.archive.util.io.RuntimeIOException: org.archive.wayback.exception."
ERROR = "X-Archive-Wayback-Runtime-Error"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One capture: when, of what, and what the outlet had answered."""

    stamp: str
    url: str
    body: bytes = b"<!doctype html><p>A page"
    mimetype: str = "text/html"
    status: str = "200"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        return base64.b32encode(hashlib.sha1(self.body, usedforsecurity=False).digest()).decode()

    def row(self) -> dict[str, str]:
        values = (key_of(self.url), self.stamp, self.url, self.mimetype, self.status, self.digest, str(len(self.body)))
        return dict(zip(FIELDS, values, strict=True))


def key_of(url: str) -> str:
    """The URL as the index sorts it: host backwards, without scheme, `www.` and port, in lower case."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host = re.sub(r"^www\d*\.", "", (parts.hostname or "").lower())
    query = f"?{'&'.join(sorted(parts.query.lower().split('&')))}" if parts.query else ""
    path = parts.path.lower() or "/"
    return f"{','.join(reversed(host.split('.')))}){path.rstrip('/') or '/'}{query}"


@dataclass
class Archive:
    """The archive. `asked` are the URLs that came; those at `refuse_at` (counted from 1) are answered with 429.

    `most` is the archive's own bound of rows in one answer.
    """

    captures: Sequence[Taken] = ()
    blocked: frozenset[str] = frozenset()
    refuse_at: frozenset[int] = frozenset()
    most: int = 150_000
    asked: list[str] = field(default_factory=list)

    def __call__(self, hit: Hit) -> Reply:
        return self.answer(hit.url)

    def answer(self, url: str) -> Reply:
        """What the archive says to a URL."""
        self.asked.append(url)
        if len(self.asked) in self.refuse_at:
            return Reply(status=429, body=b"<html><h1>429 Too Many Requests", headers=(("Content-Type", "text/html"),))
        parts = urlsplit(url)
        if parts.path == "/cdx/search/cdx":
            return self._index(parse_qs(parts.query, keep_blank_values=True))
        return self._replayed(url)

    def _index(self, asked: dict[str, list[str]]) -> Reply:
        said = {name: values[-1] for name, values in asked.items()}
        if any(said["url"].endswith(outlet) for outlet in self.blocked):
            fault = f"{BLOCKED}AdministrativeAccessControlException: Blocked Site Error"
            return Reply(status=403, body=fault.encode(), headers=((ERROR, fault), *TEXT))
        limit, written, seen, last = min(int(said["limit"]), self.most), [], "", None
        for row in self._rows(said):
            if len(written) == limit:
                break
            last = row
            if not all(matches(row, wanted) for wanted in asked.get("filter", ())):
                continue
            name, _, size = said.get("collapse", "").partition(":")
            part = row[name][: int(size) if size else None] if name else str(len(written))
            if part != seen:  # adjacent rows only
                written.append([row[name] for name in said["fl"].split(",")])
            seen = part
        listed = [said["fl"].split(","), *written] if written else []
        if said.get("showResumeKey") == "true" and len(written) == limit and last is not None:
            later = f"{last['timestamp'][:-1]}{chr(ord(last['timestamp'][-1]) + 1)}"
            listed += [[], [quote_plus(f"{last['urlkey']} {later}")]]
        return Reply(body=json.dumps(listed).encode(), headers=JSON)

    def _rows(self, said: dict[str, str]) -> Iterator[dict[str, str]]:
        key, match = key_of(said["url"]), said.get("matchType", "exact")
        rows = sorted((one.row() for one in self.captures), key=lambda row: (row["urlkey"], row["timestamp"]))
        for row in rows:
            domain = key.removesuffix("/")
            fits = row["urlkey"] == key if match == "exact" else row["urlkey"].startswith((domain, f"{domain[:-1]},"))
            after = f"{row['urlkey']} {row['timestamp']}" >= said.get("resumeKey", "")
            if fits and after and said["from"] <= row["timestamp"] <= said["to"]:
                yield row

    def _replayed(self, url: str) -> Reply:
        found = re.fullmatch(r"(https?://[^/]+/web/)(\d{14})id_/(.+)", url)
        assert found, f"not asked as it was taken: {url}"
        base, stamp, original = found.groups()
        if any(key_of(original).startswith(key_of(outlet)[:-1]) for outlet in self.blocked):
            return Reply(status=403, headers=((ERROR, f"{BLOCKED}RobotAccessControlException: Blocked By Robots"),))
        known = [one for one in self.captures if key_of(one.url) == key_of(original)]
        if not known:
            return Reply(status=404, body=b"<html>The Wayback Machine has not archived that URL.")
        nearest = min(known, key=lambda one: abs(moment(one.stamp) - moment(stamp)))
        if nearest.stamp != stamp:
            return Reply(status=302, headers=(("Location", f"{base}{nearest.stamp}id_/{nearest.url}"),))
        return replayed(nearest)


def replayed(taken: Taken) -> Reply:
    """A capture as the archive shows it: the outlet's headers under a prefix, beside its own."""
    own = (("content-type", taken.mimetype), ("server", "nginx"), *taken.headers)
    headers = (
        ("Content-Type", taken.mimetype),
        ("Memento-Datetime", format_datetime(moment(taken.stamp), usegmt=True)),
        ("Link", f'<{taken.url}>; rel="original"'),
        ("Server", "archive"),
        *((f"X-Archive-Orig-{name}", value) for name, value in own),
    )
    return Reply(status=int(taken.status), body=taken.body, headers=headers)


def matches(row: dict[str, str], wanted: str) -> bool:
    """Whether a row passes a filter: `[!]field:regex`, of the whole field."""
    name, _, expression = wanted.removeprefix("!").partition(":")
    return (re.fullmatch(expression, row[name]) is not None) != wanted.startswith("!")


def moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def stamps(asked: Iterable[str]) -> list[str]:
    """The times of the captures that were asked for."""
    return [found[1] for url in asked if (found := re.search(r"/web/(\d{14})id_/", url))]
