"""Whatever comes back, to whichever question of whichever channel: an answer that the archive can take."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels import CHANNELS
from crawler.channels.ask import Answer, Ask, Status
from crawler.channels.captures.worklist import MAX_CHARACTERS
from crawler.mementos import is_memento
from pipelines.items import Candidate, Page
from pipelines.urls import canonical
from tests.answers import NOW, TOPIC, Case, cases

KINDS = {
    "feeds": {"feed", "page", "guess"},
    "sitemaps": {"robots", "sitemap", "guess"},
    "sections": {"section"},
    "google_news": {"search", "day", "listing"},
    "bing_news": {"search"},
    "gdelt": {"artlist"},
    "gal": {"file", "feed"},
    "wayback": {
        "outlet", "captures", "capture:feeds", "capture:feeds feed", "capture:feeds page", "capture:feeds guess",
        "capture:sitemaps", "capture:sitemaps sitemap", "capture:sitemaps guess", "capture:sections",
        "capture:sections section",
    },
    "ccnews": {"paths", "records"},
    "outlinks": set(),
}  # fmt: skip
MOST_ASKS = 250  # to which one answer leads
MOST_REASON = 600  # characters
LONGEST_REST = 3_600.0  # seconds

TOKENS = (
    "<rss><channel>|<item>|</item>|<link>|</link>|<title>|</title>|<guid isPermaLink='true'>|<description>|<![CDATA[|"
    "]]>|<feed xmlns='http://www.w3.org/2005/Atom'>|<entry>|<link href='/a' rel=next />|<content type='xhtml'>|<url>|"
    "<urlset>|<loc>|</loc>|<lastmod>9999-12-31T23:59:59-14:00</lastmod>|<sitemapindex>|<sitemap>|<pubDate>|&#0;|\n|"
    "0001-01-01T00:00:00+14:00|Mon, 01 Mar 2021 12:00:00 GMT|<!doctype html><html>|<a href=|<base href='//['>|<ol><li>|"
    "<a rel=next href='?page=2'>|https://daily.example/envoys-talks-in-doha-2021|http://[|https://xn--/|&#xD800;|&amp;|"
    "https://a.example:99999/|Sitemap: |User-agent: *|WARC-Type: response\r\n|WARC/1.0\r\n|Content-Length: 9\r\n\r\n| |"
    "WARC-Target-URI: https://daily.example/envoys-doha\r\n|WARC-Date: 2021-03-01T12:00:00Z\r\n|<title>Envoys' talks|"
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n|Please limit requests to one every 5 seconds|\r\n\r\n|"
    "crawl-data/CC-NEWS/2021/02/CC-NEWS-20210228000000-00000.warc.gz\n|AdministrativeAccessControlException|"
    "//consent.google.com/|https://news.google.com/rss/articles/CBMi|"
    '[["urlkey","timestamp","original"],|[],|["com,a)/","20210224120000","https://daily.example/envoys-talks"],|]]|'
    '{"articles":[|{"url":"https://daily.example/a","title":"\\ud800 envoys","seendate":"20210301T120000Z"},|]}|1e999|'
    '{"version":"https://jsonfeed.org/version/1.1","next_url":"http://[","items":[|{"url":"/a","title":"\\udc00"},|'
    '{"date":"2021-03-01T12:00:00Z","url":"https://daily.example/b","title":"envoys talks","lang":"en"}|\\u0000'
)
RAW = (b"\x00", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80")
words = st.sampled_from([*(token.encode() for token in TOKENS.split("|")), *RAW])
texts = st.lists(words | st.binary(max_size=5), max_size=40).map(b"".join)
bodies = st.binary(max_size=300) | texts | texts.map(gzip.compress) | texts.map(lambda text: gzip.compress(text)[:-5])

URLS = (
    "https://daily.example/feed.xml", "https://consent.google.com/ml?x", "https://news.google.com/sorry/index", "http://[",
    "https://web.archive.org/web/20210224000000id_/https://daily.example/", "", "data:,x", "https://a.example/x.gz?b",
    "https://web.archive.org/web/20210230000000id_/http://[", "warc://localhost/x.warc.gz", "HTTPS://Daily.Example:443/%zz",
)  # fmt: skip
HEADERS = (
    ("Link", '<https://daily.example/feed-3.xml>; rel="next"'), ("Link", '<//[>; rel=next, <?page=9>; rel="next'),
    ("Link", "<" * 300), ("Location", "http://["), ("Content-Range", "bytes 0-9/10"), ("Content-Range", "bytes */0"),
    ("Content-Range", "bytes 5-2/99999999999999999999"), ("Memento-Datetime", "Mon, 99 Foo 2021 99:99:99 GMT"),
    ("Memento-Datetime", "Fri, 31 Dec 9999 23:59:59 -1400"), ("X-Archive-Orig-Content-Type", "text/xml; charset=utf-7"),
    ("X-Archive-Orig-", "x"), ("X-Archive-Wayback-Runtime-Error", "RobotAccessControlException"),
    ("Content-Type", "text/html; charset=base64"), ("Content-Type", 'application/json; charset="'),
    ("Content-Encoding", "gzip"), ("Retry-After", "-1"),
)  # fmt: skip
statuses = st.sampled_from([200, 200, 200, 206, 304, 404, 416, 429, 503]) | st.integers(100, 599)
headers = st.lists(
    st.sampled_from(HEADERS) | st.tuples(st.just("Content-Type"), st.text("\x00 ;=/az\xff", max_size=20)), max_size=4
).map(tuple)
edits = st.lists(st.tuples(st.sampled_from("icfd"), st.integers(0, 1 << 30), words | st.binary(max_size=4)), max_size=8)


def test_every_kind_of_question_is_among_the_cases() -> None:
    kinds = {(channel, kind) for channel, of_it in KINDS.items() for kind in of_it}
    assert {tuple(case.kind.split(" ", 1)) for case in cases()} == kinds
    assert set(KINDS) == set(CHANNELS)


@pytest.mark.parametrize("channel", [name for name, kinds in KINDS.items() if kinds])
def test_the_usual_answers_lead_to_candidates(channel: str) -> None:
    answers = [CHANNELS[channel].read(case.ask, case.page, TOPIC, NOW) for case in cases_of(channel)]
    assert sum(len(answer.candidates) for answer in answers) > 5


@pytest.mark.parametrize("channel", CHANNELS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_bytes_are_an_answer(channel: str, data: st.DataObject) -> None:
    check_any_bytes(channel, data)


@pytest.mark.parametrize("channel", CHANNELS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_answer_is_an_answer(channel: str, data: st.DataObject) -> None:
    check_damaged(channel, data)


@pytest.mark.soak
@pytest.mark.parametrize("channel", CHANNELS)
@settings(max_examples=5_000, deadline=None)
@given(data=st.data())
def test_thousands_of_damaged_answers_are_answers(channel: str, data: st.DataObject) -> None:
    check_any_bytes(channel, data)
    check_damaged(channel, data)


def check_any_bytes(channel: str, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases_of(channel)))
    final = data.draw(st.sampled_from(("", *URLS)))
    page = replace(
        case.page,
        body=data.draw(bodies),
        status=data.draw(statuses),
        headers=data.draw(headers),
        url=final or case.page.url,
        redirects=(case.page.url,) if final else (),
        is_whole=data.draw(st.booleans()),
    )
    check_with_followers(case.ask, page)


def check_damaged(channel: str, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases_of(channel)))
    body = damaged(case.page.body, data.draw(edits))
    page = replace(case.page, body=body, headers=(*data.draw(headers), *true_of(body, case)))
    check_with_followers(case.ask, page)


def check_with_followers(ask: Ask, page: Page) -> None:
    """The answer, and what the same page would be as the answer to the questions that it leads to."""
    for following in checked(ask, page).asks[:2]:
        checked(following, replace(page, url=following.url))


def cases_of(channel: str) -> list[Case]:
    """The cases of a channel; of one that asks nothing, the question that nobody puts."""
    found = [case for case in cases() if case.ask.source.channel == channel]
    return found or [
        replace(case, ask=replace(case.ask, source=replace(case.ask.source, channel=channel))) for case in cases()[:1]
    ]


def true_of(body: bytes, case: Case) -> Iterator[tuple[str, str]]:
    """The headers of a case, with a Content-Range that is true of another body: else nobody would look into it."""
    for name, value in case.page.headers:
        first, size = value.removeprefix("bytes ").partition("-")[0], len(body)
        is_range = name == "Content-Range" and first.isdecimal() and size
        yield name, f"bytes {first}-{int(first) + size - 1}/{int(first) + size}" if is_range else value


def damaged(body: bytes, edits: list[tuple[str, int, bytes]]) -> bytes:
    """A body with pieces inserted, cut out, flipped or doubled; what is zipped is damaged inside half of the time."""
    is_inside = body.startswith(b"\x1f\x8b") and len(edits) % 2 == 0
    text = bytearray(gzip.decompress(body) if is_inside else body)
    for edit, place, piece in edits:
        at = place % (len(text) + 1)
        match edit:
            case "i":
                text[at:at] = piece
            case "c":
                del text[at : at + 1 + 7 * len(piece)]
            case "f":
                text[at : at + len(piece)] = piece
            case "d":
                text[at:at] = text[at : at + 200]
    return gzip.compress(bytes(text)) if is_inside else bytes(text)


def checked(ask: Ask, page: Page) -> Answer:
    """The answer, which is one that frontier, ledger and database can take."""
    answer = CHANNELS[ask.source.channel].read(ask, page, TOPIC, NOW)
    assert answer.status in get_args(Status)
    assert answer.reason or answer.status == "complete"
    assert answer.reason.isprintable()
    assert len(answer.reason) <= MOST_REASON
    assert len(answer.resume) <= MAX_CHARACTERS
    assert 0.0 <= answer.wait <= LONGEST_REST
    assert [candidate.rank for candidate in answer.candidates] == list(range(len(answer.candidates)))
    assert len({candidate.url for candidate in answer.candidates}) == len(answer.candidates)
    assert len(answer.asks) <= MOST_ASKS
    for candidate in answer.candidates:
        check_candidate(candidate)
    for following in answer.asks:
        check_ask(following, ask)
    for text in texts_of(answer):
        text.encode()  # half a surrogate pair cannot be written into the archive
    return answer


def check_candidate(candidate: Candidate) -> None:
    assert canonical(candidate.url) == candidate.url
    assert len(candidate.title) <= 500
    assert len(candidate.summary) <= 2_000
    assert candidate.published is None or candidate.published.utcoffset() == timedelta(0)
    assert not candidate.via or is_memento(candidate.via) or "#" in candidate.via
    assert len(candidate.via) <= 5_000


def check_ask(following: Ask, ask: Ask) -> None:
    assert following.url.startswith(("http://", "https://", "warc://"))
    assert following.source == ask.source
    assert following.depth <= ask.depth + 1
    assert len(following.trail) <= 20_100
    assert all(moment is None or moment.utcoffset() == timedelta(0) for moment in (following.since, following.until))


def texts_of(answer: Answer) -> Iterator[str]:
    yield from (answer.reason, answer.resume)
    for candidate in answer.candidates:
        yield from (candidate.title, candidate.summary, candidate.via, candidate.outlet)
    for ask in answer.asks:
        yield from (ask.url, ask.query, ask.resume, *ask.trail)
