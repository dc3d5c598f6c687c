"""Whatever bytes a page is made of: an article that the archive can take, or a reason why it is none."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import FrameType
from typing import get_args
from urllib.parse import urlsplit

import psutil
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from trafilatura.meta import reset_caches

from pipelines.extraction import extract
from pipelines.items import Article, Kind, Precision, Rejected, State
from tests.nasty import CONTENT_TYPES, URLS, damaged, edits, mutated, pages, pages_in, texts, written
from tests.nasty import article as article_page

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROUND = 400  # examples
STUCK = 60  # seconds
SWOLLEN = 200 * 1024 * 1024  # by which a process grows before its libraries are asked to forget
LONGEST = {
    "title": 400, "summary": 2_000, "language": 6, "section": 100, "image": 4_000, "site_name": 100, "canonical": 4_000,
    "body": 11_000_000, "url": 4_000, "text": 300, "authors": 80, "tags": 80,
}  # fmt: skip
MOST = {
    "authors": 50,
    "tags": 40,
    "links": 50,
    "lines": 60_000,
    "furniture": 60_000,
    "posts": 10_000,
    "captions": 3_000,
}

dates = st.none() | st.datetimes(timezones=st.just(UTC))
known = st.fixed_dictionaries(
    {
        "url": st.sampled_from(URLS),
        "content_type": st.sampled_from(CONTENT_TYPES) | st.text(max_size=20),
        "headline": st.just("") | texts,
        "announced": dates,
        "fetched": st.just(NOW) | dates,
    }
)


@settings(max_examples=200, deadline=None)
@given(pages, known)
def test_any_page_is_an_article_or_rejected(body: bytes, known: dict[str, object]) -> None:
    check(body, known)


@settings(max_examples=100, deadline=None)
@given(texts, edits)
def test_a_damaged_page_is_an_article_or_rejected(text: str, changes: list[tuple[str, int, str]]) -> None:
    check(damaged(written(article_page(text, text, text, text), "utf-8"), changes), {"url": URLS[0], "fetched": NOW})


def test_the_check_sees_what_a_page_tries_to_pass_on() -> None:
    found = check(written(article_page("", "", "", ""), "utf-8"), {"url": URLS[0]})
    assert found is not None
    assert "Envoys of the two sides" in found.body
    for text in ("a\x00b", "a\u202eb", "a\ud800", "a\x85b", "a\U0001fffeb"):
        assert not is_clean(text)


def check(body: bytes, known: dict[str, object]) -> Article | None:
    """The article of a page, if it has one: of the right types, clean, bounded and fit to be sent between processes."""
    try:
        found = extract(body, **known)
    except Rejected as rejected:
        return check_rejected(rejected)
    for name, value in values_in(found):
        check_value(name, value)
    assert found.body
    assert all(line == " ".join(line.split()) and line for line in found.body.split("\n"))
    assert found.kind in get_args(Kind)
    assert found.published_precision in (None, *get_args(Precision))
    assert (found.published is None) == (found.published_precision is None)
    assert found.published_offset is None or abs(found.published_offset) <= 24 * 60
    assert all(urlsplit(url).scheme in ("http", "https") for url in (found.image, found.canonical) if url)
    assert pickle.loads(pickle.dumps(found)) == found
    return found


def check_rejected(rejected: Rejected) -> None:
    assert rejected.state in get_args(State)
    assert rejected.reason.isprintable()
    assert 0 < len(rejected.reason) < 300


def values_in(found: object, name: str = "") -> Iterator[tuple[str, object]]:
    """All values within an article, each with the name of its field."""
    if is_dataclass(found):
        for field in fields(found):
            yield from values_in(getattr(found, field.name), field.name)
    elif isinstance(found, tuple):
        assert len(found) <= MOST.get(name, 1_000), name
        for one in found:
            yield from values_in(one, name)
    else:
        yield name, found


def check_value(name: str, value: object) -> None:
    assert isinstance(value, str | bool | int | datetime | None), name
    if isinstance(value, str):
        assert len(value) <= LONGEST.get(name, 5_000), name
        assert is_clean(value.replace("\n", "") if name == "body" else value), name
    elif isinstance(value, datetime):
        assert value.utcoffset() == timedelta(0), name
    elif isinstance(value, int):
        assert -(1 << 63) <= value < 1 << 63, name


def is_clean(text: str) -> bool:
    """Whether a text holds no control, lone surrogate, non-character or mark of the writing direction."""
    return text.isprintable() or not any(map(is_unseen, text))


def is_unseen(sign: str) -> bool:
    code = ord(sign)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    is_direction = unicodedata.bidirectional(sign) in DIRECTIONS or sign in "\u200e\u200f\u061c"
    return unicodedata.category(sign) in ("Cc", "Cs") or is_noncharacter or is_direction


DIRECTIONS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


class Stuck(BaseException):
    """A page has been read for a minute; no library takes this for a fault of its own."""


def stuck(number: int, frame: FrameType | None) -> None:
    raise Stuck


class Record:
    """The slowest page so far, and the one that took the most memory; both are kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.examples, self.slowest, self.peak, self.crowded = folder, 0, 0.0, peak(), SWOLLEN

    def so_far(self, seconds: float) -> str:
        """What was seen within so many seconds."""
        return (
            f"{self.examples:,} pages, {self.examples / max(1, seconds):.0f} a second; the slowest took"
            f" {self.slowest:.2f} s, the biggest {self.peak} MB; both in {self.folder}"
        )

    def check(self, body: bytes, known: dict[str, object]) -> None:
        """Check a page, and note what it took."""
        self.examples += 1
        if (held := psutil.Process().memory_info().rss) > self.crowded:
            reset_caches()  # as a worker would be replaced
            self.crowded = held + SWOLLEN
        start = time.process_time()
        (self.folder / "last.html").write_bytes(body)
        signal.alarm(STUCK)
        check(body, known)
        signal.alarm(0)
        if (spent := time.process_time() - start) > self.slowest:
            self.slowest = spent
            (self.folder / "slowest.html").write_bytes(body)
        if (most := peak()) > self.peak:
            self.peak = most
            (self.folder / "biggest.html").write_bytes(body)


def peak() -> int:
    """The most megabytes of memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1024 * 1024)


def made(number: int, record: Record) -> None:
    """A round of pages made from pieces."""

    @seed(number)
    @settings(max_examples=ROUND, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(pages, known)
    def one(body: bytes, known: dict[str, object]) -> None:
        record.check(body, known)

    one()


def mutants(number: int, record: Record, bodies: list[bytes]) -> None:
    """A round of damaged pages."""
    draw = Random(number)
    for _ in range(ROUND // 4):
        known = {"url": draw.choice(URLS), "content_type": draw.choice(CONTENT_TYPES), "fetched": NOW}
        record.check(mutated(draw, bodies), known)


@pytest.mark.soak
def test_an_hour_of_pages(capsys: pytest.CaptureFixture[str]) -> None:
    """Rounds with fresh seeds for DOSSIER_FUZZ_SECONDS; every other one mutates the pages of DOSSIER_FUZZ_PAGES."""
    folder = Path(tempfile.mkdtemp(prefix="dossier-fuzz-"))
    others = os.environ.get("DOSSIER_FUZZ_PAGES", "")
    bodies = pages_in(Path(others)) if others else [written(article_page("", "", "", ""), "utf-8")]
    record, start, first = Record(folder), time.monotonic(), Random().randrange(1 << 40)
    before = signal.signal(signal.SIGALRM, stuck)
    seconds = float(os.environ.get("DOSSIER_FUZZ_SECONDS", "3600"))
    number = first
    try:
        while time.monotonic() - start < seconds:
            with capsys.disabled():
                print(f"\nseed {number}: {record.so_far(time.monotonic() - start)}", end="", flush=True)
            made(number, record)
            mutants(number, record, bodies)
            number += 1
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
