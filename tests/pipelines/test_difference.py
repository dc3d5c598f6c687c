from __future__ import annotations

import random
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import alignment
from pipelines.alignment import EACH, STEPS, Alignment
from pipelines.difference import Difference, Paragraph, difference

MARKS = {"same": "{}", "added": "{{+{}+}}", "removed": "[-{}-]"}


def drawn(paragraph: Paragraph) -> str:
    return "".join(MARKS[run.said].format(run.text) for run in paragraph.runs)


def lines(old: str, new: str) -> list[str]:
    return [drawn(paragraph) for paragraph in difference("", old, "", new).paragraphs]


def side(found: Difference, gone: str) -> tuple[str, str]:
    """Title and body of one text, from all but what is gone from it."""

    def text(paragraph: Paragraph) -> str:
        return "".join(run.text for run in paragraph.runs if run.said != gone)

    return text(found.title), "\n".join(text(one) for one in found.paragraphs if one.said != gone)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("The envoys met on Monday.", "The envoys met on Tuesday.", ["The envoys met on [-Monday-]{+Tuesday+}."]),
        ("Some 3,000 soldiers leave.", "Some 3,500 soldiers leave.", ["Some [-3,000-]{+3,500+} soldiers leave."]),
        ("They spoke.", "They spoke. Nobody listened.", ["They spoke.{+ Nobody listened.+}"]),
        ("They spoke.", "At noon they spoke.", ["[-They-]{+At noon they+} spoke."]),
        ("One\nTwo\nThree", "One\nThree", ["One", "[-Two-]", "Three"]),
        ("One\nThree", "One\n\nTwo\nThree", ["One", "", "{+Two+}", "Three"]),
        ("Rain fell.", "Nothing like it here", ["[-Rain fell.-]", "{+Nothing like it here+}"]),
        ("代表团周一抵达多哈。", "代表团周二抵达多哈。", ["代表团周[-一-]{+二+}抵达多哈。"]),
        ("दूत सोमवार को मिले थे", "दूत मंगलवार को मिले थे", ["दूत [-सोमवार-]{+मंगलवार+} को मिले थे"]),
        ("Two  gaps here now", "Two gaps here now", ["Two[-  -]{+ +}gaps here now"]),
        ("the old red fox jumps over it", "the small grey fox runs under it",
         ["the [-old red fox jumps over-]{+small grey fox runs under+} it"]),
    ],
    ids=["word", "number", "at the end", "at the beginning", "paragraph gone", "empty paragraph", "nothing alike",
         "without spaces", "vowel signs", "white space", "one word among changes"],
)  # fmt: skip
def test_words_that_changed_are_told_and_no_others(old: str, new: str, expected: list[str]) -> None:
    assert lines(old, new) == expected


def test_paragraphs_find_their_new_wording_where_others_came_and_went_around_them() -> None:
    old = "Gone for good, all of it.\nThe hosts spoke of a draft on Monday.\nThe border stays shut until spring."
    new = (
        "The hosts spoke of a treaty on Monday.\nA new voice, never heard before now.\nThe border stays shut until May."
    )
    found = difference("", old, "", new)
    assert [one.said for one in found.paragraphs] == ["removed", "changed", "added", "changed"]
    assert (found.added, found.removed) == (9, 8)


def test_the_title_is_one_paragraph_and_counts() -> None:
    found = difference("Talks end", "Same.", "Talks end in deal", "Same.")
    assert drawn(found.title) == "Talks end{+ in deal+}"
    assert (found.added, found.removed, found.is_empty) == (2, 0, False)
    assert difference("A", "b\nc", "A", "b\nc").is_empty
    assert not difference("A", "b\n", "A", "b").is_empty


TEXTS = st.text("ab c.\n\u00a0", max_size=60) | st.text(max_size=40) | st.lists(
    st.sampled_from(["Rain fell.", "Rain fell on the hills", "the hills lay bare", "", "  ", "U.S. troops, 3,000"])
).map("\n".join)  # fmt: skip


@given(TEXTS, TEXTS, st.integers(0, 3_000))
def test_both_texts_can_be_made_again_to_the_letter_whatever_the_bounds(old: str, new: str, steps: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("pipelines.difference.Alignment", lambda: Alignment(steps))
        found = difference(old, new, new, old)
    assert side(found, "added") == (old, new)
    assert side(found, "removed") == (new, old)
    assert found.is_empty == (old == new)


@given(st.lists(st.sampled_from("abcdef"), max_size=30), st.lists(st.sampled_from("abcdefg"), max_size=30),
       st.integers(0, 500))  # fmt: skip
def test_what_is_aligned_is_equal_and_in_order(old: list[str], new: list[str], steps: int) -> None:
    pairs = Alignment(steps).equal(old, new)
    assert all(old[one] == new[two] for one, two in pairs)
    for before, after in pairwise(pairs):
        assert before[0] < after[0]
        assert before[1] < after[1]


@given(st.lists(st.frozensets(st.sampled_from("abcd")), max_size=9), st.lists(st.frozensets(st.sampled_from("abcd")),
       max_size=9), st.sampled_from([0, STEPS]))  # fmt: skip
def test_bags_are_paired_in_order_and_alike(old: list[frozenset[str]], new: list[frozenset[str]], steps: int) -> None:
    pairs = Alignment(steps).alike(old, new, 0.5)
    assert all(4 * len(old[one] & new[two]) >= len(old[one]) + len(new[two]) for one, two in pairs)
    for before, after in pairwise(pairs):
        assert before[0] < after[0]
        assert before[1] < after[1]


class Counting(SequenceMatcher[str]):
    """difflib, with all that it compares counted."""

    compared = 0

    def find_longest_match(self, *bounds: int) -> object:  # type: ignore[override]  # called by place
        alo, ahi = bounds[:2]
        found = self.b2j  # type: ignore[attr-defined]  # not in the types, and the thing that costs
        Counting.compared += sum(1 + len(found.get(self.a[place], ())) for place in range(alo, ahi))
        return super().find_longest_match(*bounds)


def hostile() -> Iterator[tuple[str, str, str]]:
    pick = random.Random(7)
    few = [" ".join(pick.choice("ab") for _ in range(8_000)) for _ in range(2)]
    yield ("two words", *few)
    yield ("two lines", *(text.replace(" ", "\n") for text in few))
    yield "one word", "a " * 8_000 + "b", "c " + "a " * 8_000
    order = [str(number) for number in range(8_000)]
    yield "another order", " ".join(order), " ".join(pick.sample(order, len(order)))
    some = [" ".join(pick.choice("abcdefgh") for _ in range(60)) for _ in range(600)]
    yield "many alike", "\n".join(some[:300]), "\n".join(some[300:])


@pytest.mark.parametrize(("old", "new"), [pytest.param(*texts, id=name) for name, *texts in hostile()])
def test_hostile_texts_cost_a_bounded_number_of_comparisons(
    monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    monkeypatch.setattr(alignment, "SequenceMatcher", Counting)
    monkeypatch.setattr(Counting, "compared", 0)
    work = Alignment(steps := 2 * EACH)
    monkeypatch.setattr("pipelines.difference.Alignment", lambda: work)
    found = difference("", old, "", new)
    assert side(found, "added")[1] == old
    assert side(found, "removed")[1] == new
    assert work.left >= 0
    assert Counting.compared <= steps - work.left
