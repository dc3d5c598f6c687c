"""What is found wrong with an archive's supply of news: on archives that a simulated crawl has filled for weeks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.lock import CrawlLock
from archive.queries import open_reader
from archive.rows import CandidateRow
from archive.store import Archive
from crawler.times import text_of
from crawler.watching.finding import Finding
from crawler.watching.findings import findings
from crawler.watching.runs import fault_of

START = datetime(2019, 1, 1, 9, tzinfo=UTC)
FEED, OTHER, SITE = "https://daily.example/feed", "https://weekly.example/feed", "https://map.example/"
TOPIC = f"""title = "Talks"
[terms]
"peace talks" = 3
[[sources]]
channel = "feeds"
url = "{FEED}"
[[sources]]
channel = "feeds"
url = "{OTHER}"
[[sources]]
channel = "sitemaps"
url = "{SITE}"
"""


@dataclass(slots=True)
class Crawl:
    """An archive as daily crawls leave it."""

    archive: Archive
    day: int = 0
    serial: int = 0

    @property
    def now(self) -> datetime:
        return START + timedelta(days=self.day)

    @property
    def at(self) -> str:
        return text_of(self.now) or ""

    def days(self, count: int, **answers: int | str) -> None:
        """So many days: each source by its name lists so many new links, or does not answer for that reason."""
        with self.archive.writing():
            for _ in range(count):
                self.day += 1
                for name, answer in answers.items():
                    self.answer(name, answer)

    def answer(self, name: str, answer: int | str) -> None:
        channel, url = {
            "daily": ("feeds", FEED), "weekly": ("feeds", OTHER), "robots": ("sitemaps", f"{SITE}robots.txt"),
            "map": ("sitemaps", f"{SITE}news.xml"),
        }[name]  # fmt: skip
        source = self.archive.sources.ensure(channel, url, url.split("/")[2])
        if isinstance(answer, str):
            self.archive.sources.answered(source, "failed", answer, self.at, found=0, new=0, pause=60)
            return
        rows = [CandidateRow(url=f"{url}/{self.serial + at}", host=url.split("/")[2]) for at in range(answer)]
        self.serial += answer
        new = self.archive.candidates.note(1, source, rows, self.at) if rows else 0
        listed = 0 if name == "robots" else 20
        self.archive.sources.answered(source, "complete", "", self.at, found=listed, new=new, pause=1440)

    def found(self, later: timedelta = timedelta(hours=1)) -> list[Finding]:
        with closing(open_reader(self.archive.folder)) as db:
            return findings(db, self.archive.folder, self.now + later)


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawl]:
    archive = Archive.open(tmp_path / "data")
    archive.topics.ensure("talks", "Talks", TOPIC)
    yield Crawl(archive)
    archive.close()


def test_where_all_is_well_nothing_is_found(crawl: Crawl) -> None:
    assert crawl.found() == []
    crawl.archive.runs.finish(
        crawl.archive.runs.start(1, crawl.at), "finished", {"requests": 9, "responses": 9}, crawl.at
    )
    crawl.days(50, daily=4, robots=0, map=2)
    crawl.days(1, daily=0, robots=0, map=0)
    assert crawl.found() == []


def test_a_source_that_answers_and_has_no_news_any_more_is_found_after_two_of_its_pauses(crawl: Crawl) -> None:
    crawl.days(50, daily=4)
    found = []
    for _ in range(4):
        crawl.days(1, daily=0)
        found.append(crawl.found())
    (died,) = found[2]
    assert found[:2] == [[], []], "the day that is not over says nothing"
    assert (died.kind, died.topic, died.subject, died.since) == ("source died", "talks", FEED, "2019-02-20T00:00:00Z")
    assert died.text == (
        f"feeds {FEED} answers, but has nothing new since 2019-02-20 (2 days), where its longest pause was 1 day."
    )
    assert "look at it in a browser" in died.advice
    assert [one.key for one in found[3]] == [died.key], "the same fault a day later"
    crawl.days(1, daily=3)
    assert crawl.found() == []


def test_a_source_that_has_news_once_a_week_is_given_two_weeks(crawl: Crawl) -> None:
    for _ in range(20):
        crawl.days(1, weekly=1)
        crawl.days(6, weekly=0)
    crawl.days(7, weekly=0)
    assert crawl.found() == []
    crawl.days(2, weekly=0)
    assert [one.subject for one in crawl.found()] == [OTHER]


def test_a_site_is_silent_where_the_documents_are_to_which_it_leads(crawl: Crawl) -> None:
    crawl.days(50, daily=1, robots=0, map=3)
    crawl.days(3, daily=1, robots=0, map=0)
    assert [one.subject for one in crawl.found()] == [SITE]


def test_a_source_that_fails_for_two_intervals_is_found_and_one_that_was_never_well_is_not(crawl: Crawl) -> None:
    crawl.days(1, daily=4, weekly="HTTP 404")
    crawl.days(2, daily="HTTP 503", weekly="HTTP 404")
    assert crawl.found() == [], "a failure of a day and a half of one that is asked daily"
    crawl.days(1, daily="HTTP 503", weekly="HTTP 404")
    (died,) = crawl.found()
    assert (died.kind, died.subject, died.since) == ("source died", FEED, "2019-01-03T00:00:00Z")
    assert died.text == f"feeds {FEED} has not answered well since 2019-01-03: HTTP 503."
    assert "3 failures in a row" in died.advice
    assert "asked again" in died.advice
    crawl.days(1, daily=1)
    assert crawl.found() == []


def test_a_source_that_gives_less_than_half_of_its_news_has_changed(crawl: Crawl) -> None:
    crawl.days(50, daily=20)
    crawl.days(3, daily=6)
    assert crawl.found() == []
    crawl.days(2, daily=6)
    assert [(one.kind, one.subject, one.since[:10]) for one in crawl.found(timedelta(days=1))] == [
        ("source changed", FEED, "2019-02-21")
    ]
    assert "30 new links in the five days from 2019-02-21 on, where 100 are usual" in crawl.found(timedelta(1))[0].text


def publish(crawl: Crawl, count: int, start: int, words: int, hours: int = 1) -> None:
    """Articles of the daily outlet, fetched one an hour or in so many."""
    with crawl.archive.writing() as db:
        db.execute("INSERT OR IGNORE INTO outlets (domain) VALUES ('daily.example')")
        outlet = db.execute("SELECT id FROM outlets WHERE domain = 'daily.example'").fetchone()[0]
        for at in range(start, start + count):
            time = text_of(START + timedelta(hours=at * hours))
            about = {"url": f"https://daily.example/{at}", "outlet_id": outlet, "published": time, "fetched": time}
            text = {"title": "Talks", "byline": "Mina Rahimi", "words": words + at % 9, "content_hash": str(at)}
            db.table("articles").insert(about | text)
            link = {"article_id": at + 1, "topic_id": 1, "score": 0.9, "verdict": "keep"}
            db.table("article_topics").insert(link)


def test_an_outlet_whose_pages_have_changed_is_found_by_its_source(crawl: Crawl) -> None:
    crawl.days(3, daily=4)
    publish(crawl, 40, 0, 500)
    assert crawl.found() == []
    publish(crawl, 12, 40, 60)
    (changed,) = crawl.found()
    assert (changed.kind, changed.subject, changed.since) == ("source changed", FEED, "2019-01-03T05:00:00Z")
    assert "its texts have 6" in changed.text
    assert "504" in changed.text


def test_a_topic_without_news_for_too_long_is_found_and_none_whose_window_is_over(crawl: Crawl) -> None:
    publish(crawl, 4 * 60, 0, 500, hours=6)
    crawl.day = 61
    assert crawl.found() == []
    crawl.day = 63
    (none,) = crawl.found()
    assert (none.kind, none.topic, none.subject, none.since) == ("no news", "talks", "talks", "2019-03-02T00:00:00Z")
    assert none.text == "No article of Talks since 2019-03-02, 3 days ago; its longest pause in 90 days was 1 day."
    crawl.archive.topics.ensure("talks", "Talks", f"{TOPIC}[window]\nuntil = 2019-03-01\n")
    assert crawl.found() == []
    crawl.archive.topics.ensure("talks", "Talks", "no topic any more")
    assert crawl.found() == []


ENDS = {
    "well": ("finished", {"requests": 3, "responses": 2}, ""),
    "stopped": ("shutdown", {}, ""),
    "nothing reached": ("finished", {"requests": 3, "responses": 0}, "could reach nothing"),
    "nothing asked": ("finished", {"requests": 0, "responses": 0}, ""),
    "not stored": ("store_failed", {}, "could not store"),
    "memory": ("memusage_exceeded", {}, "memory limit"),
    "faults": ("finished", {"faults": 2, "requests": 1, "responses": 1}, "met 2 faults of our own"),
    "an older release": ("finished", {}, ""),
}


@pytest.mark.parametrize(("outcome", "counts", "said"), ENDS.values(), ids=ENDS)
def test_a_run_that_did_not_end_well_has_a_fault(outcome: str, counts: dict[str, int], said: str) -> None:
    run = {"topic": "talks", "started": "", "finished": "", "outcome": outcome, "counts": json.dumps(counts)}
    fault = fault_of(run, lambda: False)
    assert bool(fault) == bool(said)
    assert fault is None or (said in fault[0] and fault[1])


def test_the_last_run_of_a_topic_is_found_where_it_failed(crawl: Crawl) -> None:
    crawl.archive.runs.finish(crawl.archive.runs.start(1, crawl.at), "finished", {"faults": 2}, crawl.at)
    (one,) = crawl.found()
    assert (one.kind, one.topic, one.subject, one.since) == ("run failed", "talks", crawl.at, crawl.at)
    assert one.text == "The run of 2019-01-01 09:00 UTC met 2 faults of our own."
    crawl.archive.runs.finish(crawl.archive.runs.start(1, crawl.at), "finished", {}, crawl.at)
    assert crawl.found() == []


def test_a_run_that_never_ended_is_found_unless_it_is_under_way(crawl: Crawl) -> None:
    crawl.archive.runs.start(1, crawl.at)
    assert "never ended" in crawl.found()[0].text
    lock = CrawlLock(crawl.archive.folder)
    lock.take()
    assert crawl.found() == []
    lock.release()
    assert len(crawl.found()) == 1
