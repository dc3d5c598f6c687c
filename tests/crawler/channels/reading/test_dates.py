from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.reading.dates import moment

SAME = [
    "Tue, 29 Jan 2019 12:00:00 GMT",
    "Tue, 29 Jan 2019 12:00:00 Z",
    "Tue, 29 Jan 2019 12:00:00",
    "Tue,29 Jan 2019 12:00:00 +0000",
    "29 Jan 19 12:00 UT",
    "Tue, 29 Jan 2019 07:00:00 EST",
    "Tue, 29 Jan 2019 05:00:00 MST",
    "Tue, 29 Jan 2019 17:30:00 IST",
    "Tue, 29 Jan 2019 16:30:00 AFT",
    "Tue, 29 Jan 2019 17:00:00 PKT",
    "Tue, 29 Jan 2019 13:00:00 GMT+0100 (CET)",
    "Tue, 29 Jan 2019 13:00:00 GMT+1",
    "Tue, 29 Jan 2019 07:00:00 EST-0500",
    "Tue, 29 January 2019 12:00:00 XYZ",
    "Tuesday, January 29, 2019 - 12:00",
    "Jan. 29, 2019, 12:00 p.m.",
    "Jan 29th, 2019 7:00 AM EST",
    "29. Jan 2019 12:00",
    "29-JAN-2019 12:00:00",
    "Tue Jan 29 12:00:00 2019",
    "Tue Jan 29 12:00:00 UTC 2019",
    "Tue Jan 29 04:00:00 PST 2019",
    "2019-01-29T12:00Z",
    "2019-01-29T12:00:00Z",
    "2019-01-29t12:00:00z",
    "2019-01-29T12:00:00.123456789Z",
    "2019-01-29T12:00:00,5Z",
    "2019-01-29T07:00:00-05:00",
    "2019-01-29T07:00:00\u221205:00",
    "2019-01-29T07:00:00-0500",
    "2019-01-29T07:00:00-05",
    "2019-01-29T16:30:00 +04:30",
    "2019-01-29 12:00:00",
    "2019-01-29 12:00:00 UTC",
    " 2019-01-29\n12:00 ",
    "2019/01/29 12:00:00",
    "2019-1-29T12:00",
    "20190129T120000Z",
    "20190129120000",
    "29/01/2019 12:00",
    "01/29/2019 12:00",
    "1548763200",
    "1548763200000",
]


@pytest.mark.parametrize("text", SAME)
def test_one_moment_is_read_in_all_its_spellings(text: str) -> None:
    assert moment(text) == datetime(2019, 1, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-01-29", datetime(2019, 1, 29, tzinfo=UTC)),
        ("20190129", datetime(2019, 1, 29, tzinfo=UTC)),
        ("2019-01", datetime(2019, 1, 1, tzinfo=UTC)),
        ("2019", datetime(2019, 1, 1, tzinfo=UTC)),
        ("29 Jan 2019", datetime(2019, 1, 29, tzinfo=UTC)),
        ("3 May 98", datetime(1998, 5, 3, tzinfo=UTC)),
        ("2019-01-29T24:00:00Z", datetime(2019, 1, 30, tzinfo=UTC)),
        ("Tue, 29 Jan 2019 23:59:60 GMT", datetime(2019, 1, 29, 23, 59, 59, tzinfo=UTC)),
        ("04/04/2019", datetime(2019, 4, 4, tzinfo=UTC)),
        ("1851-09-18", datetime(1851, 9, 18, tzinfo=UTC)),
    ],
)
def test_a_part_of_a_date_is_its_first_instant(text: str, expected: datetime) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "12:00:00",
        "30 Feb 2019",
        "2019-02-30",
        "2019-13-01",
        "2019-01-29T25:00:00Z",
        "2019-01-29T12:61:00Z",
        "2019-01-29T12:00:00+99:00",
        "03/04/2019",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "1970-01-01",
        "0",
        "99999999999999999999",
        "29 Foo 2019",
        "2019-W05-2",
    ],
)
def test_what_is_no_date_or_an_impossible_one_is_none(text: str) -> None:
    assert moment(text) is None


instants = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2098, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
).map(lambda instant: instant.replace(microsecond=0))


@given(instants)
def test_what_the_standards_write_is_read_back(instant: datetime) -> None:
    assert moment(instant.isoformat()) == instant
    assert moment(format_datetime(instant)) == instant


@given(st.text(max_size=300) | st.text("0123456789-:/+TZ JanFebMarGMT,.", max_size=60))
def test_any_text_is_a_time_in_utc_or_none(text: str) -> None:
    found = moment(text)
    assert found is None or (found.tzinfo is UTC and 1700 < found.year < 2100 and not found.microsecond)
