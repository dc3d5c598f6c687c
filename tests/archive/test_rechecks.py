from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.rechecks import ARTICLE, DUE, LEFT, DueRow, LookRow
from archive.rows import CandidateRow, CaptureRows, MembershipRow, OutcomeRow, ValidatorRow
from archive.schema import migrate, migrations
from archive.store import Archive

NOW, SOON, LATER = "2019-02-01T12:00:00Z", "2019-02-01T12:20:00Z", "2019-02-01T14:00:00Z"
STEPS = (15, 60, 180)
Make = Callable[..., CaptureRows]
State = list[tuple[object, ...]]


class Ladder:
    """The next look as a test wants it; remembers what it was asked."""

    def __init__(self, archive: Archive) -> None:
        self.asked: list[LookRow] = []
        self.due: DueRow | None = DueRow(step=15, due=SOON)
        archive.rechecks.next_look = self

    def __call__(self, look: LookRow) -> DueRow | None:
        self.asked.append(look)
        return self.due

    @property
    def said(self) -> list[str]:
        return [look.said for look in self.asked]


@pytest.fixture
def ladder(archive: Archive) -> Ladder:
    return Ladder(archive)


def state(archive: Archive) -> State:
    query = "SELECT article_id, topic_id, step, due, asked, times FROM rechecks ORDER BY 1, 2"
    return list(archive.db.execute(query).fetchall())


def take(archive: Archive, now: str, *, topic: int = 1, run: int = 0, limit: int = 10, **most: int) -> list[str]:
    run = run or archive.runs.start(topic, now)
    caps = {"per_host": 10, "looks_per_host": 10} | most
    rows = archive.rechecks.take(topic, run, limit, caps["per_host"], now, STEPS, Counter(), caps["looks_per_host"])
    assert all(row.is_look for row in rows)
    return [row.url.rpartition("/")[2] for row in rows]


def test_a_kept_article_is_due_from_the_transaction_that_stores_it(
    archive: Archive, rows: Make, ladder: Ladder
) -> None:
    archive.articles.store(rows(1), NOW)
    assert state(archive) == [(1, 1, 15, SOON, None, 0)]
    assert ladder.asked == [
        LookRow(article_id=1, said="new", now=NOW, published="2019-01-02T08:00:00Z", is_day=False, first_fetched=NOW,
                is_removed=False, has_validators=False, quiet=0, failures=0)
    ]  # fmt: skip
    assert take(archive, NOW) == []
    assert take(archive, LATER) == ["1"]


def test_each_look_says_when_the_next_one_is(archive: Archive, rows: Make, ladder: Ladder) -> None:
    archive.articles.store(rows(1), NOW)
    archive.validators.put(
        ValidatorRow(url="https://wire.example/1", etag="x", last_modified=None, body_hash=None, polls=0)
    )
    end = OutcomeRow(candidate_id=1, state="unchanged", is_look=True)
    ladder.due = DueRow(step=60, due=LATER)
    archive.candidates.finish(end, SOON)
    assert state(archive) == [(1, 1, 60, LATER, SOON, 1)]
    archive.candidates.finish(end, SOON)
    archive.articles.store(rows(1, change="unchanged", article_id=1), SOON)
    archive.candidates.finish(replace(end, state="failed", reason="HTTP 503"), SOON)
    archive.candidates.finish(replace(end, state="failed", reason="HTTP 503"), SOON)
    archive.candidates.finish(replace(end, state="not-an-article", reason="gone: HTTP 404"), SOON)
    archive.db.execute("UPDATE articles SET removed = ?", [SOON])
    archive.articles.store(
        rows(1, change="version", article_id=1, body="It says something else.", fetched=LATER), LATER
    )
    told = [(look.said, look.quiet, look.failures, look.is_removed, look.has_validators) for look in ladder.asked[1:]]
    assert told == [
        ("not modified", 1, 0, False, True), ("not modified", 2, 0, False, True), ("unchanged", 3, 0, False, True),
        ("failed", 3, 1, False, True), ("failed", 3, 2, False, True), ("failed", 3, 0, False, True),
        ("changed", 0, 0, True, True),
    ]  # fmt: skip
    assert ladder.asked[-1].first_fetched == NOW
    assert state(archive)[0][-2:] == (LATER, 0)


def test_what_has_no_next_look_is_taken_off_the_ladder(archive: Archive, rows: Make, ladder: Ladder) -> None:
    archive.articles.store(rows(1), NOW)
    ladder.due = None
    archive.candidates.finish(OutcomeRow(candidate_id=1, state="unchanged", is_look=True), SOON)
    archive.articles.store(rows(2), NOW)
    assert state(archive) == []


def test_what_was_put_off_stays_due_and_keeps_its_candidate(archive: Archive, rows: Make, ladder: Ladder) -> None:
    archive.articles.store(rows(1), NOW)
    before, candidate = state(archive), archive.db.execute("SELECT * FROM candidates").fetchall()
    archive.candidates.finish(OutcomeRow(candidate_id=1, state="waiting", reason="rests", is_look=True), SOON)
    assert (state(archive), archive.db.execute("SELECT * FROM candidates").fetchall()) == (before, candidate)


@pytest.mark.parametrize("ended", ["failed", "refused"])
def test_a_look_without_a_page_leaves_the_candidate_where_it_was(
    archive: Archive, rows: Make, ladder: Ladder, ended: str
) -> None:
    archive.articles.store(rows(1), NOW)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state=ended, reason="HTTP 403", is_look=True), SOON)
    query = "SELECT state, reason, tries, next_try, checked FROM candidates"
    expected = [("stored", "the last look at it failed: HTTP 403", 1, None, SOON)]
    assert archive.db.execute(query).fetchall() == expected
    assert ladder.said == ["new", "failed"]


def test_what_came_from_the_past_is_never_due(archive: Archive, rows: Make, ladder: Ladder) -> None:
    captured = rows(1)
    archive.db.execute("UPDATE candidates SET via = 'https://web.archive.org/web/1id_/https://wire.example/1'")
    archive.articles.store(captured, NOW)
    archive.rechecks.next_look = None  # as in a backfill
    archive.articles.store(rows(2), NOW)
    archive.rechecks.next_look = ladder
    for number in (1, 2):
        archive.articles.store(rows(number, change="unchanged", article_id=number), SOON)
    assert (state(archive), ladder.asked) == ([], [])


def test_an_article_of_two_topics_is_looked_at_once(archive: Archive, rows: Make, ladder: Ladder) -> None:
    archive.articles.store(rows(1), NOW)
    other = archive.topics.ensure("other", "", "")
    source = archive.sources.ensure("feeds", "https://wire.example/feed", "wire.example")
    archive.candidates.note(other, source, [CandidateRow(url="https://wire.example/1", host="wire.example")], NOW)
    again = rows(1, change="unchanged", article_id=1)
    belongs = MembershipRow(topic_id=other, score=0.4, verdict="review", matched="[]")
    archive.articles.store(replace(again, membership=belongs, outcome=OutcomeRow(candidate_id=2, state="stored")), NOW)
    assert state(archive) == [(1, 1, 15, SOON, NOW, 1), (1, other, 15, SOON, NOW, 1)]
    assert ladder.said == ["new", "not modified"]
    assert take(archive, LATER, topic=other) == ["1"]
    ladder.due = DueRow(step=180, due="2019-02-01T17:00:00Z")
    archive.candidates.finish(OutcomeRow(candidate_id=2, state="unchanged", is_look=True), LATER)
    assert take(archive, LATER) == []
    assert len(state(archive)) == 2


def test_an_address_that_leads_on_is_not_asked_for_the_article_before(
    archive: Archive, rows: Make, ladder: Ladder
) -> None:
    archive.articles.store(rows(1), NOW)
    newer = rows(2)
    archive.articles.store(replace(newer, outcome=OutcomeRow(candidate_id=1, state="stored")), SOON)
    assert [row[0] for row in state(archive)] == [2]


def on_ladder(archive: Archive, rows: Make, ladder: Ladder, *dues: tuple[int, str]) -> None:
    for number, (step, due) in enumerate(dues, 1):
        ladder.due = DueRow(step=step, due=due)
        archive.articles.store(rows(number), "2019-02-01T00:00:00Z")


def test_the_longest_due_for_their_step_come_first_and_each_once_a_run(
    archive: Archive, rows: Make, ladder: Ladder
) -> None:
    dues = [(180, "2019-02-01T11:00:00Z"), (15, "2019-02-01T11:30:00Z"), (60, "2019-02-01T09:00:00Z"), (15, LATER)]
    on_ladder(archive, rows, ladder, *dues)
    run = archive.runs.start(1, NOW)
    assert archive.rechecks.left(1, run, NOW, STEPS) == 3
    assert take(archive, NOW, run=run, limit=2) == ["3", "2"]
    assert archive.rechecks.left(1, run, NOW, STEPS) == 1
    assert take(archive, NOW, run=run) == ["1"]
    assert take(archive, NOW, run=run) == []
    # Nothing was written of the due times: a run that was killed leaves them to the next one.
    assert take(archive, NOW) == ["3", "2", "1"]


def test_a_host_is_asked_for_few_and_not_at_all_while_it_rests(archive: Archive, rows: Make, ladder: Ladder) -> None:
    on_ladder(archive, rows, ladder, *[(15, NOW)] * 4)
    assert len(take(archive, SOON, looks_per_host=3)) == 3
    assert len(take(archive, SOON, per_host=2)) == 2
    rows_of = archive.rechecks.take(1, archive.runs.start(1, SOON), 9, 9, SOON, STEPS, Counter({"wire.example": 2}), 3)
    assert len(rows_of) == 1
    archive.hosts.rest("wire.example", LATER, "HTTP 429")
    assert take(archive, SOON) == []


def test_a_candidate_that_waits_or_comes_from_an_archive_is_not_asked_for_as_known(
    archive: Archive, rows: Make, ladder: Ladder
) -> None:
    on_ladder(archive, rows, ladder, *[(15, NOW)] * 3)
    archive.db.execute("UPDATE candidates SET state = 'waiting' WHERE id = 1")
    archive.db.execute("UPDATE candidates SET via = 'https://archive.example/2' WHERE id = 2")
    assert take(archive, SOON) == ["3"]


def test_a_page_that_is_gone_is_not_turned_to_an_archive_for_what_is_here(
    archive: Archive, rows: Make, ladder: Ladder
) -> None:
    archive.articles.store(rows(1), NOW)
    archive.db.execute("UPDATE candidates SET spare = 'https://web.archive.org/web/1id_/https://wire.example/1'")
    archive.candidates.finish(
        OutcomeRow(candidate_id=1, state="not-an-article", reason="gone: HTTP 404", is_look=True), SOON
    )
    assert archive.db.execute("SELECT state, via FROM candidates").fetchall() == [("not-an-article", "")]


def crowd(archive: Archive, topic: int, first: int, count: int, due: str) -> None:
    """Articles on the ladder by plain SQL, of forty hosts."""
    numbers = range(first, first + count)
    many = archive.db.conn.executemany
    with archive.writing():
        archive.db.execute("INSERT OR IGNORE INTO outlets (id, domain) VALUES (1, 'a.example')")
        many("INSERT INTO articles (id, url, outlet_id, fetched, content_hash) VALUES (?, ?, 1, '', '')",
             [(n, f"https://h/{n}") for n in numbers])  # fmt: skip
        many("INSERT INTO candidates (id, topic_id, url, host, state, first_seen) VALUES (?, ?, ?, ?, 'stored', '')",
             [(n, topic, f"https://h/{n}", f"h{n % 40}.example") for n in numbers])  # fmt: skip
        many("INSERT INTO rechecks (article_id, topic_id, candidate_id, host, step, due) VALUES (?, ?, ?, ?, 60, ?)",
             [(n, topic, n, f"h{n % 40}.example", due) for n in numbers])  # fmt: skip


def steps(archive: Archive, now: str) -> int:
    """How many of SQLite's own steps a look for due articles takes: its cost, without a clock."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    run = archive.runs.start(1, now)
    archive.db.conn.set_progress_handler(count, 100)
    try:
        archive.rechecks.take(1, run, 300, 200, now, STEPS, Counter(), 100)
    finally:
        archive.db.conn.set_progress_handler(None, 0)
    return counted * 100


def test_what_is_not_due_or_of_other_topics_costs_nothing(archive: Archive) -> None:
    crowd(archive, 1, 1, 200, NOW)
    before = steps(archive, SOON)
    crowd(archive, 1, 1_000, 3_000, LATER)
    crowd(archive, archive.topics.ensure("other", "", ""), 20_000, 3_000, NOW)
    assert steps(archive, SOON) <= before * 1.1


@pytest.mark.parametrize("is_analyzed", [False, True])
def test_what_is_due_is_read_from_its_index(archive: Archive, is_analyzed: bool) -> None:
    crowd(archive, 1, 1, 2_000, NOW)
    if is_analyzed:
        archive.db.execute("ANALYZE")
    values = {"topic": 1, "run": 1, "most": 10, "now": NOW, "steps": "[15, 60]"}
    for query in (DUE, LEFT):
        plan = str(archive.db.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall())
        assert "COVERING INDEX rechecks_due (topic_id=? AND host=? AND step=? AND due<?)" in plan
        assert "rechecks_due (topic_id=? AND host>?)" in plan
        assert not [table for table in ("r", "c", "rechecks", "candidates") if f"SCAN {table}'" in plan], plan
        assert "USE TEMP B-TREE" not in plan
    plan = str(archive.db.execute(f"EXPLAIN QUERY PLAN {ARTICLE}", [1]).fetchall())
    assert "SCAN" not in plan


LINK = "INSERT INTO candidates (topic_id, url, host, state, via, first_seen) VALUES (?, ?, 'a', ?, ?, '')"
AGED = """
INSERT INTO articles (id, url, outlet_id, published, fetched, content_hash)
SELECT :id, 'https://a.example/' || :id, 1, strftime('%Y-%m-%dT%H:%M:%SZ', 'now', :age),
    strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ''
"""


def test_an_archive_of_an_older_release_is_put_on_the_ladder_but_what_is_from_the_past() -> None:
    db = Database(memory=True)
    migrations.apply(db, stop_before="m008_judgement")
    db.execute("INSERT INTO outlets (id, domain) VALUES (1, 'a.example')")
    db.execute("INSERT INTO topics (id, name) VALUES (1, 'talks'), (2, 'other')")
    lost = {7: "gone: HTTP 410", 8: "a page without text"}
    ages = {
        1: "-2 days",
        2: "-100 days",
        3: "-400 days",
        4: "-2 days",
        5: "-2 days",
        6: "-2 days",
        7: "-2 days",
        8: "-2 days",
    }
    for number, age in ages.items():
        db.execute(AGED, {"id": number, "age": age})
        db.execute(
            "INSERT INTO article_topics (article_id, topic_id, score, verdict) VALUES (?, 1, 1, 'keep')", [number]
        )
        via, was = "warc:x" if number == 4 else "", "off-topic" if number == 5 else "stored"
        was = "not-an-article" if number in lost else was
        for url in (f"https://a.example/{number}", f"https://a.example/{number}?again"):
            db.execute("INSERT INTO aliases (url, article_id, kind) VALUES (?, ?, 'requested')", [url, number])
            db.execute(LINK, [1, url, was, via])
            db.execute("UPDATE candidates SET reason = ? WHERE url = ?", [lost.get(number, ""), url])
    db.execute("INSERT INTO article_topics (article_id, topic_id, score, verdict) VALUES (1, 2, 1, 'keep')")
    db.execute(LINK, [2, "https://a.example/1", "unchanged", ""])
    migrate(db, Path("news.db"))
    query = """SELECT article_id, topic_id, candidate_id, step,
        due >= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 minutes')
        AND due <= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', step || ' minutes') FROM rechecks ORDER BY 1, 2"""
    assert db.execute(query).fetchall() == [
        (1, 1, 1, 4320, 1),
        (1, 2, 17, 4320, 1),
        (2, 1, 3, 43200, 1),
        (6, 1, 11, 4320, 1),
        (7, 1, 13, 4320, 1),
    ]
    assert db.execute("SELECT COUNT(DISTINCT due) FROM rechecks").fetchone() == (4,)
    assert db.execute("SELECT DISTINCT url FROM candidates WHERE state = 'gone'").fetchall() == [
        ("https://a.example/7",), ("https://a.example/7?again",)
    ]  # fmt: skip
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()
