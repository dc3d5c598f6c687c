"""After pruning, an archive is as one that never held what was taken out, and remembers not to fetch it again."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from archive.pruning.prune import Pruned, prune
from archive.pruning.rule import Rule
from archive.store import Archive
from tests.archive.pruning.conftest import TOPICS, Plan, build, held

AT = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
OLD, NEW = "2018-06-01T08:00:00Z", "2019-03-01T08:00:00Z"
DAY = "2019-01-01T00:00:00Z"


def pruned(data: Path, rule: Rule) -> Pruned:
    return prune(data, rule, AT, lambda _: None)


VERDICTS = st.dictionaries(st.sampled_from(TOPICS), st.sampled_from(["keep", "review", "drop"]), min_size=1)
PLANS = st.lists(
    st.builds(
        Plan,
        number=st.just(0),
        outlet=st.sampled_from(["wire.example", "herald.example"]),
        published=st.sampled_from([OLD, NEW, NEW, None]),
        verdicts=VERDICTS.map(lambda found: tuple(sorted(found.items()))),
        story=st.none() | st.integers(0, 1),
        hashes=st.lists(st.integers(1, 9), min_size=1, max_size=5).map(tuple),
        lines=st.lists(st.integers(20, 24), max_size=4, unique=True).map(tuple),
        words=st.sampled_from([10, 11, 30]),
        has_version=st.booleans(),
    ),
    min_size=2,
    max_size=6,
).map(lambda plans: [replace(plan, number=number) for number, plan in enumerate(plans, 1)])
RULES = st.sampled_from(
    [
        Rule(topic="talks"),
        Rule(topic="talks", keeps_definition=True),
        Rule(older=DAY),
        Rule(older=DAY, outlet="wire.example"),
        Rule(topic="talks", older=DAY),
    ]
)


def left_by(rule: Rule, plan: Plan) -> Plan | None:
    """What is left of an article, as if it had come in so; None where it goes."""
    is_meant = (
        (not rule.topic or rule.topic in dict(plan.verdicts))
        and (not rule.older or (plan.published is not None and plan.published < rule.older))
        and (not rule.outlet or plan.outlet == rule.outlet)
    )
    if not is_meant:
        return plan
    others = tuple(pair for pair in plan.verdicts if pair[0] != rule.topic)
    if rule.topic and any(verdict != "drop" for _, verdict in others):
        return replace(plan, verdicts=others)
    return None


def check(plans: list[Plan], rule: Rule) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        survivors = [left for plan in plans if (left := left_by(rule, plan)) is not None]
        full, twin = build(root / "full", plans), build(root / "twin", survivors)
        done = pruned(full, rule)
        after, never = held(full), held(twin)
        assert after.faults == never.faults == []
        for table, rows in never.tables.items():
            if table == "outlets":  # that of the source, which both have, and those of the articles
                continue
            assert after.tables[table] == rows, table
        assert done.articles == len(plans) - len(survivors)
        see_candidates(plans, rule, after.candidates)


def see_candidates(plans: list[Plan], rule: Rule, states: dict[tuple[str, str], str]) -> None:
    for plan in plans:
        left = left_by(rule, plan)
        for topic, verdict in plan.verdicts:
            for url in (plan.url, f"{plan.url}/amp"):
                state = states.get((topic, url))
                if rule.takes_topic and topic == rule.topic:
                    assert state is None
                elif verdict == "drop":
                    assert state in {None, "off-topic"}
                elif left is None or topic not in dict(left.verdicts):
                    assert state == "pruned"
                else:
                    assert state in {None, "stored"}


@settings(max_examples=6, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(plans=PLANS, rule=RULES)
def test_an_archive_is_as_if_it_had_never_held_what_was_pruned(plans: list[Plan], rule: Rule) -> None:
    check(plans, rule)


@pytest.mark.soak
@settings(max_examples=300, phases=[Phase.explicit, Phase.generate])
@given(plans=PLANS, rule=RULES)
def test_it_is_so_for_many_archives(plans: list[Plan], rule: Rule) -> None:
    check(plans, rule)


def test_who_stands_for_a_story_is_chosen_anew_and_its_copies_are_compared_with_it(tmp_path: Path) -> None:
    plans = [
        Plan(1, published=OLD, story=0, hashes=(1, 2, 3, 4)),
        Plan(2, outlet="herald.example", story=0, hashes=(1, 2, 3, 9)),
        Plan(3, outlet="tal.example", published="2019-04-01T08:00:00Z", story=0, hashes=(1, 3, 5, 9)),
    ]
    data = build(tmp_path / "data", plans)
    pruned(data, Rule(older=DAY))
    with closing(sqlite3.connect(data / "news.db")) as db:
        told = db.execute("SELECT url, story_relation, story_similarity FROM articles ORDER BY id").fetchall()
        assert told[0][:2] == ("https://herald.example/2", "original")
        assert told[1][1:] == ("syndicated", 0.75)  # of the one before, all of it was in the other
        assert db.execute("SELECT size, outlets FROM stories").fetchall() == [(2, 2)]
        touched = {number for (number,) in db.execute("SELECT article_id FROM touched")}
        assert touched == {1, 2, 3}
        assert not db.execute("SELECT 1 FROM outlets WHERE domain NOT LIKE '%.example'").fetchall()


def test_a_ruling_on_what_is_gone_is_gone(tmp_path: Path) -> None:
    data = build(tmp_path / "data", [Plan(1, published=OLD), Plan(2), Plan(3)])
    with closing(Archive.open(data)) as archive:
        archive.rulings.merge([1, 2, 3], "2026-01-01T00:00:00Z")
    pruned(data, Rule(older=DAY))
    found = held(data)
    assert found.faults == []
    assert len(found.tables["story_rulings"]) == 1


def test_a_second_time_it_finds_nothing_and_changes_nothing(tmp_path: Path) -> None:
    data = build(tmp_path / "data", [Plan(1, published=OLD), Plan(2)])
    assert pruned(data, Rule(older=DAY)).articles == 1
    before = held(data)
    assert pruned(data, Rule(older=DAY)).articles == 0
    assert held(data) == before


def test_an_outlet_goes_with_its_last_article_and_stays_where_a_source_is_its_own(tmp_path: Path) -> None:
    data = build(tmp_path / "data", [Plan(1, published=OLD, outlet="herald.example"), Plan(2, published=OLD)])
    pruned(data, Rule(older=DAY))
    assert [row for row in held(data).tables["outlets"] if "herald" in row] == []
    assert [row for row in held(data).tables["outlets"] if "wire" in row]


def test_a_topic_goes_with_its_links_runs_and_sources_and_leaves_the_other_topic_alone(tmp_path: Path) -> None:
    data = build(tmp_path / "data", [Plan(1), Plan(2, verdicts=(("heat", "keep"), ("talks", "keep")))])
    with closing(Archive.open(data)) as archive:
        run = archive.runs.start(1, AT.isoformat())
        archive.db.execute("INSERT INTO coverage (run_id, source_id, status) VALUES (?, 1, 'complete')", [run])
        archive.db.execute("UPDATE sources SET listed_for = 1")
        archive.db.execute("INSERT OR IGNORE INTO yields VALUES (1, 'wire.example', 1, 0)")
        archive.db.conn.commit()
    assert pruned(data, Rule(topic="talks")).topic == "talks"
    found = held(data)
    assert found.faults == []
    assert {topic for topic, _ in found.candidates} == {"heat"}
    with closing(sqlite3.connect(data / "news.db")) as db:
        assert db.execute("SELECT name FROM topics").fetchall() == [("heat",)]
        for table, where in (("runs", ""), ("coverage", ""), ("yields", "WHERE topic_id = 1")):
            assert db.execute(f"SELECT COUNT(*) FROM {table} {where}").fetchone() == (0,)
        assert db.execute("SELECT url, listed_for FROM sources").fetchall() == [("https://wire.example/feed.xml", None)]
    pruned(data, Rule(topic="heat"))
    with closing(sqlite3.connect(data / "news.db")) as db:
        assert db.execute("SELECT COUNT(*) FROM sources").fetchone() == (0,)
        assert db.execute("SELECT COUNT(*) FROM outlets").fetchone() == (0,)


def test_a_table_that_a_later_release_adds_is_followed_too(tmp_path: Path) -> None:
    data = build(tmp_path / "data", [Plan(1, published=OLD), Plan(2)])
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.execute("CREATE TABLE later (article_id INTEGER REFERENCES articles(id), said TEXT)")
        db.executemany("INSERT INTO later VALUES (?, 'x')", [(1,), (2,)])
        db.commit()
    pruned(data, Rule(older=DAY))
    with closing(sqlite3.connect(data / "news.db")) as db:
        assert db.execute("SELECT article_id FROM later").fetchall() == [(2,)]
