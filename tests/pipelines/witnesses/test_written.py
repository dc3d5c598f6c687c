from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.witnesses.written import written

DAY = date(2019, 9, 7)


@pytest.mark.parametrize(
    "text",
    [
        "7 September 2019", "September 7, 2019", "Sept. 7th, 2019", "7. September 2019", "Samstag, 7. Sep. 2019",
        "7 septembre 2019", "le 7 sept. 2019", "7 de septiembre de 2019", "Sábado, 7 de Setiembre del 2019",
        "7 settembre 2019", "7 de setembro de 2019", "7 de setembre de 2019", "7 september 2019", "7. syyskuuta 2019",
        "7 września 2019", "7. září 2019", "7 septembrie 2019", "7 Eylül 2019", "7 SEPTEMBRIE 2019", "7 сентября 2019",
        "7 вересня 2019 р.", "7 септември 2019", "7 Σεπτεμβρίου 2019", "7 سبتمبر 2019", "7 ستمبر، 2019",
        "2019年9月7日", "2019년 9월 7일", "2019.09.07", "2019. 9. 7.", "07.09.2019", "7.9.19", "07-09-2019",
        "Published on 7 September 2019 by Ana Lima", "(7-Sep-2019)",
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_languages_of_newspapers(text: str) -> None:
    assert written(text) == DAY


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1er février 2020", 2), ("1 fevrier 2020", 2), ("1 août 2020", 8), ("1. März 2020", 3), ("1. Mrz 2020", 3),
        ("1. Jänner 2020", 1), ("1º de março de 2020", 3), ("1 mrt 2020", 3), ("1. červen 2020", 6),
        ("1. června 2020", 6), ("1. července 2020", 7), ("1 červ 2020", 0), ("1 paź 2020", 10),
        ("1 Ağustos 2020", 8), ("1 мая 2020", 5), ("1 июл. 2020", 7), ("1 jui 2020", 0), ("1 Ma 2020", 0),
    ],
)  # fmt: skip
def test_months_are_known_without_accents_and_cut_short_where_no_other_is_meant(text: str, month: int) -> None:
    assert written(text) == (date(2020, month, 1) if month else None)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("7. September 2019, 18:30 Uhr", 18, 30), ("7.9.2019 klo 18.30", 18, 30), ("7 septembre 2019 à 18h30", 18, 30),
        ("7 September 2019 - 6:30 p. m.", 18, 30), ("Sept. 7, 2019, 12:05 a.m.", 0, 5), ("18:30 | 7 Sep 2019", 18, 30),
        ("2019年9月7日 18:30", 18, 30), ("7 de septiembre de 2019 a las 18:30hrs.", 18, 30),
    ],
)  # fmt: skip
def test_the_time_of_day_may_stand_behind_or_before(text: str, hour: int, minute: int) -> None:
    assert written(text) == datetime(2019, 9, 7, hour, minute)  # noqa: DTZ001 - the text gives no zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("7 Sep 2019 18:30 UTC", UTC), ("Sat Sep 7 2019 18:30:00 GMT+0200", timezone(timedelta(hours=2))),
        ("7 September 2019 18:30 -03:30", timezone(-timedelta(hours=3, minutes=30))),
    ],
)  # fmt: skip
def test_a_zone_is_read_where_it_is_written(text: str, zone: timezone) -> None:
    found = written(text)
    assert isinstance(found, datetime)
    assert found == datetime(2019, 9, 7, 18, 30, tzinfo=zone)
    assert found.utcoffset() == zone.utcoffset(None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "September 2019",
        "7 Smarch 2019",
        "30 February 2019",
        "07/09/2019",
        "7.13.2019",
        "10.0.20.19",
        "7-9-19",
        "2019",
    ],
)
def test_what_is_no_date_or_could_be_two_is_none(text: str) -> None:
    assert written(text) is None


def test_a_second_date_is_read_where_the_first_cannot_be() -> None:
    assert written("31 June 2019, corrected 7 September 2019") == DAY


@given(st.text(max_size=120) | st.text("0123456789.-:/ aPmM年月日Sepstz", max_size=60))
def test_any_text_is_a_date_or_none_or_has_an_impossible_time(text: str) -> None:
    try:
        found = written(text)
    except ValueError:  # 25:61 o'clock
        return
    assert found is None or isinstance(found, date)
