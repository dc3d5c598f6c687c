from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from archive.rows import CaptureRows
from archive.store import Archive

NOW = "2019-02-01T12:00:00Z"
Make = Callable[..., CaptureRows]


def crowd(archive: Archive, size: int) -> int:
    """The id of a story of so many articles of as many outlets, of which the first is the longest."""
    (first,) = archive.db.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM articles").fetchone()
    numbers = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :first + :size - 1)"
    asked = {"first": first, "size": size}
    with archive.writing() as db:
        db.execute("PRAGMA defer_foreign_keys = ON")
        db.execute(f"INSERT INTO outlets (domain) {numbers} SELECT i || '.crowd.example' FROM n", asked)
        db.execute("INSERT INTO stories (id, article_id, size, outlets) VALUES (:first, :first, :size, :size)", asked)
        db.execute(
            f"""INSERT INTO articles (id, url, outlet_id, story_id, story_relation, fetched, words, content_hash)
            {numbers} SELECT i, 'https://crowd.example/' || i, outlets.id, :first,
                IIF(i = :first, 'original', 'partial'), '2019-01-01T00:00:00Z',
                2000 - (i - :first) % 1000, i FROM n JOIN outlets ON domain = i || '.crowd.example'""",
            asked,
        )
    return int(first)


def test_to_join_a_story_of_thousands_is_no_more_work_than_one_of_fifty(archive: Archive, rows: Make) -> None:
    found = []
    for size in (50, 5_000):
        story = crowd(archive, size)
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        archive.db.conn.set_progress_handler(count, 10)
        known = {"story_id": story, "words": 60}
        for number, outlet in enumerate((f"{story}.crowd.example", "new.example", "new.example"), start=2 * story):
            archive.articles.store(rows(number, outlet=outlet, **known), NOW)
        archive.db.conn.set_progress_handler(None, 0)
        found.append(steps)
        query = "SELECT article_id, size, outlets FROM stories WHERE id = ?"
        assert archive.db.execute(query, [story]).fetchone() == (story, size + 3, size + 1)
    assert found[1] <= 1.1 * found[0], found


def originals(archive: Archive, story: int) -> list[int]:
    query = "SELECT id FROM articles WHERE story_id = ? AND story_relation = 'original'"
    return [number for (number,) in archive.db.execute(query, [story]).fetchall()]


def test_a_story_of_very_many_has_one_original_after_two_became_one(archive: Archive, rows: Make) -> None:
    story = crowd(archive, 100)
    archive.articles.store(rows(101, words=60), NOW)
    other = archive.db.execute("SELECT MAX(id) FROM stories").fetchone()[0]
    archive.articles.store(replace(rows(102, story_id=story, words=60), story_relation="partial", merges=(other,)), NOW)
    assert originals(archive, story) == [story]
    assert archive.db.execute("SELECT size, outlets FROM stories").fetchall() == [(102, 101)]


def test_an_original_cut_short_in_a_story_of_very_many_is_no_original_any_more(archive: Archive, rows: Make) -> None:
    story = crowd(archive, 100)
    archive.articles.store(rows(101, change="version", article_id=story, words=10, outlet="1.crowd.example"), NOW)
    assert originals(archive, story) == [story + 1]


def test_an_article_whose_story_went_meanwhile_has_one_of_its_own(archive: Archive, rows: Make) -> None:
    article = archive.articles.store(rows(1, story_id=99), NOW)
    assert archive.db.execute("SELECT article_id, size, outlets FROM stories").fetchall() == [(article, 1, 1)]


@pytest.mark.parametrize("is_first", [True, False])
def test_one_ruling_in_a_story_of_very_many_keeps_another_out_of_it(
    archive: Archive, rows: Make, *, is_first: bool
) -> None:
    story = 0 if is_first else crowd(archive, 100)
    one = archive.articles.store(rows(900, words=60), NOW)
    other = archive.articles.kin([9_000])[0].story_id
    story = story or crowd(archive, 100)
    pair = sorted([one, story + 57])
    archive.db.execute(
        "INSERT INTO story_rulings (article_id, other_id, ruling, made) VALUES (?, ?, 'apart', '')", pair
    )
    archive.db.conn.commit()
    archive.articles.store(replace(rows(901, story_id=story, words=60), merges=(other,)), NOW)
    assert sorted(size for (size,) in archive.db.execute("SELECT size FROM stories").fetchall()) == [1, 101]
    archive.db.execute("UPDATE story_rulings SET ruling = 'together'")
    archive.db.conn.commit()
    archive.articles.store(replace(rows(902, story_id=story, words=60), merges=(other,)), NOW)
    assert archive.db.execute("SELECT size FROM stories").fetchall() == [(103,)]
