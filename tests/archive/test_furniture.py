from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.furniture import learn, lines_of, packed, unpacked
from archive.rows import CaptureRows, DetailRows
from archive.store import Archive

NOW = "2019-02-01T12:00:00Z"
OUTLET = "wire.example"
LINES = (-3, -2, -1, 1, 2, 3)
Store = Callable[..., int]


@pytest.fixture
def store(archive: Archive, rows: Callable[..., CaptureRows]) -> Store:
    """Store article number so-and-so with these lines; its id."""

    def stored(number: int, *lines: int, **more: object) -> int:
        details = DetailRows(lines=lines)
        return archive.articles.store(replace(rows(number, **more), details=details), NOW)

    return stored


def counts(archive: Archive) -> dict[int, int]:
    return dict(archive.db.execute("SELECT line_hash, articles FROM furniture WHERE line_hash != 0").fetchall())


def test_a_line_is_furniture_from_the_third_article_on(archive: Archive, store: Store) -> None:
    store(1, 7, 8)
    assert archive.furniture.shared(OUTLET, [7, 8]) == frozenset()
    store(2, 7, -9)
    assert archive.furniture.shared(OUTLET, [7, 8, -9]) == {7}


def test_what_a_third_of_an_outlet_s_articles_have_is_furniture_and_background_is_not(
    archive: Archive, store: Store
) -> None:
    for number in range(1, 10):
        store(number, 7, *([8] if number <= 2 else []), *([9] if number <= 3 else []))
    assert archive.furniture.shared(OUTLET, [7, 8, 9]) == {7, 9}
    store(10, 7)
    assert archive.furniture.shared(OUTLET, [7, 8, 9]) == {7}


def test_other_outlets_and_unknown_ones_share_nothing(archive: Archive, store: Store) -> None:
    for number in (1, 2, 3):
        store(number, 7)
    store(4, 7, outlet="other.example")
    assert archive.furniture.shared("other.example", [7]) == frozenset()
    assert archive.furniture.shared("nobody.example", [7]) == frozenset()
    assert archive.furniture.shared(OUTLET, []) == frozenset()


def test_an_article_is_no_witness_of_its_own_lines(archive: Archive, store: Store) -> None:
    first, second = store(1, 7), store(2, 7)
    assert archive.furniture.shared(OUTLET, [7], first) == frozenset()
    assert archive.furniture.shared(OUTLET, [7]) == {7}
    third = store(3, 7)
    assert [archive.furniture.shared(OUTLET, [7], one) for one in (first, second, third)] == [{7}] * 3


def test_a_new_text_is_counted_in_place_of_the_old_one(archive: Archive, store: Store) -> None:
    first = store(1, 7, 8)
    store(1, 8, 9, change="version", article_id=first)
    assert counts(archive) == {8: 1, 9: 1}
    store(1, 8, 9, change="refreshed", article_id=first)
    assert counts(archive) == {8: 1, 9: 1}


def test_what_was_counted_for_another_outlet_is_taken_back_there(archive: Archive, store: Store) -> None:
    first = store(1, 7)
    store(1, 7, change="version", article_id=first, outlet="moved.example")
    store(2, 7)
    store(3, 7)
    assert archive.db.execute(
        "SELECT outlet_id, articles FROM furniture WHERE line_hash = 7 ORDER BY 1"
    ).fetchall() == [(1, 2), (2, 1)]


def test_what_was_taken_out_of_a_text_is_kept_beside_its_lines(
    archive: Archive, rows: Callable[..., CaptureRows]
) -> None:
    details = DetailRows(lines=(7, 8), furniture=(8,))
    article = archive.articles.store(replace(rows(1), details=details), NOW)
    assert lines_of(archive.db, article) == (1, (7, 8), (8,))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.frozensets(st.sampled_from([-3, -2, -1, 1, 2, 3]), max_size=5)), max_size=12
    )
)
def test_counts_are_those_of_the_lines_that_articles_have_now(
    archive: Archive, rows: Callable[..., CaptureRows], texts: list[tuple[int, frozenset[int]]]
) -> None:
    is_filled = archive.db.execute("SELECT COUNT(*) FROM articles").fetchone() == (4,)
    ids = [1, 2, 3, 4] if is_filled else [archive.articles.store(rows(number), NOW) for number in range(1, 5)]
    have: dict[int, frozenset[int]] = {}
    with archive.writing() as db:
        for number in range(1, 5):
            learn(db, ids[number - 1], 1, (), ())
        for number, lines in texts:
            learn(db, ids[number - 1], 1, sorted(lines), ())
            have[number] = lines
    expected = {line: sum(line in lines for lines in have.values()) for line in LINES}
    assert counts(archive) == {line: count for line, count in expected.items() if count}
    assert all(
        archive.furniture.shared(OUTLET, [line]) == ({line} if n >= 2 else set()) for line, n in expected.items()
    )


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_lines_survive_their_column(lines: list[int]) -> None:
    assert unpacked(packed(lines)) == tuple(sorted(set(lines)))
