from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.pages.timeline import MOST, timeline
from archive.questions.question import parse

MONTHS = st.dictionaries(
    st.tuples(st.integers(1, 9999), st.integers(0, 13)).map(lambda pair: f"{pair[0]:04}-{pair[1]:02}") | st.text(),
    st.integers(0, 10**6),
    max_size=30,
)


@settings(deadline=None, max_examples=40)
@given(st.lists(MONTHS, max_size=3))
def test_whatever_the_months_are_there_are_few_columns_and_nothing_is_lost(counts: list[dict[str, int]]) -> None:
    line = timeline(counts, "outlet:wire.example")
    assert len(line.spans) <= MOST
    real = [sum(n for month, n in part.items() if is_month(month)) for part in counts]
    assert line.earlier + sum(span.total for span in line.spans) == sum(real)


def is_month(text: str) -> bool:
    return len(text) == 7 and text.isascii() and text[:4].isdigit() and text[4] == "-" and text[5:] in known()


def known() -> set[str]:
    return {f"{number:02}" for number in range(1, 13)}


def test_months_between_are_columns_too_and_lead_to_a_search() -> None:
    line = timeline([{"2018-11": 2, "2019-02": 5}], "outlet:wire.example")
    assert [span.total for span in line.spans] == [2, 0, 0, 5]
    assert [span.name for span in line.spans] == ["November 2018", "December 2018", "January 2019", "February 2019"]
    assert [span.below for span in line.spans] == ["Nov", "Dec", "Jan", "Feb"]
    assert [span.year for span in line.spans] == ["2018", "", "2019", ""]
    assert line.spans[3].path == "search?q=outlet:wire.example%20month:2019-02"
    assert line.peak is not None
    assert line.peak.name == "February 2019"


def test_without_a_place_a_month_leads_to_its_page_and_some_columns_lead_nowhere() -> None:
    assert timeline([{"2019-02": 1}]).spans[0].path == "month/2019-02"
    assert timeline([{"2019-02": 1}], None).spans[0].path == ""
    assert timeline([{"2019-02": 1}], f"author:{'ы' * 60}").spans[0].path == ""


@pytest.mark.parametrize(
    ("last", "grain", "name", "asked"),
    [
        ("2016-12", "month", "January 2013", "month:2013-01"),
        ("2020-12", "quarter", "January to March 2013", "since:2013-01 until:2013-03"),
        ("2040-12", "year", "2013", "since:2013 until:2013"),
    ],
)
def test_long_spans_are_drawn_by_quarter_or_year_each_a_search_for_just_that(
    last: str, grain: str, name: str, asked: str
) -> None:
    line = timeline([{"2013-01": 3, "2013-03": 4, last: 1}], "kind:article")
    assert (line.grain, line.spans[0].name) == (grain, name)
    assert line.spans[0].path.replace("%20", " ") == f"search?q=kind:article {asked}"
    question = parse(asked)
    assert not question.unclear
    if grain == "quarter":
        assert (question.since, question.until) == ("2013-01-01T00:00:00Z", "2013-04-01T00:00:00Z")


def test_two_columns_of_one_height_are_no_peak() -> None:
    assert timeline([{"2019-01": 4, "2019-02": 4}]).peak is None
    assert timeline([{}]).peak is None


def test_what_is_earlier_than_the_picture_is_told() -> None:
    line = timeline([{"1701-05": 2, "2019-01": 3}])
    assert (line.grain, line.earlier, len(line.spans)) == ("year", 2, MOST)


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2018-12", "2019-10", ["2019"]),
        ("2018-11", "2019-12", ["2019"]),
        ("2018-11", "2019-10", ["2018", "2019"]),
        ("2015-03", "2018-06", ["2015", "2016", "2017", "2018"]),
        ("2012-12", "2023-01", ["2014", "2016", "2018", "2020", "2022"]),
    ],
)
def test_years_are_named_where_they_begin_and_have_room(first: str, last: str, years: list[str]) -> None:
    line = timeline([{first: 1, last: 1}])
    assert [span.year for span in line.spans if span.year] == years


def test_of_very_many_years_some_are_named() -> None:
    line = timeline([{"1990-01": 1, "2024-01": 1}])
    assert [span.below for span in line.spans if span.below][:3] == ["1990", "1993", "1996"]
