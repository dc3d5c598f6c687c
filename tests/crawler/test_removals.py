"""The page of an article that is here, answered with what is none: a real archive, a crawler that is not running."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from archive.rows import TakenRow
from archive.store import Archive
from crawler.extensions.outcomes import OutcomesExtension
from pipelines.admission import admit
from pipelines.items import Candidate, Capture, Page, Rejected
from pipelines.stages.admit import Dropped
from tests.filling import fill

URL = "https://wire.example/kabul-market"
TAGGED = f"{URL}?from=rss&page=1"
LED = "https://wire.example/latest?page=1"
Answer = Callable[..., tuple[str, str]]
NOTICE = b"<html><title>Removed</title><body><h1>This article has been removed.</h1></body></html>"
SOFT = b"<html><title>Page not found</title><body><h1>Page not found</h1></body></html>"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive.shared(fill(tmp_path / "data"))
    yield opened
    opened.close()


@pytest.fixture
def crawler(tmp_path: Path) -> Crawler:
    return get_crawler(settings_dict={"DOSSIER_DATA": str(tmp_path / "data"), "DOSSIER_STORE_PATIENCE": 0.3})


@pytest.fixture
def answer(archive: Archive, crawler: Crawler) -> Iterator[Answer]:
    """Let the page of the article answer so; the state and reason of its candidate."""
    extension = OutcomesExtension.from_crawler(crawler)
    with archive.writing() as db:
        for led in (TAGGED, LED):
            db.execute("INSERT INTO aliases SELECT ?, id, 'requested' FROM articles WHERE url = ?", [led, URL])
    (number,) = archive.db.execute("SELECT id FROM candidates WHERE url = ?", [URL]).fetchone()
    taken = TakenRow(id=number, url=URL, host="wire.example", title="", published=None, score=0.5, tries=0, known=True)

    def answered(status: int, body: bytes = b"", *, redirects: tuple[str, ...] = (), **facts: str) -> tuple[str, str]:
        html = (("Content-Type", "text/html"),)
        page = Page(url=facts.get("url", URL), status=status, headers=html, body=body or b"-", redirects=redirects,
                    fetched=datetime(2019, 3, 14, tzinfo=UTC))  # fmt: skip
        request = Request(
            URL, meta={"dossier_candidate": replace(taken, via=facts.get("via", ""), url=facts.get("asked", URL))}
        )
        with pytest.raises(Rejected) as caught:
            admit(page)
        item = Capture(candidate=Candidate(url=URL, id=number), page=page)
        asyncio.run(extension.dropped(item, Response(URL, request=request), Dropped(caught.value)))
        found: tuple[str, str] = archive.db.execute(
            "SELECT state, reason FROM candidates WHERE id = ?", [number]
        ).fetchone()
        return found

    yield answered
    extension.close()


def told(archive: Archive) -> list[str]:
    query = "SELECT e.kind FROM events AS e JOIN articles AS a ON a.id = article_id WHERE a.url = ? ORDER BY e.id"
    kinds = [kind for (kind,) in archive.db.execute(query, [URL]).fetchall()]
    return [kind for kind in kinds if kind in {"removed", "returned"}]


def test_what_is_gone_for_good_is_removed_at_once(answer: Answer, archive: Archive) -> None:
    assert answer(410) == ("gone", "gone: HTTP 410")
    assert told(archive) == ["removed"]


@pytest.mark.parametrize(("asked", "happened"), [(TAGGED, ["removed"]), (LED, [])])
def test_behind_an_articles_own_address_a_feed_may_write_what_it_likes(
    answer: Answer, archive: Archive, asked: str, happened: list[str]
) -> None:
    answer(410, asked=asked)
    assert told(archive) == happened


def test_a_notice_of_removal_is_believed_at_once(answer: Answer, archive: Archive) -> None:
    state, reason = answer(200, NOTICE)
    assert state == "gone"
    assert "removed" in reason
    assert told(archive) == ["removed"]


@pytest.mark.parametrize("body", [b"", SOFT], ids=["404", "soft 404"])
def test_what_may_be_a_hiccup_is_believed_at_the_second_look(answer: Answer, archive: Archive, body: bytes) -> None:
    status = 200 if body else 404
    assert answer(status, body)[0] == "gone"
    assert told(archive) == []
    answer(status, body)
    answer(status, body)
    assert told(archive) == ["removed"]


def test_where_it_leads_to_the_front_page_it_may_be_gone(answer: Answer, archive: Archive) -> None:
    for _ in range(2):
        assert answer(200, b"<p>News", url="https://wire.example/", redirects=(URL,))[0] == "gone"
    assert told(archive) == ["removed"]


def test_an_answer_between_two_misses_begins_anew(answer: Answer, archive: Archive) -> None:
    assert [answer(status)[0] for status in (404, 304, 404)] == ["gone", "unchanged", "gone"]
    assert told(archive) == []


def test_not_modified_is_an_answer_of_a_page_that_is_back(answer: Answer, archive: Archive, crawler: Crawler) -> None:
    assert [answer(status)[0] for status in (410, 304, 304)] == ["gone", "unchanged", "unchanged"]
    assert told(archive) == ["removed", "returned"]
    assert crawler.stats is not None
    assert [crawler.stats.get_value(f"dossier/{name}") for name in ("removed", "returned")] == [1, 1]


def test_what_an_archive_has_not_says_nothing_of_the_page(answer: Answer, archive: Archive) -> None:
    answer(410, via="https://web.archive.example/x")
    assert told(archive) == []


def test_a_page_in_trouble_is_not_gone(answer: Answer, archive: Archive) -> None:
    assert answer(503)[0] == "failed"
    assert told(archive) == []
