"""What a run is given: a real archive with links that wait, and articles that are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archive.rows import ArticleRow, CandidateRow, CaptureRows, MembershipRow, OutcomeRow, TakenRow, ValidatorRow
from archive.store import Archive
from crawler import settings as wiring
from crawler.frontier import Frontier
from crawler.looks import due_after
from crawler.ration import Budget, Ration
from crawler.times import text_of
from pipelines.topic import Topic

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = text_of(NOW) or ""
BEFORE = text_of(NOW - timedelta(hours=2)) or ""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive.open(tmp_path)
    opened.topics.ensure("talks", "", "")
    opened.sources.ensure("feeds", "https://a.example/feed", "a.example")
    opened.rechecks.next_look = due_after
    yield opened
    opened.close()


def announce(archive: Archive, count: int, host: str = "a.example", name: str = "new") -> None:
    links = [CandidateRow(url=f"https://{host}/{name}/{n}", host=host, score=0.5) for n in range(count)]
    archive.candidates.note(1, 1, links, BEFORE)


def keep(archive: Archive, count: int, host: str = "a.example", published: str = BEFORE, at: str = BEFORE) -> None:
    """Articles of a host that were stored two hours ago, and are due since."""
    for n in range(count):
        url = f"https://{host}/known/{n}"
        archive.candidates.note(1, 1, [CandidateRow(url=url, host=host)], at)
        candidate = archive.db.execute("SELECT id FROM candidates WHERE url = ?", [url]).fetchone()[0]
        row = ArticleRow(
            url=url, outlet="a.example", title="", published=published, fetched=at, words=0, content_hash=url,
            words_hash=url, body_source="", extractor="", body="",
        )  # fmt: skip
        rows = CaptureRows(
            change="new", article=row, membership=MembershipRow(topic_id=1, score=1, verdict="keep", matched="[]"),
            outcome=OutcomeRow(candidate_id=candidate, state="stored"),
            validator=ValidatorRow(url=url, etag="x", last_modified=None, body_hash=None, polls=0),
            aliases=((url, "requested"),),
        )  # fmt: skip
        archive.articles.store(rows, at)


def ration(archive: Archive, pages: int = 20, per_host: int = 100, **budget: float) -> Ration:
    return Ration(
        archive=archive, topic_id=1, run_id=archive.runs.start(1, TEXT), now=TEXT,
        budget=Budget(pages=pages, pages_per_host=per_host, **budget),  # type: ignore[arg-type]  # shares and counts
    )  # fmt: skip


def kinds(rows: list[TakenRow]) -> str:
    """A letter for each: n of a new page, k of a known one."""
    return "".join("k" if row.is_look else "n" for row in rows)


def handed_out(given: Ration, limit: int = 5, *, is_asking: bool = False) -> str:
    told = ""
    while rows := given.take(limit, is_asking=is_asking):
        told += kinds(rows)
    return told


def test_new_articles_come_first_and_known_ones_get_the_rest(archive: Archive) -> None:
    announce(archive, 6)
    keep(archive, 9)
    given = ration(archive)
    assert handed_out(given) == "nnnnnn" + "k" * 9
    assert given.left() == 0


def test_known_articles_get_their_share_where_new_ones_would_fill_the_run(archive: Archive) -> None:
    announce(archive, 50)
    keep(archive, 9)
    given = ration(archive)
    assert handed_out(given) == "n" * 15 + "k" * 5
    assert given.left() == 4


def test_what_known_articles_do_not_need_of_their_share_new_ones_get(archive: Archive) -> None:
    announce(archive, 50)
    keep(archive, 2)
    assert handed_out(ration(archive)) == "n" * 15 + "kk" + "nnn"
    assert handed_out(ration(archive, look_share=0.0)) == "n" * 20


def test_while_sources_are_asked_known_articles_take_no_more_than_their_share(archive: Archive) -> None:
    keep(archive, 9)
    given = ration(archive)
    assert handed_out(given, is_asking=True) == "k" * 5
    announce(archive, 3)
    assert handed_out(given, is_asking=True) == "nnn"
    assert handed_out(given) == "kkkk"


def test_of_a_hosts_pages_as_many_are_kept_for_known_articles(archive: Archive) -> None:
    announce(archive, 30)
    announce(archive, 1, host="b.example")
    keep(archive, 9)
    given = ration(archive, pages=100, per_host=8)
    assert sorted(handed_out(given)) == sorted("nnnnnn" + "n" + "kk")
    assert given.left() == 7


def test_a_host_is_never_asked_for_more_known_articles_than_it_may(archive: Archive) -> None:
    keep(archive, 9)
    keep(archive, 4, host="b.example")
    given = ration(archive, looks_per_host=3)
    assert handed_out(given) == "k" * 6
    assert given.left() == 7


@pytest.mark.parametrize("pages", range(4))
def test_the_smallest_budget_is_kept(archive: Archive, pages: int) -> None:
    announce(archive, 3)
    keep(archive, 3)
    assert len(handed_out(ration(archive, pages=pages, per_host=1))) == min(pages, 1)
    assert len(handed_out(ration(archive, pages=pages))) == pages


def test_without_a_share_nothing_known_is_asked_and_nothing_is_said_to_be_left(archive: Archive) -> None:
    keep(archive, 3)
    given = ration(archive, look_share=0.0)
    assert (handed_out(given), given.left()) == ("", 0)


def test_with_recheck_what_is_listed_is_asked_at_once_due_or_not(archive: Archive) -> None:
    keep(archive, 3, published="2019-01-01T00:00:00Z")
    archive.sources.answered(1, "complete", "", BEFORE, found=3, new=3)
    assert archive.db.execute("SELECT COUNT(*) FROM rechecks").fetchone() == (0,)
    assert handed_out(ration(archive)) == ""
    assert handed_out(ration(archive, recheck=True)) == "kkk"
    assert handed_out(ration(archive, recheck=True, knows_enough=True)) == ""


def test_a_look_is_followed_by_the_next_one_of_the_ladder(archive: Archive) -> None:
    keep(archive, 1)
    (look,) = ration(archive).take(5)
    archive.candidates.finish(OutcomeRow(candidate_id=look.id, state="unchanged", is_look=True), TEXT)
    due, step = archive.db.execute("SELECT due, step FROM rechecks").fetchone()
    assert step == 15
    assert TEXT < due <= (text_of(NOW + timedelta(minutes=15)) or "")
    assert ration(archive).take(5) == []


@pytest.mark.parametrize(("verb", "due"), [("crawl", 1), ("backfill", 0)])
def test_what_a_backfill_stores_is_never_due(tmp_path: Path, verb: str, due: int) -> None:
    settings = Settings()
    settings.setmodule(wiring)
    settings.setdict({"DOSSIER_DATA": str(tmp_path), "DOSSIER_VERB": verb})
    frontier = Frontier.of_settings(settings, Topic(name="talks"), NOW)
    frontier.open()
    frontier.archive.sources.ensure("feeds", "https://a.example/feed", "a.example")
    keep(frontier.archive, 1)
    assert frontier.archive.db.execute("SELECT COUNT(*) FROM rechecks").fetchone() == (due,)
    assert len(frontier.take()) == due
    assert frontier.left() == 0
    frontier.leave()
