"""A large WARC file for benchmarks: recorded pages, shuffled among made-up ones."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archive import members
from crawler.channels.warcs.headline import headline_of
from pipelines.urls import canonical
from pipelines.words import stems_of

HTML = (("Content-Type", "text/html; charset=utf-8"), ("Server", "nginx"))
FETCHED = "2024-06-01T12:00:00Z"
SYLLABLES = [one + two for one in "bdfgklmnprstvz" for two in "aeiou"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """A recorded page."""

    url: str
    body: bytes
    title: str
    language: str


def real_pages(folder: Path) -> list[Real]:
    """All recorded pages with a usable address, each address once."""
    found: dict[str, Real] = {}
    for manifest in sorted(folder.glob("*/manifest.jsonl")):
        for row in map(json.loads, manifest.open(encoding="utf-8")):
            body = gzip.decompress((manifest.parent / "pages" / f"{row['id']}.html.gz").read_bytes())
            headline = headline_of(body[:65536])
            with suppress(ValueError):  # some have no usable address
                real = Real(url=row["url"], body=body, title=" ".join(headline.titles), language=headline.language)
                found.setdefault(canonical(row["url"]), real)
    return list(found.values())


class MadeUp:
    """Pages about nothing, cheap to make: 30 to 150 KB of paragraphs, scripts and links."""

    def __init__(self, forbidden: Sequence[str], seed: int = 1) -> None:
        self.random = random.Random(seed)
        known = {stem for word in forbidden for stem in stems_of(word)}
        words = {"".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4))) for _ in range(6000)}
        self.words = sorted(word for word in words if not known.intersection(stems_of(word)))
        self.paragraphs = [f"<p>{self.sentence(60)}</p>\n" for _ in range(800)]
        self.scripts = [f"<script>var x={json.dumps(self.sentence(120))}</script>\n" for _ in range(60)]

    def sentence(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, k=words))

    def page(self, number: int) -> tuple[str, bytes]:
        size = min(max(self.random.lognormvariate(11.0, 0.5), 30_000), 150_000)
        title = self.sentence(8)
        parts = [f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1>']
        while size > 0:
            parts.append(self.random.choice(self.scripts if self.random.random() < 0.3 else self.paragraphs))
            size -= len(parts[-1])
        url = f"https://paper{number % 300:03}.example/{self.random.choice(self.words)}/{number}"
        return url, "".join([*parts, "</body></html>"]).encode()


def request_of(url: str) -> bytes:
    """The request record that crawlers write beside a response."""
    block = b"GET / HTTP/1.1\r\nHost: paper.example\r\nUser-Agent: CCBot\r\nAccept: text/html\r\n\r\n"
    head = (
        f"WARC/1.0\r\nWARC-Type: request\r\nWARC-Target-URI: {url}\r\nWARC-Date: {FETCHED}\r\n"
        f"Content-Type: application/http; msgtype=request\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 1, mtime=0)


def shuffled(real: Sequence[Real], made_up: MadeUp, off_topic: int) -> Iterator[tuple[str, bytes]]:
    """All pages in a random order, the made-up ones made as they come."""
    order: list[Real | int] = [*real, *range(off_topic)]
    made_up.random.shuffle(order)
    for one in order:
        yield (one.url, one.body) if isinstance(one, Real) else made_up.page(one)


def write_warc(path: Path, pages: Iterator[tuple[str, bytes]]) -> tuple[int, int]:
    """How many records were written, and of how many bytes of pages."""
    records = size = 0
    with path.open("wb") as file:
        file.write(members.information(path.name, "benchmark", 1))
        for url, body in pages:
            file.write(request_of(url))
            file.write(
                members.response(
                    url=url, fetched=FETCHED, status=200, headers=HTML, body=body,
                    digest=members.payload_digest(body), level=4,
                )
            )  # fmt: skip
            records, size = records + 2, size + len(body)
    return records + 1, size
