from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.pages.comparison import FOLDED, LONGEST, MOST_LINES, Comparison, compared
from pipelines.difference import difference

BODIES = st.lists(st.sampled_from(["", "one", "two words", "two other words", "three"]), max_size=12).map("\n".join)


def told(old: str, new: str, **bounds: Any) -> Comparison:
    found = compared(difference, ("Title", old), ("Title", new), **bounds)
    assert found is not None
    return found


def test_what_changed_stands_between_its_neighbours_and_the_rest_is_folded() -> None:
    lines = [f"Paragraph {number}." for number in range(9)]
    found = told("\n".join(lines), "\n".join([*lines[:4], "Paragraph 4, mended.", *lines[5:]]))
    assert [(one.folded, len(one.paragraphs)) for one in found.stretches] == [(3, 3), (0, 3), (3, 3)]
    assert found.stretches[1].paragraphs[1] == (("same", "Paragraph 4"), ("added", ", mended"), ("same", "."))
    assert (found.added, found.removed) == (1, 0)


def test_one_paragraph_is_no_fold() -> None:
    found = told("a b c\nd e f\ng h i", "a b c\nd e f\ng h i\nnew words")
    assert [one.folded for one in found.stretches] == [2, 0]
    assert [one.folded for one in told("a\nb", "a\nb\nc").stretches] == [0, 0]


def test_a_very_long_fold_is_counted_and_not_shown() -> None:
    lines = [f"{number} {'x' * 100}" for number in range(FOLDED // 100)]
    found = told("\n".join([*lines, "end"]), "\n".join([*lines, "another end"]))
    assert (found.stretches[0].folded, found.stretches[0].paragraphs) == (len(lines) - 1, ())


def test_the_same_text_is_the_same() -> None:
    assert told("a\nb", "a\nb").is_empty
    assert not told("a\nb", "a\nc").is_empty
    other = compared(difference, ("Title", "a"), ("Another", "a"))
    assert other is not None
    assert not other.is_empty


@given(BODIES, BODIES)
def test_nothing_is_lost_but_empty_lines(old: str, new: str) -> None:
    runs = [runs for one in told(old, new).stretches for runs in one.paragraphs]
    for text, other in ((old, "added"), (new, "removed")):
        lines = ["".join(words for said, words in line if said != other) for line in runs]
        assert [line for line in lines if line.strip()] == [line for line in text.split("\n") if line.strip()]


def refused(*_: str) -> Any:
    raise AssertionError("it would take too long")


@pytest.mark.parametrize(
    ("old", "new"),
    [("x\n" * MOST_LINES, "y\n" * MOST_LINES), ("x" * LONGEST, "y"), ("\n".join("ab" * MOST_LINES), "b")],
    ids=["lines", "characters", "many"],
)
def test_what_would_take_too_long_is_not_begun(old: str, new: str) -> None:
    assert compared(refused, ("", old), ("", new)) is None


def test_what_two_long_texts_have_in_common_costs_nothing() -> None:
    common = "\n".join(f"line {number}" for number in range(MOST_LINES * 2))
    found = compared(difference, ("T", common), ("T", f"new at the top\n{common}"))
    assert found is not None
    assert (found.added, found.removed) == (4, 0)
    assert len(found.stretches[0].paragraphs) == 2
