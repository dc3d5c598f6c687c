from __future__ import annotations

import pytest

from archive.catalogue.columns import DATED, EPOCH, ID_BITS, LATEST
from archive.catalogue.filtering import bounds, is_language, moment
from archive.questions.question import Question


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59Z", -1),
        ("2019-02-01T00:00:00Z", 1548979200),
        ("2019-02", 1548979200),
        ("2019-02-01", 1548979200),
        ("1000-01-01T00:00:00Z", -30610224000),
        ("0001-01-01T00:00:00Z", -62135596800),
        ("9999-12-31T23:59:59Z", 253402300799),
    ],
)
def test_a_time_is_a_key_below_all_articles_of_its_second(said: str, seconds: int) -> None:
    assert moment(said) == (seconds + EPOCH) << ID_BITS
    assert DATED <= moment(said) <= LATEST << ID_BITS


@pytest.mark.parametrize("said", ["", "x", "2019-02-30", "99999-01-01T00:00:00Z", "2019-13"])
def test_what_is_no_time_is_before_all_that_has_a_date(said: str) -> None:
    assert moment(said or "x") == DATED


@pytest.mark.parametrize("said", ["2019-02-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_that_has_only_begun_has_no_end(said: str) -> None:
    low, high = bounds(Question(since="2018"))
    assert low <= moment(said) < high


def test_an_article_without_a_date_is_in_no_time() -> None:
    for question in (
        Question(since="1000-01-01T00:00:00Z"),
        Question(until="9999-12-31T23:59:59Z"),
        Question(until="x"),
    ):
        low, high = bounds(question)
        assert low >= DATED
        assert 0 < high < 1 << 63
    assert bounds(Question(since="2019-02-01T00:00:00Z"))[0] > DATED


@pytest.mark.parametrize(
    ("code", "value", "is_it"),
    [("en", "en", True), ("en-GB", "en", True), ("EN-gb", "en-GB", True), ("en", "en-GB", False), ("enx", "en", False)],
)
def test_a_language_has_its_regions(code: str, value: str, is_it: bool) -> None:
    assert is_language(code, value) is is_it
