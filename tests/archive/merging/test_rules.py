from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.merging.rules import latest, most, named, order

ROWS = st.tuples(st.none() | st.text(max_size=3), st.none() | st.integers(0, 3))
TEXTS = st.none() | st.text(max_size=3)
NAMES = st.sampled_from(["", "a", "b"])


@given(ROWS, ROWS, ROWS)
def test_of_rows_the_greatest_holds_in_any_order(a: tuple, b: tuple, c: tuple) -> None:  # type: ignore[type-arg]
    assert latest(latest(a, b), c) == latest(a, latest(b, c))
    assert latest(a, b) == latest(b, a)
    assert latest(a, a) == a


@given(TEXTS, TEXTS, TEXTS)
def test_so_do_last_times(a: str | None, b: str | None, c: str | None) -> None:
    assert most(most(a, b), c) == most(a, most(b, c)) == most(c, b, a)
    assert most(a, None) == a


@given(NAMES, NAMES, NAMES)
def test_so_do_names(a: str, b: str, c: str) -> None:
    assert named(named(a, b), c) == named(a, named(b, c)) == named(named(c, b), a)
    assert named(a, "") == a


def test_none_comes_before_all() -> None:
    assert sorted([("b",), (None,), ("a",)], key=order) == [(None,), ("a",), ("b",)]
