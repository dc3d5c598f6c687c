from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from archive.rows import CandidateRow, RecordRow
from pipelines.identity import identity
from pipelines.items import Article, Candidate, Capture, Page, Verdict
from pipelines.stages.admit import Dropped
from pipelines.stages.extract import ExtractPipeline, hurry

NOON = datetime(2021, 8, 15, 12, tzinfo=UTC)
NOW = "2021-08-15T12:00:00Z"
TEXT = "Negotiators from both sides took their seats again on Sunday, after a pause of eight days, and stayed late."


@pytest.fixture
def reading(topic: Path, tmp_path: Path) -> Crawler:
    return get_crawler(
        settings_dict={
            "DOSSIER_DATA": str(tmp_path / "data"),
            "DOSSIER_TOPIC": str(topic),
            "DOSSIER_EXTRACT_WORKERS": 1,
            "DOSSIER_EXTRACT_DEADLINE": 60.0,
            "DOSSIER_EXTRACT_MEMORY_MB": 1024,
            "DOSSIER_EXTRACT_RECYCLE": 500,
        }
    )


@pytest.fixture
def stage(reading: Crawler) -> Iterator[ExtractPipeline]:
    made = ExtractPipeline.from_crawler(reading)
    yield made
    made.close_spider()


def captured(body: bytes, kind: str = "text/html") -> Capture:
    page = Page(url="https://courier.example/1", status=200, headers=(("Content-Type", kind),), body=body, fetched=NOON)
    return Capture(candidate=Candidate(url=page.url, title="Seats are taken again", published=NOON), page=page)


def test_a_page_becomes_an_article_with_what_header_and_feed_know(stage: ExtractPipeline) -> None:
    body = f"<html><body><article>{f'<p>{TEXT} Für und wider.</p>' * 4}</article></body></html>".encode("cp1252")
    capture = asyncio.run(stage.process_item(captured(body, "text/html; charset=windows-1252")))
    assert capture.article is not None
    assert "Für und wider" in capture.article.body
    assert (capture.article.title, capture.article.published) == ("Seats are taken again", NOON)


def test_a_page_without_an_article_is_dropped_with_its_reason(stage: ExtractPipeline) -> None:
    with pytest.raises(Dropped) as caught:
        asyncio.run(stage.process_item(captured(b"<html><body></body></html>")))
    assert caught.value.rejected.reason == "there is no text of an article in it"
    assert caught.value.log_level == "DEBUG"


def test_a_stop_leaves_what_is_being_read_waiting(reading: Crawler, stage: ExtractPipeline) -> None:
    heavy = b"<html><body><article>" + b"<p>A line of a page that takes long to read.</p>" * 45_000

    async def run() -> Dropped:
        task = asyncio.ensure_future(stage.process_item(captured(heavy)))
        while not stage.workers.pids():  # noqa: ASYNC110 - a process's start is no event of the loop
            await asyncio.sleep(0.01)
        reading.signals.send_catch_log(hurry)
        with pytest.raises(Dropped) as caught:
            await task
        return caught.value

    dropped = asyncio.run(run())
    assert (dropped.rejected.reason, dropped.rejected.state) == ("stopped before it was read", "waiting")


@pytest.mark.parametrize(("sources", "wanted"), [("[]", 0), ('[{ channel = "outlinks" }]', 1)], ids=["no", "yes"])
def test_links_are_looked_for_only_where_the_topic_wants_them(
    topic: Path, reading: Crawler, sources: str, wanted: int
) -> None:
    topic.write_text(f"sources = {sources}\n{topic.read_text(encoding='utf-8')}", encoding="utf-8")
    linked = TEXT.replace("seats again", "<a href='https://echo.example/2019/01/29/talks'>seats again</a>")
    body = f"<html><body><article><h1>Seats</h1>{f'<p>{linked} {TEXT}</p>' * 3}</article></body></html>".encode()
    stage = ExtractPipeline.from_crawler(reading)
    capture = asyncio.run(stage.process_item(captured(body)))
    stage.close_spider()
    assert capture.article is not None
    assert len(capture.article.links) == wanted


DAYS = ("first", "second", "third", "fourth", "last")
PROMISE = "The Courier lives from its readers and from nobody else; write to us whenever you have seen something."


def own(number: int) -> list[str]:
    """The paragraphs of one report, which no other has."""
    return [f"On the {day} day of round {number} the envoys spoke of a truce and of prisoners." for day in DAYS]


def printed(number: int, *lines: str) -> bytes:
    text = "".join(f"<p>{line}</p>" for line in (f"Report number {number} from the talks in the Gulf.", *lines))
    return f"<html><body><article><h1>Report {number}</h1>{text}</article></body></html>".encode()


@pytest.fixture
def read(stage: ExtractPipeline, keep: Callable[[Capture], Capture]) -> Callable[..., Capture]:
    """Send the page of one article through all stages but admission."""

    def sent(number: int, *lines: str, moved: str = "") -> Capture:
        return keep(judged(asyncio.run(stage.process_item(fetched(stage, number, *lines, moved=moved)))))

    return sent


def fetched(stage: ExtractPipeline, number: int, *lines: str, moved: str = "") -> Capture:
    """The page of one article, asked for at its own address; `moved` is where that leads by now."""
    url = f"https://courier.example/world/report-number-{number}-from-the-talks"
    topic_id = stage.archive.topics.ensure("talks", "", "")
    source = stage.archive.sources.ensure("feeds", "https://courier.example/feed", "courier.example")
    stage.archive.candidates.note(topic_id, source, [CandidateRow(url=url, host="courier.example")], NOW)
    (candidate,) = stage.archive.db.execute("SELECT id FROM candidates WHERE url = ?", [url]).fetchone()
    page = Page(
        url=moved or url, status=200, headers=(("Content-Type", "text/html"),), body=printed(number, *lines),
        fetched=NOON, redirects=(url,) if moved else (),
    )  # fmt: skip
    return Capture(candidate=Candidate(url=url, id=candidate), page=page)


def judged(capture: Capture) -> Capture:
    assert capture.article is not None
    capture.url = identity(capture.page, capture.article, capture.candidate.url)
    capture.verdict = Verdict(score=0.9, decision="keep")
    return capture


def body_of(capture: Capture) -> list[str]:
    assert capture.article is not None
    return capture.article.body.split("\n")


def test_what_an_outlet_puts_under_each_article_is_gone_from_the_third_on(read: Callable[..., Capture]) -> None:
    read_ = [read(number, *own(number), PROMISE) for number in range(4)]
    assert [PROMISE in body_of(capture) for capture in read_] == [True, True, False, False]


def test_a_page_that_says_what_it_said_makes_no_version_because_our_reading_did(
    stage: ExtractPipeline, read: Callable[..., Capture]
) -> None:
    for number in range(3):
        read(number, *own(number), PROMISE)
    again = read(0, *own(0), PROMISE, "<!-- a counter -->")
    assert again.kinship is not None
    assert again.kinship.change == "refreshed"
    assert again.record is None
    assert stage.archive.db.execute("SELECT COUNT(*) FROM versions").fetchone() == (0,)
    (stored,) = stage.archive.db.execute("SELECT body FROM articles WHERE id = 1").fetchone()
    assert PROMISE not in stored
    assert read(0, *own(0), PROMISE, "<!-- another -->").kinship == replace(again.kinship, change="unchanged")


def test_a_page_that_says_something_else_makes_a_version_of_the_text_that_was_stored(
    stage: ExtractPipeline, read: Callable[..., Capture]
) -> None:
    for number in range(3):
        read(number, *own(number), PROMISE)
    changed = read(0, *own(0)[:4], "On the last day the envoys left without a truce.", PROMISE)
    assert changed.kinship is not None
    assert changed.kinship.change == "version"
    (kept,) = stage.archive.db.execute("SELECT body FROM versions").fetchone()
    assert own(0)[4] in kept


def test_an_article_that_has_moved_makes_no_version_because_our_reading_did(
    stage: ExtractPipeline, read: Callable[..., Capture]
) -> None:
    for number in range(3):
        read(number, *own(number), PROMISE)
    again = read(0, *own(0), PROMISE, moved="https://courier.example/archive/2021/report-number-0-from-the-talks")
    assert again.kinship is not None
    assert (again.kinship.change, again.kinship.article_id) == ("refreshed", 1)


def test_what_was_stored_while_a_page_was_read_is_what_it_is_compared_with(
    stage: ExtractPipeline, read: Callable[..., Capture], keep: Callable[[Capture], Capture],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for number in range(3):
        read(number, *own(number), PROMISE)
    ending = "On the last day the envoys left without a truce."
    reread = stage.reread

    async def slow(record: RecordRow, candidate: Candidate) -> Article | None:
        monkeypatch.setattr(stage, "reread", reread)
        found = await reread(record, candidate)
        keep(judged(await stage.process_item(fetched(stage, 0, *own(0)[:4], ending, PROMISE))))
        return found

    monkeypatch.setattr(stage, "reread", slow)
    read(0, *own(0)[:4], PROMISE)
    kept = [body for (body,) in stage.archive.db.execute("SELECT body FROM versions ORDER BY id").fetchall()]
    assert [ending in body for body in kept] == [False, True]


def test_a_run_that_is_stopped_before_the_old_page_is_read_makes_no_version(
    stage: ExtractPipeline, read: Callable[..., Capture], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        read(number, *own(number), PROMISE)
    run, bodies = stage.workers.run, []

    async def stopped(body: bytes, *arguments: object, **named: object) -> object:
        bodies.append(body)
        reading = asyncio.ensure_future(run(body, *arguments, **named))
        if len(bodies) == 2:
            await asyncio.sleep(0)
            stage.cancel_open()
        return await reading

    monkeypatch.setattr(stage.workers, "run", stopped)
    with pytest.raises(Dropped) as caught:
        read(0, *own(0), PROMISE)
    assert caught.value.rejected.state == "waiting"
    assert len(bodies) == 2


def test_without_the_bytes_of_the_archive_another_text_is_a_version(
    stage: ExtractPipeline, read: Callable[..., Capture]
) -> None:
    read(0, *own(0))
    for file in (stage.archive.folder / "warc").iterdir():
        file.write_bytes(b"")
    changed = read(0, *own(1))
    assert changed.earlier is None
    assert changed.kinship is not None
    assert changed.kinship.change == "version"
