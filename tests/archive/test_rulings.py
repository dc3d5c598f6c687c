from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.rows import CaptureRows
from archive.ruled import may_join, may_leave, may_merge
from archive.store import Archive

NOW = "2019-02-01T12:00:00Z"
LATER = "2019-02-02T12:00:00Z"
Make = Callable[..., CaptureRows]
NUMBERS = count(10_000)


def stored(archive: Archive, rows: Make, hashes: Sequence[int], story: int | None = None, **article: object) -> int:
    """An article that carries these hashes, in a story or in its own."""
    number = next(NUMBERS)
    made = replace(rows(number, story_id=story, **article), fingerprints=tuple(hashes))
    return archive.articles.store(replace(made, story_relation="syndicated" if story else "original"), NOW)


def story_of(archive: Archive, article: int) -> int:
    return int(archive.db.execute("SELECT story_id FROM articles WHERE id = ?", [article]).fetchone()[0])


def told(archive: Archive, article: int) -> tuple[object, ...]:
    columns = "story_relation, story_similarity, story_jaccard"
    return tuple(archive.db.execute(f"SELECT {columns} FROM articles WHERE id = ?", [article]).fetchone())


def stories(archive: Archive) -> list[tuple[object, ...]]:
    return archive.db.execute("SELECT article_id, size, outlets FROM stories ORDER BY id").fetchall()


def pairs(archive: Archive) -> set[tuple[int, int, str]]:
    return set(archive.db.execute("SELECT article_id, other_id, ruling FROM story_rulings").fetchall())


@pytest.fixture
def three(archive: Archive, rows: Make) -> tuple[int, int, int]:
    """One story: the longest, a short part of it, and a copy from elsewhere."""
    longest = stored(archive, rows, range(1000, 1016), words=200)
    story = story_of(archive, longest)
    part = stored(archive, rows, [*range(1000, 1007), 1015], story, words=100)
    copy = stored(archive, rows, [5, *range(1000, 1013), 1015], story, words=190, outlet="daily.example")
    return longest, part, copy


def test_what_is_split_has_a_story_of_its_own_and_all_figures_are_true(
    archive: Archive, three: tuple[int, int, int]
) -> None:
    longest, part, copy = three
    new = archive.rulings.split([longest], NOW)
    assert story_of(archive, longest) == new != story_of(archive, part)
    assert stories(archive) == [(copy, 2, 2), (longest, 1, 1)]
    assert told(archive, longest) == told(archive, copy) == ("original", 0.0, 0.0)
    # All 8 hashes of the short one are among the 15 of the copy.
    assert told(archive, part) == ("truncated", 1.0, 0.533)
    assert pairs(archive) == {(longest, part, "apart"), (longest, copy, "apart")}


def test_articles_that_are_split_off_together_stay_together(archive: Archive, three: tuple[int, int, int]) -> None:
    longest, part, copy = three
    archive.rulings.split([copy, part], NOW)
    assert story_of(archive, copy) == story_of(archive, part)
    assert stories(archive) == [(longest, 1, 1), (copy, 2, 2)]
    assert (part, copy, "together") in pairs(archive)
    assert not may_leave(archive.db, part)
    assert may_leave(archive.db, longest)


def test_a_merge_undoes_a_split_and_a_split_a_merge(archive: Archive, three: tuple[int, int, int]) -> None:
    longest, part, copy = three
    before = stories(archive)
    archive.rulings.split([copy], NOW)
    kept = archive.rulings.merge([copy, part], LATER)
    assert stories(archive) == before
    assert {story_of(archive, one) for one in three} == {kept}
    assert pairs(archive) == {(part, copy, "together")}
    assert told(archive, copy) == ("syndicated", 0.933, 0.824)
    archive.rulings.split([copy], LATER)
    assert pairs(archive) == {(longest, copy, "apart"), (part, copy, "apart")}
    assert story_of(archive, copy) != story_of(archive, part)


def test_texts_that_share_nothing_can_be_merged(archive: Archive, rows: Make) -> None:
    one, two, other = (stored(archive, rows, [number], words=40 - number) for number in (1, 2, 3))
    archive.rulings.merge([two, one, other], NOW)
    assert stories(archive) == [(one, 3, 1)]
    assert told(archive, two) == ("rewrite", 0.0, 0.0)
    assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert archive.articles.kin([1, 2])[0].story_id == story_of(archive, two)


def test_what_is_apart_can_be_put_into_no_story_of_the_other_side(
    archive: Archive, rows: Make, three: tuple[int, int, int]
) -> None:
    longest, part, copy = three
    new, old = archive.rulings.split([copy], NOW), story_of(archive, part)
    bridge = stored(archive, rows, range(1000, 1016), new, words=150)
    assert not may_merge(archive.db, new, old)
    assert not may_merge(archive.db, old, new)
    assert not may_join(archive.db, part, new)
    assert not may_join(archive.db, copy, old)
    assert may_join(archive.db, part, old)
    assert may_join(archive.db, bridge, old)
    elsewhere = story_of(archive, stored(archive, rows, [77]))
    assert may_merge(archive.db, new, elsewhere)
    assert may_join(archive.db, longest, elsewhere)


def test_what_is_together_joins_nothing_that_leaves_the_other_behind(archive: Archive, rows: Make) -> None:
    one, two, third = (stored(archive, rows, [number]) for number in (1, 2, 3))
    kept = archive.rulings.merge([one, two], NOW)
    assert may_join(archive.db, one, kept)
    assert not may_join(archive.db, one, story_of(archive, third))
    assert may_join(archive.db, third, kept)


def test_a_ruling_outlasts_new_texts_and_new_readings(
    archive: Archive, rows: Make, three: tuple[int, int, int]
) -> None:
    longest, part, copy = three
    new = archive.rulings.split([copy], NOW)
    url = archive.db.execute("SELECT url FROM articles WHERE id = ?", [copy]).fetchone()[0]
    version = rows(1, change="version", article_id=copy, url=url, outlet="daily.example", words=300)
    archive.articles.store(replace(version, fingerprints=tuple(range(1000, 1016))), LATER)
    article, details = archive.rereadings.stored(part)
    archive.rereadings.refresh(part, article, details, tuple(range(1000, 1016)), ())
    assert stories(archive) == [(longest, 2, 1), (copy, 1, 1)]
    assert story_of(archive, copy) == new
    assert not may_merge(archive.db, new, story_of(archive, part))


def test_rulings_are_read_through_indexes_only(archive: Archive) -> None:
    from archive.ruled import AGAINST_JOINING, AGAINST_LEAVING, AGAINST_MERGING

    for sql in (AGAINST_JOINING, AGAINST_MERGING, AGAINST_LEAVING):
        values = [1] if "?" in sql else {"article": 1, "story": 1, "other": 2}
        plan = str(archive.db.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall())
        assert "SCAN" not in plan, plan


def test_a_split_that_fails_half_way_changes_nothing(
    archive: Archive, three: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stories(archive), pairs(archive)

    def broken(*_: object) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr("archive.stories.Stories.settle", broken)
    with pytest.raises(RuntimeError, match="half way"):
        archive.rulings.split([three[2]], NOW)
    assert (stories(archive), pairs(archive)) == before


STEPS = st.lists(st.tuples(st.sampled_from(["split", "merge", "copy", "join", "drift"]), st.integers(0, 9),
                           st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=14)  # fmt: skip


@given(STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_regrouping_that_asks_first_breaks_a_ruling(
    archive: Archive, rows: Make, steps: list[tuple[str, int, int, int]]
) -> None:
    """`drift` moves an article and `join` merges two stories as a grouping would, where it may."""
    ids = [stored(archive, rows, [next(NUMBERS)]) for _ in range(4)]
    for step, *numbers in steps:
        one, two, three = (ids[number % len(ids)] for number in numbers)
        mine, theirs = story_of(archive, one), story_of(archive, two)
        size = archive.rulings.around(one)[1]
        if step == "copy":
            ids.append(stored(archive, rows, [next(NUMBERS)], mine))
        elif step == "merge" and len({one, two, three}) > 1:
            archive.rulings.merge(list({one, two, three}), NOW)
            assert story_of(archive, one) == story_of(archive, two) == story_of(archive, three)
        elif step == "split" and size and (mine != theirs or one == two or size > 1):
            chosen = list({one, two} if mine == theirs else {one})
            archive.rulings.split(chosen, NOW)
            assert story_of(archive, one) != mine
        elif step == "join" and mine != theirs and may_merge(archive.db, mine, theirs):
            regroup(archive, [row[0] for row in archive.db.execute(
                "SELECT id FROM articles WHERE story_id = ?", [mine]).fetchall()], theirs)  # fmt: skip
        elif step == "drift" and size and mine != theirs and may_join(archive.db, one, theirs):
            regroup(archive, [one], theirs)
        assert_true(archive)


def regroup(archive: Archive, articles: list[int], story: int) -> None:
    """Move articles into a story, as a grouping does that knows nothing of rulings."""
    with archive.writing() as db:
        old = story_of(archive, articles[0])
        for article in articles:
            db.execute("UPDATE articles SET story_id = ? WHERE id = ?", [story, article])
        left = db.execute("SELECT MIN(id) FROM articles WHERE story_id = ?", [old]).fetchone()[0]
        if left is None:
            db.execute("DELETE FROM stories WHERE id = ?", [old])
        else:
            db.execute("UPDATE stories SET article_id = ? WHERE id = ?", [left, old])
        tally = "UPDATE stories SET size = (SELECT COUNT(*) FROM articles WHERE story_id = stories.id)"
        db.execute(tally)


def assert_true(archive: Archive) -> None:
    """No story holds two articles that are apart, none lacks one that is together with its own, sizes are true."""
    broken = """
        SELECT article_id, other_id, ruling FROM story_rulings JOIN articles AS a ON a.id = article_id
        JOIN articles AS b ON b.id = other_id WHERE (ruling = 'apart') = (a.story_id = b.story_id)"""
    assert archive.db.execute(broken).fetchall() == []
    wrong = """
        SELECT id FROM stories WHERE size != (SELECT COUNT(*) FROM articles WHERE story_id = stories.id)
        OR NOT EXISTS (SELECT 1 FROM articles WHERE id = stories.article_id AND story_id = stories.id)"""
    assert archive.db.execute(wrong).fetchall() == []
    assert archive.db.execute("SELECT COUNT(*) FROM articles WHERE story_id IS NULL").fetchone()[0] == 0
