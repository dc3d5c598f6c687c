from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.rows import CaptureRows, RecordRow, ValidatorRow
from archive.store import Archive

NOW = "2019-02-01T12:00:00Z"
Make = Callable[..., CaptureRows]
NUMBERS = count(1_000)
RECORD = RecordRow(
    url="https://wire.example/1", fetched=NOW, status=200, digest="sha1:AAAA", warc_file="f.warc.gz", warc_offset=100,
    warc_length=50,
)  # fmt: skip


def dump(archive: Archive, *tables: str) -> list[list[tuple[object, ...]]]:
    return [archive.db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]


def found(archive: Archive, word: str) -> list[int]:
    query = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid"
    return [row[0] for row in archive.db.execute(query, [word]).fetchall()]


def test_an_article_is_stored_with_all_that_belongs_to_it(archive: Archive, rows: Make) -> None:
    validator = ValidatorRow(url="https://wire.example/1", etag='"a"', last_modified=None, body_hash=None, polls=0)
    article = archive.articles.store(replace(rows(1), record=RECORD, validator=validator), NOW)
    stored = next(archive.db.query("SELECT * FROM articles"))
    assert (stored["id"], stored["month"], stored["story_relation"]) == (article, "2019-01", "original")
    assert archive.db.execute("SELECT state, checked FROM candidates").fetchall() == [("stored", NOW)]
    assert archive.db.execute("SELECT article_id, size, outlets FROM stories").fetchall() == [(article, 1, 1)]
    assert archive.db.execute("SELECT article_id FROM records").fetchall() == [(article,)]
    assert archive.articles.last_record("f.warc.gz") == 150
    assert archive.validators.get("https://wire.example/1") == validator
    assert found(archive, "envoy") == [article]


def test_seen_is_written_with_the_article_or_not_at_all(archive: Archive, rows: Make) -> None:
    broken = replace(rows(1), membership=replace(rows(1).membership, topic_id=99))
    before = dump(archive, "articles", "candidates", "outlets", "stories", "fingerprints")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        archive.articles.store(broken, NOW)
    assert dump(archive, "articles", "candidates", "outlets", "stories", "fingerprints") == before
    assert found(archive, "envoys") == []


def test_an_unchanged_article_is_not_rewritten(archive: Archive, rows: Make) -> None:
    first = archive.articles.store(rows(1), NOW)
    tables = ("articles", "versions", "stories", "fingerprints", "article_topics", "aliases")
    before = dump(archive, *tables)
    archive.articles.store(rows(1, change="unchanged", article_id=first), "2019-02-02T12:00:00Z")
    assert dump(archive, *tables) == before


def test_a_new_text_replaces_the_old_which_becomes_a_version(archive: Archive, rows: Make) -> None:
    first = archive.articles.store(rows(1, body="The first text about envoys."), NOW)
    again = rows(
        1, change="version", article_id=first, body="The second text about ministers.", fetched="2019-02-03T00:00:00Z"
    )
    assert archive.articles.store(again, "2019-02-03T00:00:00Z") == first
    assert archive.db.execute("SELECT article_id, body, fetched FROM versions").fetchall() == [
        (first, "The first text about envoys.", NOW)
    ]
    assert (found(archive, "ministers"), found(archive, "envoys")) == ([first], [])
    assert archive.db.execute("SELECT hash FROM fingerprints ORDER BY 1").fetchall() == [(10,), (11,)]


def test_a_copy_joins_its_story(archive: Archive, rows: Make) -> None:
    first = archive.articles.store(rows(1, body="one two three four five"), NOW)
    kin = archive.articles.kin([10, 11])[0]
    copy = rows(
        2, story_id=kin.story_id, body="one two three four", url="https://daily.example/2", outlet="daily.example"
    )
    second = archive.articles.store(replace(copy, story_relation="truncated", story_similarity=0.9), NOW)
    assert archive.db.execute("SELECT article_id, size, outlets FROM stories").fetchall() == [(first, 2, 2)]
    query = "SELECT story_relation, story_similarity FROM articles WHERE id = ?"
    assert archive.db.execute(query, [second]).fetchone() == ("truncated", 0.9)
    assert [(one.article_id, one.stands) for one in archive.articles.kin([20, 21])] == [(first, True), (second, False)]
    assert [one.article_id for one in archive.articles.kin([20, 21], least=3)] == []


def relations(archive: Archive) -> list[tuple[object, ...]]:
    return archive.db.execute("SELECT id, story_relation, story_similarity FROM articles ORDER BY id").fetchall()


def stories(archive: Archive) -> list[tuple[object, ...]]:
    return archive.db.execute("SELECT article_id, size, outlets FROM stories ORDER BY id").fetchall()


def joined(archive: Archive, rows: Make, number: int, **article: object) -> int:
    """The id of an article that joins the first story."""
    return archive.articles.store(rows(number, story_id=1, **article), NOW)


def test_the_longest_text_stands_for_its_story_and_the_others_are_compared_with_it(
    archive: Archive, rows: Make
) -> None:
    first = archive.articles.store(replace(rows(1, words=50), fingerprints=tuple(range(50))), NOW)
    longer = replace(rows(2, story_id=1, words=200), fingerprints=(*range(40), *range(100, 260)))
    second = archive.articles.store(replace(longer, story_relation="partial", story_similarity=0.4), NOW)
    assert stories(archive) == [(second, 2, 1)]
    query = "SELECT id, story_relation, story_similarity, story_jaccard FROM articles ORDER BY id"
    # Up to its last hash, 49, the shorter has 50 and the longer 40 hashes.
    assert archive.db.execute(query).fetchall() == [(first, "truncated", 0.8, 0.8), (second, "original", 0.0, 0.0)]


def test_of_nearly_equally_long_texts_the_earliest_stands_for_the_story(archive: Archive, rows: Make) -> None:
    late = archive.articles.store(rows(1, published="2019-01-09T00:00:00Z", words=50, words_hash="same"), NOW)
    early = joined(archive, rows, 2, published="2019-01-08T00:00:00Z", words=46, words_hash="same")
    joined(archive, rows, 3, published="2019-01-07T00:00:00Z", words=44)
    assert stories(archive) == [(early, 3, 1)]
    assert relations(archive)[:2] == [(late, "exact copy", 1.0), (early, "original", 0.0)]


def test_an_agencys_own_article_stands_for_its_story_unless_it_is_an_alert(archive: Archive, rows: Make) -> None:
    archive.articles.store(rows(1, words=100), NOW)
    joined(archive, rows, 2, words=95, wire="AP", published="2019-01-01T00:00:00Z")
    own = joined(archive, rows, 3, words=60, wire="AP", is_agency=True)
    joined(archive, rows, 4, words=40, wire="AFP", is_agency=True, published="2019-01-01T00:00:00Z")
    assert stories(archive) == [(own, 4, 1)]


def test_two_stories_become_one_and_what_leads_to_each_leads_to_it(archive: Archive, rows: Make) -> None:
    for number in (1, 2):
        archive.articles.store(rows(number, words=50 * number, outlet=f"o{number}.example"), NOW)
    third = rows(3, story_id=1, words=40, outlet="o3.example")
    archive.articles.store(replace(third, merges=(2,), story_relation="truncated"), NOW)
    assert stories(archive) == [(2, 3, 3)]
    assert {story for (story,) in archive.db.execute("SELECT story_id FROM articles").fetchall()} == {1}


def test_stories_that_somebody_ruled_apart_stay_two(archive: Archive, rows: Make) -> None:
    for number in (1, 2):
        archive.articles.store(rows(number), NOW)
    archive.db.execute("INSERT INTO story_rulings (article_id, other_id, ruling, made) VALUES (2, 1, 'apart', '')")
    archive.db.conn.commit()
    archive.articles.store(replace(rows(3, story_id=1), merges=(2,)), NOW)
    assert [size for _, size, _ in stories(archive)] == [2, 1]


def test_who_stands_for_a_story_is_found_in_a_few_of_its_articles(archive: Archive) -> None:
    from archive.stories import BEST, ENOUGH, LONGEST, NEARLY

    asked = {"story": 1, "most": LONGEST, "enough": ENOUGH, "nearly": NEARLY}
    plan = [row[3] for row in archive.db.execute(f"EXPLAIN QUERY PLAN {BEST}", asked).fetchall()]
    assert "SEARCH articles USING INDEX articles_story (story_id=?)" in plan


def test_when_the_longest_text_is_cut_another_stands_for_the_story(archive: Archive, rows: Make) -> None:
    first = archive.articles.store(rows(1, words=80), NOW)
    story = archive.articles.kin([10])[0].story_id
    copy = replace(rows(2, story_id=story, words=60, outlet="daily.example"), story_relation="truncated")
    second = archive.articles.store(copy, NOW)
    assert stories(archive) == [(first, 2, 2)]
    archive.articles.store(rows(1, change="version", article_id=first, words=20, body="Cut."), NOW)
    assert stories(archive) == [(second, 2, 2)]
    assert [kin.article_id for kin in archive.articles.kin([20, 21])] == [second]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(1, 5), st.booleans()), max_size=12))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_story_is_always_true_of_its_articles(
    archive: Archive, rows: Make, steps: list[tuple[int, int, int, bool]]
) -> None:
    stored = [archive.articles.store(rows(next(NUMBERS), words=3), NOW)]
    story = archive.db.execute("SELECT MAX(id) FROM stories").fetchone()[0]
    for outlet, words, day, is_version in steps:
        facts = {"words": words, "published": f"2019-01-0{day}T00:00:00Z", "outlet": f"outlet{outlet}.example"}
        if is_version:
            facts |= {"change": "version", "article_id": stored[len(stored) // 2]}
        stored.append(archive.articles.store(rows(next(NUMBERS), story_id=story, **facts), NOW))
    longest = """
        SELECT id, (SELECT COUNT(*) FROM articles WHERE story_id = :story),
            (SELECT COUNT(DISTINCT outlet_id) FROM articles WHERE story_id = :story), story_relation
        FROM articles WHERE story_id = :story ORDER BY words DESC, published, id LIMIT 1"""
    expected = archive.db.execute(longest, {"story": story}).fetchone()
    assert (*stories(archive)[-1], "original") == expected


def shares(archive: Archive, hashes: list[int], **asked: int) -> list[tuple[int, int]]:
    """The articles that are like a sketch, each with the number of hashes that it shares."""
    return [
        (kin.article_id, len(set(kin.hashes) & set(hashes))) for kin in archive.articles.kin(sorted(hashes), **asked)
    ]


def test_shingles_that_everybody_shares_say_nothing(archive: Archive, rows: Make) -> None:
    for number in range(1, 8):
        archive.articles.store(replace(rows(number), fingerprints=(7, number * 100)), NOW)
    assert shares(archive, [7], cap=5) == []
    assert shares(archive, [7, 300], cap=5) == [(3, 2)]


def test_a_story_that_very_many_carry_is_no_boilerplate_and_few_of_them_are_looked_at(
    archive: Archive, rows: Make
) -> None:
    first = archive.articles.store(replace(rows(0, words=90), fingerprints=(7, 8)), NOW)
    for number in range(1, 20):
        archive.articles.store(replace(rows(number, story_id=1, words=50), fingerprints=(7, 8)), NOW)
    archive.articles.store(replace(rows(20), fingerprints=(9,)), NOW)
    found = archive.articles.kin([7, 8, 9], cap=5)
    assert [(kin.story_id, kin.stands) for kin in found] == [(1, True), *[(1, False)] * 4, (2, True)]
    assert (found[0].article_id, found[0].hashes) == (first, (7, 8))


def test_only_the_rarest_hashes_are_looked_for_and_all_are_compared(archive: Archive, rows: Make) -> None:
    first = archive.articles.store(replace(rows(1), fingerprints=tuple(range(100, 140))), NOW)
    assert archive.db.execute("SELECT MIN(hash), MAX(hash), COUNT(*) FROM fingerprints").fetchone() == (100, 115, 16)
    assert shares(archive, [100, 138, 139, 140]) == [(first, 3)]
    assert shares(archive, [100, 138], least=3) == []
    assert shares(archive, [138, 139]) == []
    assert shares(archive, [*range(64), 100]) == []
    archive.articles.store(replace(rows(1, change="version", article_id=first), fingerprints=(7,)), NOW)
    assert shares(archive, [100, 101]) == []
    assert shares(archive, [7]) == [(first, 1)]


def test_a_text_too_short_for_hashes_is_found_by_its_words(archive: Archive, rows: Make) -> None:
    archive.articles.store(replace(rows(1, words_hash="same"), fingerprints=()), NOW)
    (kin,) = archive.articles.exact("same")
    assert kin.hashes == ()


def test_the_same_words_are_found_at_once_in_the_first_articles(archive: Archive, rows: Make) -> None:
    first = archive.articles.store(rows(1, words_hash="same"), NOW)
    for number in range(2, 9):
        archive.articles.store(rows(number, words_hash="same"), NOW)
    found = archive.articles.exact("same")
    assert len(found) == 5
    assert (found[0].article_id, found[0].outlet, found[0].hashes, found[0].stands) == (
        first, "wire.example", (10, 11), True
    )  # fmt: skip
    assert archive.articles.exact("other") == []


def test_an_article_is_known_by_each_of_its_addresses(archive: Archive, rows: Make) -> None:
    stored = replace(rows(1), aliases=(("https://wire.example/1?from=feed", "requested"),))
    first = archive.articles.store(stored, NOW)
    for url in ("https://wire.example/1", "https://wire.example/1?from=feed"):
        known = archive.articles.known(["https://wire.example/none", url])
        assert known is not None
        assert known.id == first
    assert archive.articles.known(["https://wire.example/none"]) is None


def test_looking_for_kin_reads_the_index_only(archive: Archive) -> None:
    from archive.articles import PROBE

    plan = str(archive.db.execute(f"EXPLAIN QUERY PLAN {PROBE}", [51, "[1]"]).fetchall())
    assert "SEARCH fingerprints USING PRIMARY KEY (hash=?)" in plan
    assert "SEARCH articles USING INTEGER PRIMARY KEY" in plan
    assert "SCAN articles" not in plan


def test_an_address_leads_to_the_newest_article_but_never_away_from_its_own(archive: Archive, rows: Make) -> None:
    latest = ("https://wire.example/latest", "redirected")
    first = archive.articles.store(replace(rows(1), aliases=(latest,)), NOW)
    second = archive.articles.store(replace(rows(2), aliases=(latest, ("https://wire.example/1", "redirected"))), NOW)
    leads = dict(archive.db.execute("SELECT url, article_id FROM aliases").fetchall())
    assert leads == {
        "https://wire.example/latest": second,
        "https://wire.example/1": first,
        "https://wire.example/2": second,
    }


def test_a_new_version_keeps_the_address_the_story_and_a_date_that_it_does_not_name(
    archive: Archive, rows: Make
) -> None:
    first = archive.articles.store(rows(1, published_precision="instant"), NOW)
    moved = rows(1, change="version", article_id=first, url="https://wire.example/moved", published=None, body="New.")
    archive.articles.store(moved, NOW)
    query = "SELECT url, published, published_precision, month, story_id, body FROM articles"
    assert archive.db.execute(query).fetchall() == [
        ("https://wire.example/1", "2019-01-02T08:00:00Z", "instant", "2019-01", 1, "New.")
    ]
    known = archive.articles.known(["https://wire.example/moved"])
    assert known is not None
    assert known.id == first
