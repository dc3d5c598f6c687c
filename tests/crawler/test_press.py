from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import re
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels import CHANNELS
from crawler.channels.ask import Ask
from crawler.press.lure import BOMB_BYTES, FORBIDDEN
from crawler.press.manuscripts import ManuscriptError, manuscripts, read_manuscript, revisions
from crawler.press.outlets import AGENCY, LURE, OUTLETS, Outlet, Source
from crawler.press.pieces import DAYS, GONE, MOVED, REMOVED, Piece, is_later, listed, pieces
from crawler.press.server import Press
from crawler.press.site import site
from crawler.press.topic import demo_topic
from crawler.press.wire import BadRequest, Request
from pipelines.items import Page
from pipelines.topic import Source as TopicSource
from pipelines.topic import Topic, parse_topic

NOW = datetime(2019, 10, 8, tzinfo=UTC)
WRITTEN = manuscripts()
SOURCES = [(outlet, source) for outlet in OUTLETS for source in outlet.sources]


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press() as running:
        yield running


@pytest.fixture
def second_day(press: Press) -> Iterator[Press]:
    press.day = 2
    yield press
    press.day = 1


class Reader:
    """A client that goes through the press's proxy and follows nothing by itself."""

    def __init__(self, press: Press) -> None:
        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_: Any) -> None:
                return None

        proxies = {"http": press.proxy_url, "https": press.proxy_url}
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=press.ca_file))
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), trust, Stay())

    def get(self, url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with self.opener.open(urllib.request.Request(url, headers=named), timeout=10) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, dict(error.headers), error.read()


@pytest.fixture
def reader(press: Press) -> Reader:
    return Reader(press)


def piece(slug: str, day: int = 1) -> Piece:
    return next(piece for piece in pieces(day) if piece.manuscript.slug == slug and piece.origin is None)


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + 8]) for start in range(len(words) - 7)}


# The prose.


def test_there_is_enough_to_read() -> None:
    pages = [name for name, reply in site(1).items() if reply.status == 200 and reply.kind.startswith("text/html")]
    assert len(OUTLETS) >= 8
    assert len(pages) >= 100
    assert len(WRITTEN) >= 42
    bearings = Counter(manuscript.topic for manuscript in WRITTEN.values())
    assert bearings["on"] >= 30
    assert bearings["near"] >= 5
    assert bearings["off"] >= 10


@pytest.mark.parametrize("slug", sorted(WRITTEN))
def test_an_article_is_a_short_read(slug: str) -> None:
    assert 120 <= WRITTEN[slug].words <= 300


@pytest.mark.parametrize("slug", sorted(WRITTEN))
def test_nobody_is_quoted(slug: str) -> None:
    for words in re.findall(r"“([^”]+)”", " ".join(WRITTEN[slug].paragraphs)):
        assert len(words.split()) <= 4, f"a quotation was invented: {words}"


def test_no_article_borrows_a_phrase_from_another() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for slug, manuscript in WRITTEN.items():
        for shingle in shingles(" ".join(manuscript.paragraphs)):
            assert seen.setdefault(shingle, slug) == slug, f"{slug} and {seen[shingle]}: {' '.join(shingle)}"


def test_an_article_without_a_title_is_named_with_its_fault() -> None:
    with pytest.raises(ManuscriptError, match=r"x\.md: title is missing"):
        read_manuscript("x", "---\noutlet: a\ndate: 2019-01-01\nbyline: b\nsection: c\ntopic: on\n---\nText.\n")


@given(st.text())
def test_any_text_is_a_manuscript_or_a_named_fault(text: str) -> None:
    with pytest.raises(ManuscriptError, match="x"):
        read_manuscript("x", text)


def test_an_update_changes_only_what_it_says() -> None:
    changed = revisions(WRITTEN)
    assert len(changed) >= 5
    for slug, manuscript in changed.items():
        first = WRITTEN[slug].paragraphs
        assert manuscript.modified is not None
        assert manuscript.modified > WRITTEN[slug].date
        assert first != manuscript.paragraphs
        assert set(first) & set(manuscript.paragraphs), "an update is not another article"


# What is in print.


def test_the_agency_is_reprinted_by_three_to_five_papers() -> None:
    reprints = Counter(piece.manuscript.slug for piece in pieces(2) if piece.origin and piece.origin.outlet == AGENCY)
    assert len(reprints) == len(listed(AGENCY, 2))
    assert set(reprints.values()) <= {3, 4, 5}


def test_addresses_are_never_shared() -> None:
    for day in DAYS:
        urls = [piece.url for piece in pieces(day)]
        assert len(urls) == len(set(urls))


@pytest.mark.parametrize("day", DAYS)
def test_every_article_can_be_read_in_its_own_charset(reader: Reader, press: Press, day: int) -> None:
    press.day = day
    for one in pieces(day):
        status, headers, body = reader.get(one.url)
        if day > 1 and one.origin is None and one.manuscript.slug in {GONE, REMOVED}:
            continue
        text = body.decode(one.outlet.charset)
        assert status == 200
        assert one.manuscript.title.split("’")[0].split("‘")[-1].split('"')[0] in text.replace("&amp;", "&")
        assert ("Etag" in headers or "ETag" in headers) == one.outlet.has_validators
    press.day = 1


def test_a_teaser_stops_and_says_where_to_go_on(reader: Reader) -> None:
    teasers = [piece for piece in pieces(1) if piece.is_teaser]
    assert len(teasers) >= 8
    for teaser in teasers:
        text = reader.get(teaser.url)[2].decode()
        assert teaser.origin is not None
        assert f"Read more at {teaser.origin.outlet.name}" in text
        assert teaser.origin.manuscript.paragraphs[-1][:40] not in text


# Two days.


def test_an_unchanged_page_is_not_sent_again(reader: Reader, second_day: Press) -> None:
    second_day.day = 1
    etags = {piece.url: reader.get(piece.url)[1].get("ETag", "") for piece in pieces(1)}
    second_day.day = 2
    answers = {url: reader.get(url, If_None_Match=etag)[0] for url, etag in etags.items() if etag}
    changed = {piece_of.url for piece_of in (piece(slug) for slug in (*revisions(WRITTEN), *MOVED, GONE, REMOVED))}
    repainted = {url for url in answers if "prairie-ledger" in url}
    assert {url for url, status in answers.items() if status != 304} == changed | repainted
    assert sum(status == 304 for status in answers.values()) > 60


def test_a_date_alone_revalidates_too(reader: Reader) -> None:
    url = piece("baradar-arrives-in-doha").url
    last = reader.get(url)[1]["Last-Modified"]
    assert reader.get(url, If_Modified_Since=last)[0] == 304
    assert reader.get(url, If_Modified_Since="Thu, 01 Jan 1970 00:00:00 GMT")[0] == 200
    assert reader.get(url, If_Modified_Since="yesterday")[0] == 200


def test_an_article_is_moved_one_is_gone_and_one_removed(reader: Reader, second_day: Press) -> None:
    moved = piece(next(iter(MOVED)))
    status, headers, _ = reader.get(moved.url)
    assert (status, headers["Location"]) == (301, piece(moved.manuscript.slug, 2).url)
    assert reader.get(headers["Location"])[0] == 200
    assert reader.get(piece(GONE).url)[0] == 410
    status, _, body = reader.get(piece(REMOVED).url)
    assert status == 200
    assert b"This article has been removed." in body
    assert WRITTEN[REMOVED].paragraphs[1][:40] not in body.decode("windows-1252")


def test_a_correction_is_printed_with_the_new_text(reader: Reader, second_day: Press) -> None:
    body = reader.get(piece("kabul-wedding-bombing", 2).url)[2].decode()
    assert "raised from 63 to at least 80" in body
    assert "Eighty killed" in body


# Any other day.


def test_on_any_day_only_what_is_written_by_then_is_in_print() -> None:
    early, late = (pieces(day.toordinal()) for day in (date(2019, 9, 2), date(2019, 9, 3)))
    assert {one.url for one in early} < {one.url for one in late}
    assert max(one.manuscript.date for one in early) < datetime(2019, 9, 3, tzinfo=UTC)
    assert (is_later(1), is_later(date(2019, 10, 6).toordinal()), is_later(date(2019, 10, 7).toordinal())) == (0, 0, 1)
    assert pieces(date(2019, 10, 7).toordinal()) == pieces(2)


def test_a_host_can_die_and_another_set_its_articles_anew(press: Press) -> None:
    one, other = piece("baradar-arrives-in-doha"), piece("kabul-wedding-bombing")
    before = press.reply("GET", one.url)
    press.dead, press.redesigned = frozenset({other.outlet.host}), frozenset({one.outlet.host})
    anew = press.reply("GET", one.url)
    assert (before.status, anew.status) == (200, 200)
    text = WRITTEN["baradar-arrives-in-doha"]
    assert text.title.encode() in anew.body
    assert text.paragraphs[2][:30].encode() in before.body
    assert text.paragraphs[2][:30].encode() not in anew.body
    assert {press.reply("GET", other.outlet.root + path).status for path in ("/", "/robots.txt", "/x")} == {404}
    press.dead, press.redesigned = frozenset(), frozenset()
    assert press.reply("GET", one.url) == before


# What a crawler is offered.


def announced(reader: Reader, outlet: Outlet, source: Source) -> set[str]:
    """The candidates that our own channels find at a source."""
    channel = CHANNELS[source.channel]
    listing = TopicSource(channel=source.channel, url=outlet.root + (source.former or source.path))
    topic, found = Topic(name="demo", sources=(listing,), keep=0.0, review=0.0), set()
    asks = list(channel.asks(topic, NOW))
    for ask in asks:
        answer = channel.read(ask, fetched(reader, ask), topic, NOW)
        found |= {candidate.url for candidate in answer.candidates}
        asks.extend(new for new in answer.asks if new not in asks)
    return found


def fetched(reader: Reader, ask: Ask) -> Page:
    url, status, headers, body = ask.url, 301, {"Location": ask.url}, b""
    for _ in range(5):
        if status not in {301, 302}:
            break
        url = headers["Location"]
        status, headers, body = reader.get(url)
    return Page(url=url, status=status, headers=tuple(headers.items()), body=body, fetched=NOW)


@pytest.mark.parametrize(
    ("outlet", "source"),
    [pair for pair in SOURCES if pair[0] != LURE],
    ids=lambda value: value.key if isinstance(value, Outlet) else value.offer,
)
def test_our_own_channels_find_every_article_of_a_source(reader: Reader, outlet: Outlet, source: Source) -> None:
    found = {re.sub(r"[?&](utm_source|from)=.*", "", url) for url in announced(reader, outlet, source)}
    assert {one.announced for one in listed(outlet, 1)} <= found


def test_all_kinds_of_feed_and_sitemap_are_there() -> None:
    offers = {source.offer for _, source in SOURCES}
    assert offers >= {"rss", "atom", "rdf", "json", "broken", "guids", "news", "n-news", "index", "zipped", "list"}


def test_one_feed_is_broken_and_the_others_are_not(reader: Reader) -> None:
    for outlet, source in SOURCES:
        if source.offer in {"rss", "atom", "rdf", "guids"} and not source.path.endswith("/"):
            ET.fromstring(reader.get(outlet.root + source.path)[2])
        if source.offer == "broken":
            with pytest.raises(ET.ParseError):
                ET.fromstring(reader.get(outlet.root + source.path)[2])


def test_compressed_sitemaps_say_so_by_their_bytes_alone(reader: Reader) -> None:
    _, headers, body = reader.get(AGENCY.root + "/sitemaps/2019")
    assert headers["Content-Type"] == "application/octet-stream"
    assert b"<urlset" in gzip.decompress(body)


def test_robots_files_ask_for_patience_and_close_doors(reader: Reader) -> None:
    assert b"Crawl-delay: 0.2" in reader.get("https://elbe-review.example/robots.txt")[2]
    assert b"Disallow: /members/" in reader.get("https://gulf-meridian.example/robots.txt")[2]
    assert "/members/" in str(reader.get("https://gulf-meridian.example/feed.json")[2])


def test_listings_lead_to_the_older_stories(reader: Reader) -> None:
    path, seen = "/archive", set()
    while path:
        text = reader.get("https://gulf-meridian.example" + path)[2].decode()
        seen |= set(re.findall(r'<h3><a href="([^"]+)"', text))
        following = re.search(r'rel="next" href="([^"]+)"', text)
        path = following[1] if following else ""
    assert seen == {one.path for one in listed(next(o for o in OUTLETS if o.key == "gulf-meridian"), 1)}


def test_the_demo_topic_is_the_shipped_one_with_other_sources() -> None:
    text = '# ours\ntitle = "A"  # kept\n[terms]\n"peace talks" = 3 # why\n[[sources]]\nchannel = "feeds"\nurl = "https://a/"\n'
    demo = demo_topic(text)
    assert demo.startswith('# ours\ntitle = "A"  # kept\n[terms]\n"peace talks" = 3 # why\n')
    topic = parse_topic(demo, "a.toml")
    assert {source.channel for source in topic.sources if not source.url} == {"outlinks"}
    assert {source.url for source in topic.sources if source.url} == {
        outlet.root + (source.former or source.path) for outlet, source in SOURCES
    }


# The hostile outlet.


def test_its_redirects_lead_to_forbidden_places(reader: Reader) -> None:
    leads = {reader.get(f"{LURE.root}/go/{number}")[1]["Location"] for number in range(len(FORBIDDEN))}
    assert leads == set(FORBIDDEN)
    assert reader.get(f"{LURE.root}/round/1")[1]["Location"] == f"{LURE.root}/round/2"
    assert b"http://10.0.0.1/" in reader.get(f"{LURE.root}/refresh")[2]


def test_its_bombs_are_small_until_they_are_opened(reader: Reader) -> None:
    _, headers, packed = reader.get(f"{LURE.root}/bomb/gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert len(packed) < 100_000
    assert len(gzip.decompress(packed)) == BOMB_BYTES
    packed = reader.get(f"{LURE.root}/bomb/brotli")[2]
    assert len(packed) < 10_000
    assert len(brotli.decompress(packed)) == BOMB_BYTES


def test_it_promises_more_than_it_sends(reader: Reader) -> None:
    with pytest.raises(http.client.IncompleteRead):
        reader.get(f"{LURE.root}/short")


def test_its_drip_does_not_end_and_harms_nobody_else(press: Press, reader: Reader) -> None:
    url = f"{LURE.root}/drip"
    with reader.opener.open(url, timeout=10) as answer:
        assert answer.read(14) == b"<html><body>.."
        assert reader.get("https://northlight.example/")[0] == 200
    assert press.log[-2]["url"] == url


def test_its_feeds_are_long_and_its_robots_file_too(reader: Reader) -> None:
    assert reader.get(f"{LURE.root}/junk.xml")[2].count(b"<item>") == 3_000
    assert len(reader.get(f"{LURE.root}/robots.txt")[2]) > 1_000_000
    assert len(reader.get(f"{LURE.root}/deep")[2]) > 5_000_000
    assert b"<!ENTITY e9" in reader.get(f"{LURE.root}/entities.xml")[2]


def test_its_pages_carry_scripts_formulas_and_control_characters_as_text(reader: Reader) -> None:
    names = ("script", "formula", "control")
    script, formula, control = (reader.get(f"{LURE.root}/taliban-deal/{name}")[2].decode() for name in names)
    assert "<h1>Taliban deal &lt;script&gt;alert(&#x27;archive&#x27;)&lt;/script&gt;" in script
    assert "<h1>=HYPERLINK(" in formula
    assert "\x1b[31m" in control


# The proxy.


def test_plain_http_is_sent_on_to_https_where_an_outlet_wants_that(reader: Reader) -> None:
    status, headers, _ = reader.get("http://northlight.example/archive?page=2")
    assert (status, headers["Location"]) == (301, "https://northlight.example/archive?page=2")


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://example.org/", "http://northlight.example:8080/"])
def test_it_knows_no_other_host_and_remembers_who_asked(press: Press, reader: Reader, url: str) -> None:
    assert reader.get(url)[0] == 502
    assert press.log[-1]["url"] == url


def test_it_opens_no_tunnel_to_another_host(press: Press, reader: Reader) -> None:
    with pytest.raises(urllib.error.URLError, match="502"):
        reader.get("https://example.org/")
    assert press.log[-1]["url"] == "https://example.org:443/"


def test_a_client_that_does_not_know_the_authority_refuses_it(press: Press) -> None:
    proxies = urllib.request.ProxyHandler({"https": press.proxy_url})
    strict = urllib.request.HTTPSHandler(context=ssl.create_default_context(cadata=None))
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.build_opener(proxies, strict).open("https://northlight.example/", timeout=10)


def test_nobody_can_turn_its_page_over_http(press: Press, reader: Reader) -> None:
    address = urlsplit(press.proxy_url)
    assert address.hostname is not None
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    connection.request("POST", "http://northlight.example/day/2", body=b"2")
    assert connection.getresponse().status == 405
    connection.close()
    assert reader.get(piece("bolton-out-talks-dead-what-remains", 2).url)[0] == 404


@given(st.binary(max_size=300))
def test_any_head_is_a_request_or_a_bad_one(head: bytes) -> None:
    with contextlib.suppress(BadRequest):
        assert Request.parse(head).method == head.decode("latin-1").split(" ")[0]


def test_it_runs_by_itself_writes_a_log_and_turns_the_page(tmp_path: Path) -> None:
    log = tmp_path / "press.jsonl"
    command = [sys.executable, "-m", "crawler.press", "--log", str(log)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        settings = dict(running.stdout.readline().strip().split("=", 1) for _ in range(3))
        alone = urllib.request.build_opener(urllib.request.ProxyHandler({"http": settings["http_proxy"]}))
        url = piece("quiet-polling-stations-28-september", 2).url
        with pytest.raises(urllib.error.HTTPError) as missing:
            alone.open(url, timeout=10)
        missing.value.close()
        running.stdin.write("day 2\n")
        running.stdin.flush()
        assert running.stdout.readline() == "day 2\n"
        with alone.open(url, timeout=10) as answer:
            assert answer.status == 200
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=20) == 0
    entries = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(entry["day"], entry["status"]) for entry in entries] == [(1, 404), (2, 200)]
    assert Path(settings["SSL_CERT_FILE"]).parent.exists() is False
