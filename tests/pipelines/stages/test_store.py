from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from archive.store import Archive
from pipelines.headlines import title_key
from pipelines.items import Capture, Link, Match, Record, Verdict
from pipelines.stages.admit import Dropped
from pipelines.stages.group import GroupPipeline
from pipelines.stages.store import StorePipeline

Make = Callable[..., Capture]
Keep = Callable[[Capture], Capture]
URL = "https://courier.example/world/negotiators-take-their-seats-again"
AMP = "https://courier.example/amp/world/negotiators-take-their-seats-again"
STEADY = ("articles", "versions", "stories", "fingerprints", "sketches")


@pytest.fixture
def store(crawler: Crawler) -> Iterator[StorePipeline]:
    stage = StorePipeline.from_crawler(crawler)
    yield stage
    stage.close_spider()


def outcome(archive: Archive, url: str = URL) -> tuple[str, str]:
    row: tuple[str, str] = archive.db.execute("SELECT state, reason FROM candidates WHERE url = ?", [url]).fetchone()
    return row


def figures(crawler: Crawler) -> dict[str, object]:
    assert crawler.stats is not None
    stats = crawler.stats.get_stats()
    return {key.removeprefix("dossier/"): value for key, value in stats.items() if key.startswith("dossier/")}


def steady(archive: Archive) -> list[list[tuple[object, ...]]]:
    return [archive.db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in STEADY]


def test_a_kept_capture_becomes_an_article_of_its_topic(
    make: Make, keep: Keep, archive: Archive, crawler: Crawler
) -> None:
    capture = make()
    capture.article = replace(capture.article, authors=("Mina Rahimi", "Jo Oduya"), site_name="The Courier")
    capture.verdict = Verdict(score=0.81, decision="keep", matched=(Match(term="prisoners", share=0.25),))
    keep(capture)
    (row,) = archive.db.query("SELECT articles.*, domain, name FROM articles JOIN outlets ON outlets.id = outlet_id")
    assert (row["url"], row["byline"], row["month"]) == (URL, "Mina Rahimi, Jo Oduya", "2021-08")
    assert (row["published"], row["domain"], row["name"]) == ("2021-08-15T12:00:00Z", "courier.example", "The Courier")
    members = archive.db.execute(
        "SELECT name, score, verdict, matched FROM article_topics JOIN topics ON id = topic_id"
    )
    assert members.fetchall() == [("talks", 0.81, "keep", '[["prisoners", 0.25]]')]
    assert outcome(archive) == ("stored", "")
    assert archive.db.execute("SELECT url, digest FROM records").fetchone()[0] == URL
    assert figures(crawler) == {"outcome/stored": 1}


def test_an_unchanged_text_writes_nothing_but_its_outcome(
    make: Make, keep: Keep, archive: Archive, crawler: Crawler
) -> None:
    keep(make())
    before = steady(archive)
    keep(make(html=b"<html lang=en>"))
    assert steady(archive) == before
    assert outcome(archive) == ("unchanged", "")
    assert figures(crawler) == {"outcome/stored": 1, "outcome/unchanged": 1}


def test_a_new_text_is_a_version(make: Make, keep: Keep, archive: Archive, crawler: Crawler) -> None:
    keep(make())
    keep(make(title="Negotiators go home"))
    assert outcome(archive) == ("stored", "a new version")
    assert archive.db.execute("SELECT title FROM articles").fetchall() == [("Negotiators go home",)]
    assert archive.db.execute("SELECT title FROM versions").fetchall() == [("Negotiators take their seats again",)]
    assert figures(crawler) == {"outcome/stored": 2, "versions": 1}


def test_another_address_of_a_known_article_is_a_duplicate_the_first_time(
    make: Make, keep: Keep, archive: Archive, crawler: Crawler
) -> None:
    keep(make())
    keep(make(AMP, canonical=URL))
    assert outcome(archive, AMP) == ("duplicate", f"another address of {URL}")
    assert archive.db.execute("SELECT COUNT(*) FROM articles").fetchone() == (1,)
    assert figures(crawler) == {"outcome/stored": 1, "outcome/duplicate": 1}
    keep(make(AMP, canonical=URL))
    assert outcome(archive, AMP) == ("unchanged", "")


def test_an_article_that_was_announced_under_a_redirect_is_unchanged_the_next_time(
    make: Make, keep: Keep, archive: Archive
) -> None:
    short = "https://courier.example/s/4711"
    for state in ("stored", "unchanged"):
        keep(make(requested=short, redirects=(short,)))
        assert outcome(archive, short)[0] == state


def test_a_copy_is_counted(make: Make, keep: Keep, archive: Archive, crawler: Crawler) -> None:
    keep(make())
    keep(make("https://echo.example/world/negotiators-back-at-the-table"))
    assert archive.db.execute("SELECT size, outlets FROM stories").fetchall() == [(2, 2)]
    assert figures(crawler) == {"outcome/stored": 2, "copies": 1}


def test_a_text_near_the_topic_is_marked_for_review(make: Make, keep: Keep, archive: Archive, crawler: Crawler) -> None:
    keep(make(decision="review"))
    assert archive.db.execute("SELECT verdict FROM article_topics").fetchall() == [("review",)]
    assert figures(crawler) == {"outcome/stored": 1, "review": 1}


def test_a_dropped_capture_leaves_its_score_and_its_reason(
    make: Make, store: StorePipeline, archive: Archive, crawler: Crawler
) -> None:
    capture = make(decision="drop")
    capture.verdict = Verdict(score=0.12, decision="drop", reason="only one term")
    capture.record = Record(file="dossier-20210815120000-00000.warc.gz", offset=300, length=200, digest="sha1:A")
    store.process_item(capture)
    assert outcome(archive) == ("off-topic", "only one term")
    assert archive.db.execute("SELECT score FROM candidates").fetchone() == (0.12,)
    assert archive.db.execute("SELECT article_id, warc_length FROM records").fetchall() == [(None, 200)]
    assert archive.articles.last_record("dossier-20210815120000-00000.warc.gz") == 500
    assert archive.db.execute("SELECT COUNT(*) FROM articles").fetchone() == (0,)
    assert figures(crawler) == {"outcome/off-topic": 1}


def headed(capture: Capture, *headers: tuple[str, str]) -> Capture:
    capture.page = replace(capture.page, headers=headers)
    return capture


def test_validators_are_kept_under_the_url_that_gave_them(make: Make, keep: Keep, archive: Archive) -> None:
    etag, date = ("ETag", 'W/"5"'), ("Last-Modified", "Sun, 15 Aug 2021 12:00:00 GMT")
    keep(headed(make(), etag, date))
    row = archive.validators.get(URL)
    assert row is not None
    assert (row.etag, row.last_modified, row.polls) == ('W/"5"', "Sun, 15 Aug 2021 12:00:00 GMT", 0)
    short = "https://courier.example/s/4711"
    keep(headed(make(AMP, requested=short, redirects=(short,), canonical=URL), etag))
    assert archive.validators.get(AMP) is not None
    assert archive.validators.get(short) is None
    keep(headed(make()))
    assert archive.validators.get(URL) is None


@pytest.mark.parametrize(
    "etag", ['"' + "x" * 600 + '"', '"\xe4"', '"a\x00b"', " "], ids=["long", "wide", "nul", "empty"]
)
def test_a_header_that_cannot_be_sent_back_is_no_validator(make: Make, keep: Keep, archive: Archive, etag: str) -> None:
    keep(headed(make(), ("ETag", etag)))
    assert archive.validators.get(URL) is None


def test_where_the_archive_takes_no_more_the_candidate_stays_waiting(
    make: Make, group: GroupPipeline, store: StorePipeline, archive: Archive, crawler: Crawler
) -> None:
    async def write(capture: Capture) -> Dropped:
        with pytest.raises(Dropped) as caught:
            store.process_item(capture)
        return caught.value

    capture = group.process_item(make())
    with closing(sqlite3.connect(archive.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        dropped = asyncio.run(write(capture))
    assert dropped.rejected.state == "waiting"
    assert "is locked by another program; close it" in str(figures(crawler)["store_failed"])
    assert outcome(archive) == ("waiting", "")
    assert archive.db.execute("SELECT COUNT(*) FROM articles").fetchone() == (0,)


GOOD = "https://echo.example/2021/08/12/prisoners-come-home"
LINKS = (
    Link(url=f"{GOOD}?utm_source=courier#top", text="prisoners came home on Thursday"),
    Link(url="https://echo.example/world/envoys-speak-of-prisoners-again", text="said"),
    Link(url="https://echo.example/2021/08/11/rain-in-the-north", text="rain in the north"),
)


@pytest.fixture
def stages() -> Iterator[list[StorePipeline]]:
    """The store stages of a test's runs, the newest last."""
    made: list[StorePipeline] = []
    yield made
    for stage in made:
        stage.close_spider()


@pytest.fixture
def follow(topic: Path, crawler: Crawler, stages: list[StorePipeline]) -> Callable[..., Crawler]:
    """Begin a run whose topic has a source of this channel."""

    def begin(*, source: str = "outlinks", **settings: object) -> Crawler:
        topic.write_text(
            "[thresholds]\nkeep = 0\nreview = 0\n[terms]\nprisoners = 2\n"
            f'[[sources]]\nchannel = "{source}"\nurl = "https://courier.example/"\n',
            encoding="utf-8",
        )
        same = {name: crawler.settings[name] for name in ("DOSSIER_DATA", "DOSSIER_TOPIC")}
        run = get_crawler(settings_dict={**same, **settings})
        stages.append(StorePipeline.from_crawler(run))
        return run

    return begin


@pytest.fixture
def send(make: Make, stages: list[StorePipeline], group: GroupPipeline) -> Callable[..., None]:
    """Send an article with links to the newest store."""

    def sent(*links: Link, **named: str) -> None:
        capture = make(**named)
        capture.article = replace(capture.article, links=links or LINKS)
        stages[-1].process_item(group.process_item(capture))

    return sent


def announced(archive: Archive) -> list[tuple[object, ...]]:
    """Each link of an article in the frontier: its address, title and day, and the article that it was seen in."""
    return archive.db.execute(
        """SELECT candidates.url, title, published, sources.url, last_asked FROM candidates
        JOIN sightings ON candidate_id = candidates.id JOIN sources ON sources.id = source_id
        WHERE channel = 'outlinks' ORDER BY score DESC, candidates.id"""
    ).fetchall()


def test_the_links_of_a_kept_article_become_candidates_seen_in_it(
    follow: Callable[..., Crawler], send: Callable[..., None], archive: Archive
) -> None:
    crawler = follow()
    send()
    first, second = announced(archive)
    assert first == (GOOD, "prisoners came home on Thursday", "2021-08-12T00:00:00Z", URL, None)
    assert second[:3] == (LINKS[1].url, "said", None)
    waiting = archive.db.execute("SELECT host, state FROM candidates WHERE url = ?", [GOOD]).fetchone()
    assert waiting == ("echo.example", "waiting")
    assert archive.db.execute("SELECT score > 0.5 FROM candidates WHERE url = ?", [GOOD]).fetchone() == (1,)
    assert figures(crawler)["outlinks"] == 2


def test_a_topic_without_such_a_source_takes_no_links(
    follow: Callable[..., Crawler], send: Callable[..., None], archive: Archive
) -> None:
    crawler = follow(source="feeds")
    send()
    assert announced(archive) == []
    assert "outlinks" not in figures(crawler)


def test_a_run_of_other_channels_takes_no_links(
    follow: Callable[..., Crawler], send: Callable[..., None], archive: Archive
) -> None:
    follow(DOSSIER_CHANNELS=["feeds", "sitemaps"])
    send()
    assert announced(archive) == []


def test_a_run_of_this_channel_too_takes_them(
    follow: Callable[..., Crawler], send: Callable[..., None], archive: Archive
) -> None:
    follow(DOSSIER_CHANNELS=["feeds", "outlinks"])
    send()
    assert len(announced(archive)) == 2


@pytest.mark.parametrize("decision", ["review", "drop"])
def test_only_an_article_that_is_kept_counts(
    follow: Callable[..., Crawler], send: Callable[..., None], archive: Archive, decision: str
) -> None:
    follow()
    send(decision=decision)
    assert announced(archive) == []


def test_an_unchanged_text_announces_nothing_and_a_new_version_does(
    follow: Callable[..., Crawler], send: Callable[..., None], archive: Archive
) -> None:
    crawler = follow()
    send(LINKS[0])
    send(LINKS[1])
    assert [url for url, *_ in announced(archive)] == [GOOD]
    send(LINKS[1], title="Negotiators go home")
    assert [url for url, *_ in announced(archive)] == [GOOD, LINKS[1].url]
    assert figures(crawler)["outlinks"] == 2


def test_the_budget_of_a_run_is_not_exceeded(
    follow: Callable[..., Crawler], send: Callable[..., None], archive: Archive
) -> None:
    crawler = follow(DOSSIER_MAX_OUTLINKS=3)
    send()
    other = Link(url="https://echo.example/world/prisoners-write-letters-home", text="prisoners")
    send(*LINKS[:1], other, url="https://courier.example/world/another-day-of-talks", body="Another text. " * 40)
    send(other, url="https://courier.example/world/a-third-day-of-talks", body="A third text now. " * 40)
    assert figures(crawler)["outlinks"] == 3
    assert len(announced(archive)) == 3


def test_links_are_written_with_their_article_or_not_at_all(
    follow: Callable[..., Crawler], send: Callable[..., None], archive: Archive
) -> None:
    follow()
    archive.db.execute(
        "CREATE TEMP TRIGGER broken BEFORE INSERT ON sightings WHEN 'outlinks' = ("
        "SELECT channel FROM sources WHERE id = NEW.source_id) BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    )
    with pytest.raises(Exception, match=r"disk is full|could not store"):
        send()
    archive.db.execute("DROP TRIGGER broken")
    assert archive.db.execute("SELECT COUNT(*) FROM articles").fetchone() == (0,)
    assert archive.db.execute("SELECT COUNT(*) FROM candidates WHERE url = ?", [GOOD]).fetchone() == (0,)
    assert outcome(archive) == ("waiting", "")


def test_the_headline_of_a_page_is_known_by_its_candidate_though_nobody_announced_it(
    make: Callable[..., Capture], keep: Callable[[Capture], Capture], archive: Archive
) -> None:
    keep(make())
    (found,) = archive.db.execute("SELECT title_key FROM candidates").fetchone()
    assert found == title_key("Negotiators take their seats again")
