"""What hostile and enormous answers cost: memory is measured, work is bounded by what is left unread."""

from __future__ import annotations

import gzip
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.channels.ask import Answer

Reader = Callable[..., Answer]
MB = 1 << 20
HEAD = '<?xml version="1.0"?><rss version="2.0"><channel>'


def cost(read: Callable[[], Answer]) -> tuple[Answer, float]:
    """The answer, and the peak of memory that it took, in MB."""
    tracemalloc.start()
    try:
        answer = read()
        return answer, tracemalloc.get_traced_memory()[1] / MB
    finally:
        tracemalloc.stop()


ENORMOUS = """
import re, sys
from pathlib import Path
from datetime import UTC, datetime
from crawler.channels import CHANNELS
from crawler.channels.ask import Ask
from pipelines.items import Page
from pipelines.topic import Source, Topic

channel, head, entry, count, tail = sys.argv[1:]
body = bytearray(head.encode())
for number in range(int(count)):
    body += entry.replace("%", str(number)).encode()
body = bytes(body + tail.encode())
now, url = datetime(2019, 2, 1, tzinfo=UTC), "https://daily.example/x.xml"
page = Page(url=url, status=200, headers=(), body=body, fetched=now)
ask = Ask(url=url, source=Source(channel=channel, url=url), kind="sitemap")
memory = lambda key: int(re.search(key + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
before = memory("VmRSS")
answer = CHANNELS[channel].read(ask, page, Topic(name="t"), now)
print(len(answer.candidates), answer.candidates[-1].rank, answer.status, (memory("VmHWM") - before) // 1024)
"""


def enormous(channel: str, head: str, entry: str, count: int, tail: str) -> tuple[int, int, str, int]:
    """Candidates, last rank, status and MB of memory, of one large document read in a process of its own."""
    command = [sys.executable, "-c", ENORMOUS, channel, head, entry, str(count), tail]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found, rank, status, peak = done.stdout.split()
    return int(found), int(rank), status, int(peak)


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")


@needs_proc
def test_a_sitemap_of_50_000_addresses_is_complete_in_bounded_memory() -> None:
    entry = "<url><loc>https://daily.example/2019/%</loc><lastmod>2019-01-29</lastmod></url>"
    *answer, peak = enormous("sitemaps", "<urlset>", entry, 50_000, "</urlset>")
    assert answer == [50_000, 49_999, "complete"]
    assert peak < 40


@needs_proc
def test_a_feed_of_100_000_entries_is_saturated_in_bounded_memory() -> None:
    entry = "<item><title>Envoys meet</title><link>https://daily.example/2019/%</link></item>"
    *answer, peak = enormous("feeds", HEAD, entry, 100_000, "</channel></rss>")
    assert answer == [50_000, 49_999, "saturated"]
    assert peak < 40


def squeezed(unit: bytes, size: int) -> bytes:
    """A gzip file of so many bytes of a unit, made without holding them."""
    packer = zlib.compressobj(9, wbits=31)
    block = unit * (MB // 16 // len(unit))
    return b"".join([*(packer.compress(block) for _ in range(size // MB)), packer.flush()])


@pytest.mark.parametrize("unit", [b"\0", b"words and words "], ids=repr)
def test_a_gzip_bomb_is_cut_at_fifty_megabytes(read_sitemap: Reader, unit: bytes) -> None:
    bomb = squeezed(unit, 64 * MB)
    answer, peak = cost(lambda: read_sitemap(bomb))
    assert answer.candidates == ()
    assert answer.status in ("refused", "saturated")
    assert peak < 40


def test_a_sitemap_larger_than_fifty_megabytes_is_read_that_far(read_sitemap: Reader) -> None:
    first = b"<urlset><url><loc>https://daily.example/a</loc></url>"
    padding = b"<!--" + b"x" * 10_000 + b"-->"
    body = gzip.compress(first + padding * 6_000, 1)
    answer, peak = cost(lambda: read_sitemap(body))
    assert [c.url for c in answer.candidates] == ["https://daily.example/a"]
    assert (answer.status, answer.reason.partition(";")[0]) == (
        "saturated",
        "more than 50 MB unzipped or 1,000 gzip members",
    )
    assert peak < 40


def test_a_file_of_countless_gzip_members_is_left(read_sitemap: Reader) -> None:
    body = gzip.compress(b"<urlset>") + gzip.compress(b" ") * 100_000
    assert read_sitemap(body).status == "saturated"


def test_zips_within_zips_are_opened_twice_and_no_further(read_sitemap: Reader) -> None:
    body = b"<urlset/>"
    for _ in range(3):
        body = gzip.compress(body)
    assert read_sitemap(body).status == "refused"


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<rss><channel><item><title>&c; &x; ok</title><link>https://daily.example/a</link></item></channel></rss>"
)


def test_entities_are_never_expanded_nor_loaded(read_feed: Reader) -> None:
    answer = read_feed(LAUGHS)
    assert [(c.url, c.title) for c in answer.candidates] == [("https://daily.example/a", "&c; &x; ok")]


def test_a_record_after_countless_children_costs_no_more_than_its_bounds(read_feed: Reader) -> None:
    crowd = "<title>" + "long " * 200_000 + "</title>" + "<link rel='self' href='/x'/>" * 20_000
    body = f"{HEAD}<item><link>/a</link>{crowd}</item></channel></rss>".encode()
    answer, peak = cost(lambda: read_feed(body))
    assert [(c.url, len(c.title)) for c in answer.candidates] == [("https://daily.example/a", 499)]
    assert peak < 20


HOSTILE = {
    "depth": ("<a>", "failed", "elements nested deeper than 256"),
    "depth in a record": ("<item><title>" + "<b>" * 300, "failed", "elements nested deeper than 256"),
    "end tags": ("</a></b>", "failed", ""),
    "end tags that fit nothing": ("</item></a>", "failed", "more than 100,000 end tags that fit nothing"),
    "tags": ("<a/>", "saturated", "more than 1,000,000 tags"),
    "open tags": ("<", "saturated", "more than 1,000,000 tags"),
    "half tags": ("<a b='", "saturated", "more than 1,000,000 tags"),
    "instructions": ("<?", "saturated", "more than 1,000,000 tags"),
    "declarations": ("<!", "saturated", "more than 1,000,000 tags"),
    "comments without end": ("<!--", "saturated", "more than 4 million characters in one piece"),
    "sections without end": ("<![CDATA[", "saturated", "more than 4 million characters in one piece"),
    "ampersands": ("&", "saturated", "more than 4 million characters in one piece"),
    "one endless name": ("a", "saturated", "more than 4 million characters in one piece"),
    "quotes": ('"', "saturated", "more than 4 million characters in one piece"),
    "records without links": ("<item></item>", "refused", "no usable link in"),
    "records without end": ("<item><link>", "refused", "no usable link in"),
    "records of one page": ("<item><link>/a</link></item>", "saturated", "more than 100,000 entries"),
    "namespaces": ("<a xmlns:b='c' xmlns='d'/>", "failed", "the document is cut short"),
    "names": ("<a{n}:b{n}/>", "failed", "the document is cut short"),
    "bases": ("<a xml:base='b/'>", "failed", "elements nested deeper than 256"),
}


def malice(unit: str, size: int) -> str:
    if "{n}" in unit:
        return HEAD + "".join(unit.format(n=number) for number in range(size // 20))
    return HEAD + ("<" if unit == "a" else "") + unit * (size // len(unit))


@pytest.mark.parametrize("unit", [unit for unit, *_ in HOSTILE.values()], ids=HOSTILE.keys())
def test_malice_comes_to_an_end_with_a_reason(read_feed: Reader, unit: str) -> None:
    answer = read_feed(malice(unit, 300_000))
    assert answer.status in ("failed", "refused")
    assert answer.reason
    assert len(answer.candidates) <= 1


@pytest.mark.soak
@pytest.mark.parametrize(("unit", "status", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_eight_megabytes_of_malice_end_with_a_reason(read_feed: Reader, unit: str, status: str, reason: str) -> None:
    answer = read_feed(malice(unit, 8 * MB))
    assert answer.status == status
    assert answer.reason.startswith(reason)
    assert len(answer.candidates) <= 1


@pytest.mark.parametrize("unit", ["[", '{"a":', '{"a":1},', '"ab",', "[],"])
def test_json_that_would_cost_many_times_its_size_is_refused(read_feed: Reader, unit: str) -> None:
    body = '{"items":[' + unit * (MB // 16 // len(unit))
    answer, peak = cost(lambda: read_feed(body))
    assert answer.status in ("refused", "failed", "saturated")
    assert answer.candidates == ()
    assert peak < 40


@pytest.mark.parametrize(
    "unit", ["<link rel='", "<script>", "<!--", "<base href='a/'>", "<link rel=alternate type=text/xml href=/x "]
)
def test_a_page_of_malice_is_read_in_its_first_part_only(read_feed: Reader, unit: str) -> None:
    answer = read_feed("<html>" + unit * (4 * MB // len(unit)))
    assert (answer.status, answer.asks) == ("refused", ())


PIECES = (
    "<rss>|<channel>|<item>|</item>|<link>|</link>|<guid isPermaLink='|'>|<feed xmlns='http://www.w3.org/2005/Atom'>|"
    "<entry>|</entry>|<link href=|/>|<![CDATA[|]]>|<!--|-->|<?xml encoding='utf-16'?>|<!DOCTYPE html>|<html>|<urlset>|"
    "<url>|<loc>|</loc>|</url>|<link rel=alternate type=text/xml href=/f>|<sitemapindex>|<sitemap>|</sitemap>|&amp;|"
    "<lastmod>2019-01-29</lastmod>|https://daily.example/a|&#0;|&#xD800;|xmlns:n='|xml:base='//[|Sitemap: |"
    "<link rel=next href=/2>|<pubDate>Tue, 29 Jan 2019 12:00:00 GMT</pubDate>|"
    '{"items":[|{"url":"/a"},|]}|\\u0000'
)
BYTES = [b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b", b"\n"]
words = st.sampled_from([*(piece.encode() for piece in PIECES.split("|")), *BYTES])
documents = st.one_of(
    st.binary(max_size=400),
    st.lists(words | st.binary(max_size=6), max_size=40).map(b"".join),
    st.lists(words, max_size=40).map(b"".join).map(gzip.compress),
)
statuses = st.just(200) | st.integers(100, 599)


@settings(max_examples=200, deadline=None)
@given(documents, statuses, st.text(max_size=60), st.integers(0, 4))
def test_any_bytes_are_an_answer(
    read_feed: Reader, read_sitemap: Reader, body: bytes, status: int, content_type: str, depth: int
) -> None:
    about: dict[str, Any] = {"status": status, "content_type": content_type, "depth": depth}
    answers = [(kind, read_feed(body, kind=kind, **about)) for kind in ("feed", "guess", "page")]
    answers += [(kind, read_sitemap(body, kind=kind, **about)) for kind in ("sitemap", "guess", "robots")]
    for kind, answer in answers:
        assert answer.status in ("complete", "saturated", "refused", "failed")
        assert answer.status == "complete" or answer.reason
        # A guess is followed by the next guess, at the same depth.
        assert all(ask.depth == depth + (ask.kind != "guess" or kind != "guess") for ask in answer.asks)
        assert all(ask.url.startswith("http") for ask in answer.asks)
        assert [c.rank for c in answer.candidates] == list(range(len(answer.candidates)))
        assert len({c.url for c in answer.candidates}) == len(answer.candidates)
    assert answers[0] == ("feed", read_feed(body, **about))


@settings(max_examples=60, deadline=None)
@example(b"<rss><item><item></item>", 1)
@given(st.lists(words, max_size=60).map(b"".join), st.integers(1, 60))
def test_it_does_not_matter_where_a_document_is_cut_into_pieces(body: bytes, size: int) -> None:
    from crawler.channels.reading.entries import KEPT
    from crawler.channels.reading.markup import Records

    def read(pieces: list[str]) -> tuple[object, ...]:
        records = Records(pieces, "https://daily.example/", KEPT)
        seen = [(node.key, node.said("link"), node.said("loc"), node.base) for node in records]
        return seen, records.root, records.fault

    text = body.decode("utf-8", "replace")
    assert read([text[at : at + size] for at in range(0, len(text), size)]) == read([text])
