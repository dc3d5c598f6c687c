"""Where a web archive has a page, should its own address have nothing any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from archive.rows import CandidateRow, CaptureRows, OutcomeRow
from archive.store import Archive

NOW, LATER = "2019-02-01T12:00:00Z", "2019-02-01T14:00:00Z"
LIVE = CandidateRow(url="https://a.example/1", host="a.example", title="Talks", score=0.5)
VIA = "https://web.archive.org/web/20190129120000id_/https://a.example/1"
CAPTURED = replace(LIVE, via=VIA)
GONE = OutcomeRow(candidate_id=1, state="not-an-article", reason="gone: HTTP 404")
FAILED = OutcomeRow(candidate_id=1, state="failed", reason="no such host", next_try=LATER)
OFF = OutcomeRow(candidate_id=1, state="off-topic", reason="far off", score=0.1)


@pytest.fixture
def source(archive: Archive) -> int:
    return archive.sources.ensure("feeds", "https://a.example/feed", "a.example")


def stands(archive: Archive) -> tuple[str, str, str]:
    (row,) = archive.db.execute("SELECT state, via, reason FROM candidates").fetchall()
    return tuple(row)


@pytest.mark.parametrize("order", [(LIVE, CAPTURED), (CAPTURED, LIVE)], ids=["live first", "captured first"])
def test_the_live_page_is_asked_first_whoever_announced_it_first(
    archive: Archive, source: int, order: tuple[CandidateRow, ...]
) -> None:
    for row in order:
        archive.candidates.note(1, source, [row], NOW)
    assert stands(archive) == ("waiting", "", "")


@pytest.mark.parametrize("order", [(LIVE, CAPTURED), (CAPTURED, LIVE)], ids=["live first", "captured first"])
@pytest.mark.parametrize("outcome", [GONE, FAILED], ids=["gone", "failed"])
def test_the_archive_is_asked_where_the_live_page_is_lost(
    archive: Archive, source: int, order: tuple[CandidateRow, ...], outcome: OutcomeRow
) -> None:
    for row in order:
        archive.candidates.note(1, source, [row], NOW)
    archive.candidates.finish(outcome, NOW)
    assert stands(archive) == ("waiting", VIA, f"{outcome.reason}; a web archive has it")
    assert [row.via for row in archive.candidates.take(1, archive.runs.start(1, NOW), 5, 5, NOW)] == [VIA]


def test_a_page_that_is_lost_everywhere_comes_to_an_end(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, [LIVE, CAPTURED], NOW)
    archive.candidates.finish(GONE, NOW)
    archive.candidates.come_from_home(1, "the archive has no capture of it", NOW)
    archive.candidates.finish(GONE, NOW)
    assert stands(archive) == ("not-an-article", "", "gone: HTTP 404")


def test_a_page_whose_article_is_here_is_never_asked_in_an_archive(
    archive: Archive, source: int, rows: Callable[..., CaptureRows]
) -> None:
    archive.articles.store(rows(1, url=LIVE.url), NOW)
    archive.candidates.note(1, source, [LIVE, CAPTURED], NOW)
    archive.db.execute("UPDATE candidates SET spare = ?", [VIA])
    archive.candidates.finish(FAILED, NOW)
    archive.candidates.note(1, source, [CAPTURED], NOW)
    assert stands(archive) == ("failed", "", "no such host")


def test_a_page_that_was_gone_before_an_archive_announced_it_is_asked_there(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, [LIVE], NOW)
    archive.candidates.finish(GONE, NOW)
    archive.candidates.note(1, source, [LIVE], LATER)
    assert stands(archive)[0] == "not-an-article"
    archive.candidates.note(1, source, [CAPTURED], LATER)
    assert stands(archive) == ("waiting", VIA, "gone: HTTP 404; a web archive has it")


def test_what_was_read_and_judged_needs_no_archive(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, [LIVE, CAPTURED], NOW)
    archive.candidates.finish(OFF, NOW)
    archive.candidates.note(1, source, [CAPTURED], LATER)
    assert stands(archive) == ("off-topic", "", "far off")
