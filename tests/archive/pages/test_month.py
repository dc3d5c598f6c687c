from __future__ import annotations

import pytest

from archive.pages.month import following, ledger
from tests.opened import Get
from tests.placed import Parsed


def test_a_month_says_what_was_published_on_each_day(places: Get) -> None:
    page = Parsed(places("/month/2019-03").text)
    links = page.all("a", "href")
    assert "/search?q=since:2019-03-12%20until:2019-03-12" in links
    assert "12 March 2019: 2" in page.text
    assert "10 March 2019: 0" not in page.text
    assert "Doha talks end with a draft" in page.text
    assert "3 articles carry it" in page.text
    assert "Here for the first time" in page.text
    assert {"/outlet/herald.example", "/outlet/evil.example", "/outlet/tal.example"} <= set(links)


def test_a_month_leads_to_the_nearest_ones_that_have_articles(places: Get) -> None:
    links = Parsed(places("/month/2019-02").text).all("a", "href")
    assert "/month/2019-01" in links
    assert "/month/2019-03" in links
    assert places("/month/2019-04").status_code == 404


def test_a_month_says_who_was_asked_about_it(places: Get) -> None:
    march = Parsed(places("/month/2019-03").text).text
    assert "feeds 2 questions: 1 answered in full , 1 held back a part: there was more than they list at once" in march
    assert "at once ; 256 links" in march
    february = Parsed(places("/month/2019-02").text).text
    assert "No channel was asked about this month in particular." in february


def test_answers_are_told_by_channel() -> None:
    answers = [
        {"channel": "gdelt", "status": "complete", "questions": 4, "found": 9},
        {"channel": "gdelt", "status": "odd", "questions": 1, "found": None},
    ]
    assert ledger(answers) == [
        {"channel": "gdelt", "asked": 5, "found": 9, "told": [(4, "answered in full", "complete"), (1, "odd", "odd")]}
    ]


@pytest.mark.parametrize(
    ("month", "day"), [("2019-12", "2020-01-01"), ("2019-01", "2019-02-01"), ("9999-12", "10000-01-01")]
)
def test_a_month_ends_where_the_next_begins(month: str, day: str) -> None:
    assert following(month) == day
