"""Whether the pages of an outlet have changed, and when too little is known to say so."""

from __future__ import annotations

import random
from typing import Any

import pytest

from archive.shapes import DATED, Shape
from archive.source_days import SourceDay
from crawler.watching.layout import BEFORE, LATELY, change_of, missed, rank_sum, rejections, walled


def pages(count: int, start: int = 0, **about: Any) -> list[Shape]:
    """So many pages of 380 to 620 words, fetched one an hour."""
    chance = random.Random(start)
    return [
        Shape(fetched=f"2019-02-{at // 24 + 1:02}T{at % 24:02}:00:00Z", **{"words": chance.randint(380, 620), **about})
        for at in range(start, start + count)
    ]


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "texts cut": ({"words": 90}, "its texts have 90 words in the middle, where they had"),
    "texts with all that stands around them": ({"words": 1400}, "its texts have 1,400 words in the middle"),
    "no dates": ({"is_dated": False}, "dates are missed in 8 of 8, before in 0 of 24"),
    "no bylines": ({"has_byline": False}, "bylines are missed in 8 of 8"),
    "no titles": ({"has_title": False}, "titles are missed in 8 of 8"),
    "a little shorter": ({"words": 300}, ""),
    "as before": ({}, ""),
}


@pytest.mark.parametrize(("about", "said"), CHANGES.values(), ids=CHANGES)
def test_a_new_layout_is_told_by_what_is_read_of_its_pages(about: dict[str, Any], said: str) -> None:
    found = change_of(pages(40) + pages(LATELY, 40, **about))
    assert (found.text if found else "")[: len(said) or None] == said
    assert found is None or found.since == "2019-02-02T16:00:00Z"


def test_a_change_is_told_until_half_of_the_pages_are_of_the_new_kind() -> None:
    told = [new for new in range(0, 80, 4) if change_of(pages(80 - new) + pages(new, 80 - new, words=60)) is not None]
    assert told == list(range(8, 48, 4))


def test_of_few_pages_or_such_as_were_fetched_at_once_nothing_is_said() -> None:
    short = pages(LATELY, 40, words=50)
    assert change_of(pages(BEFORE - 1) + short) is None
    assert change_of(pages(BEFORE) + short) is not None
    assert change_of([]) is change_of(short) is None
    at_once = [Shape(fetched="2019-02-01T00:00:00Z", words=words) for words in [500] * 40 + [50] * LATELY]
    assert change_of(at_once) is None


@pytest.mark.parametrize("spread", [0.6, 1.0])
def test_pages_of_an_outlet_with_long_and_short_ones_are_hardly_ever_called_changed(spread: float) -> None:
    """Looked at after each of two thousand articles, which is more than one outlet has in a year."""
    chance, wrong, before = random.Random(3), 0, False
    mixed = [
        Shape(fetched=f"{at:05}", words=int(chance.lognormvariate(6, spread)), has_byline=chance.random() < 0.8)
        for at in range(2000)
    ]
    for end in range(40, len(mixed)):
        found = change_of(mixed[max(end - DATED, 0) : end]) is not None
        wrong, before = wrong + (found and not before), found
    assert wrong <= 1


def test_the_rank_sum_tells_in_which_direction_and_how_clearly() -> None:
    assert rank_sum([1, 2, 3], [1, 2, 3]) == 0
    assert rank_sum([1] * 20, [2] * 12) == -rank_sum([2] * 20, [1] * 12) > 4


def test_an_outlet_whose_last_pages_are_behind_a_paywall_is_told_so() -> None:
    assert walled(pages(10) + pages(LATELY, 10, is_paywalled=True)) == "8 of its last 8 articles"
    assert walled(pages(LATELY, is_paywalled=True)[1:]) == walled(pages(40)) == walled([]) == ""
    assert walled(pages(5, is_paywalled=True) + pages(3, 5)) == ""


def days(*counts: tuple[int, int, int]) -> list[SourceDay]:
    """Days with pages kept, rejected and missed."""
    return [
        SourceDay(day=f"2019-{at // 28 + 1:02}-{at % 28 + 1:02}", kept=kept, rejected=no, missed=gone)
        for at, (kept, no, gone) in enumerate(counts)
    ]


def test_pages_that_are_no_articles_any_more_are_told() -> None:
    found = rejections(days(*[(3, 0, 0)] * 20, *[(1, 0, 0)] * 10, *[(0, 3, 0)] * 4))
    assert found
    assert found.text == "12 of its last 22 pages were no article, before 0 of 60"
    assert found.since == "2019-02-03T00:00:00Z"
    assert rejections(days(*[(1, 3, 0)] * 34)) is None, "it was ever so"
    assert rejections(days(*[(0, 3, 0)] * 14)) is None, "nothing is known of before"
    assert rejections(days(*[(3, 0, 0)] * 34)) is rejections([]) is None


def test_pages_that_cannot_be_had_are_told() -> None:
    assert missed(days(*[(1, 0, 0)] * 9, *[(0, 0, 4)] * 6)) == "24 of its last 32 pages"
    assert missed(days(*[(1, 0, 1)] * 20)) == missed(days((0, 0, 7))) == missed([]) == ""
