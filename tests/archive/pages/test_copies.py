from __future__ import annotations

from typing import Any

import pytest

from archive.pages.copies import credits_of, delay, firsts, sentence


def one(number: int, published: str | None, outlet: str, precision: str = "instant", **other: Any) -> dict[str, Any]:
    return {
        "id": number, "published": published, "published_precision": precision, "outlet": outlet, "outlet_name": outlet,
        "wire": "", "is_agency": False, **other,
    }  # fmt: skip


EARLY = one(1, "2019-03-12T09:30:00Z", "Gulf Wire")
LATE = one(2, "2019-03-12T11:40:00Z", "The Herald")
NEXT = one(3, "2019-03-14T12:35:00Z", "Talblatt")
OF_DAY = one(4, "2019-03-12T00:00:00Z", "Daily", "day")
DAY_AFTER = one(5, "2019-03-13T00:00:00Z", "Weekly", "day")
UNDATED = one(6, None, "Nowhen")


@pytest.mark.parametrize(
    ("first", "other", "said"),
    [
        (EARLY, EARLY, ""),
        (EARLY, LATE, "+2 h 10 min"),
        (EARLY, NEXT, "+2 d 3 h"),
        (EARLY, {**LATE, "published": "2019-03-12T09:30:20Z"}, "the same minute"),
        (EARLY, DAY_AFTER, "+1 day"),
        (OF_DAY, LATE, "the same day"),
        (OF_DAY, NEXT, "+2 days"),
        (EARLY, UNDATED, ""),
        (UNDATED, EARLY, ""),
    ],
)
def test_a_delay_is_no_more_precise_than_the_dates(first: Any, other: Any, said: str) -> None:
    assert delay(first, other) == said


def test_the_first_is_told_with_its_time() -> None:
    said = sentence([EARLY, LATE, NEXT], 3, 3)
    assert said == "First carried by Gulf Wire on 12 March 2019, 09:30 UTC; 3 articles in 3 outlets."


def test_a_date_without_a_time_may_be_of_any_time_of_its_day() -> None:
    assert firsts([OF_DAY, EARLY, LATE, NEXT]) == [OF_DAY, EARLY]
    said = sentence([OF_DAY, EARLY, NEXT], 3, 3)
    assert said.startswith(
        "First carried on 12 March 2019, by Daily or Gulf Wire: some of their dates are of a day only;"
    )
    assert firsts([EARLY, DAY_AFTER]) == [EARLY]
    assert sentence([OF_DAY, DAY_AFTER], 2, 2).startswith("First carried by Daily on 12 March 2019; ")


def test_of_very_many_that_may_be_first_a_few_are_named() -> None:
    several = [one(number, "2019-03-12T00:00:00Z", f"Paper {number}", "day") for number in range(5)]
    assert "by Paper 0, Paper 1, Paper 2 or 2 others: some of their dates" in sentence(several, 5, 5)


def test_the_same_instant_is_nobodys() -> None:
    twin = {**LATE, "published": EARLY["published"]}
    assert "by Gulf Wire or The Herald: their times are the same;" in sentence([EARLY, twin], 2, 2)


def test_undated_articles_are_counted_and_never_first() -> None:
    assert firsts([UNDATED]) == []
    assert sentence([UNDATED], 1, 1).startswith("1 article in 1 outlet; none of them says when")
    assert sentence([EARLY, UNDATED], 2, 2).endswith("2 articles in 2 outlets, 1 of them undated.")


@pytest.mark.parametrize("published", ["9999-12-31T00:00:00Z", "no date", "2019-03-12"])
def test_odd_dates_are_no_fault(published: str) -> None:
    odd = one(7, published, "Odd", "day")
    assert sentence([EARLY, odd], 2, 2)
    assert delay(EARLY, odd) is not None


def test_credits_are_counted_without_the_agencys_own() -> None:
    found = [
        {**EARLY, "wire": "AFP", "is_agency": True},
        {**LATE, "wire": "AFP"},
        {**NEXT, "wire": "AP"},
        {**OF_DAY, "wire": "AP"},
    ]
    assert credits_of(found) == [("AP", 2), ("AFP", 1)]
