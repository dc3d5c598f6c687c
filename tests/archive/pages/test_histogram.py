from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from archive.pages.histogram import MOST, YEARS, Histogram, histogram
from archive.pages.wanted import wanted
from archive.questions.question import parse


def spread(months: int, first: int = 1990) -> list[tuple[str, int]]:
    return [(f"{first + number // 12}-{number % 12 + 1:02}", number % 7) for number in range(months)]


def drawn(typed: str, months: list[tuple[str, int]]) -> Histogram:
    found = histogram(wanted({"q": typed}), months)
    assert found is not None
    return found


def typed_in(query: str) -> str:
    return parse_qs(query)["q"][0]


def test_a_month_is_a_link_to_what_lies_in_it() -> None:
    bars = drawn("truce since:2018", [("2019-01", 3), ("2019-02", 0), ("2019-03", 1)]).bars
    assert [(one.name, one.count) for one in bars] == [("January 2019", 3), ("February 2019", 0), ("March 2019", 1)]
    assert parse(typed_in(bars[0].query)) == parse("truce month:2019-01")
    assert bars[1].query == ""
    assert bars[2].path == "M21 40.7h8v19.3h-8z"


def test_the_chosen_month_is_marked_and_taken_off() -> None:
    bars = drawn("truce month:2019-03", [("2019-01", 3), ("2019-02", 0), ("2019-03", 1)]).bars
    assert [one.is_chosen for one in bars] == [False, False, True]
    assert typed_in(bars[2].query) == "truce"
    assert parse(typed_in(bars[0].query)) == parse("truce month:2019-01")


def test_a_chosen_span_is_marked() -> None:
    bars = drawn("since:2019-02-01 until:2019-03-05", spread(36, 2018)).bars
    assert [one.name for one in bars if one.is_chosen] == ["February 2019", "March 2019"]


def test_nothing_is_marked_without_a_span() -> None:
    assert not any(one.is_chosen for one in drawn("truce -month:2019-03", spread(36, 2018)).bars)


@pytest.mark.parametrize("months", [[], [("2019-01", 3)], [("", 2), ("2019-01", 3)], [("x", 1), ("odd-one", 2)]])
def test_one_month_is_no_picture(months: list[tuple[str, int]]) -> None:
    assert histogram(wanted({}), months) is None


def test_a_long_time_is_drawn_by_years() -> None:
    found = drawn("", spread(MOST + 1))
    assert [one.name for one in found.bars] == [str(year) for year in range(1990, 1997)]
    assert sum(one.count for one in found.bars) == sum(count for _, count in spread(MOST + 1))
    assert parse(typed_in(found.bars[1].query)) == parse("since:1991 until:1991")
    assert found.told.startswith("Articles by year, 1990 to 1996; most in ")


def test_a_short_span_of_a_long_time_is_drawn_by_months_of_its_years() -> None:
    found = drawn("month:1995-04", spread(400))
    assert found.is_zoomed
    assert (found.bars[0].name, found.bars[-1].name) == ("January 1995", "December 1995")
    assert [one.name for one in found.bars if one.is_chosen] == ["April 1995"]


def test_bars_are_bounded_whatever_the_time() -> None:
    assert len(drawn("", spread(12 * 300, 1700)).bars) == YEARS


def test_a_long_question_has_bars_without_links() -> None:
    assert not any(one.query for one in drawn("word " * 60, spread(60)).bars)


def test_years_are_written_only_where_they_have_room() -> None:
    assert [year for _, year in drawn("", spread(36, 2018)).years] == ["2018", "2019", "2020"]
    assert [year for _, year in drawn("", [("2018-12", 1), *spread(11, 2019)]).years] == ["2019"]
    assert len(drawn("", spread(72)).years) <= 8
    assert [name for _, name in drawn("", spread(12 * 8)).names] == [str(year) for year in range(1990, 1998)]
    assert len(drawn("", spread(12 * 70)).names) <= 12
    assert drawn("", spread(12 * 70)).years == ()
    assert [name for _, name in drawn("", spread(3)).names] == ["Jan", "Feb", "Mar"]
    assert drawn("", spread(24)).names == ()
