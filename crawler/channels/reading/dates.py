"""Dates as feeds and sitemaps write them: RFC 822, RFC 3339, W3C, and what is often seen instead."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# Minutes east of Greenwich. "IST" is India's: the outlets that write it are. Others are read as UTC.
ZONES = {
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "bst": 60, "cet": 60, "cest": 120, "met": 60, "mest": 120, "eet": 120, "eest": 180, "wat": 60, "cat": 120,
    "sast": 120, "eat": 180, "msk": 180, "gst": 240, "aft": 270, "pkt": 300, "ist": 330, "npt": 345, "wib": 420,
    "hkt": 480, "sgt": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
}  # fmt: skip
MAX_LENGTH = 80
EARLIEST, LATEST = 1700, 2100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # what software writes that has no date

_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_YEAR_ONLY = re.compile(r"(\d{4})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d))?)?(?![\d:])")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[ .-]{0,2}([A-Za-z]{3,9})[ .,-]{0,2}(\d{4}|\d\d)(?![\d:])")
_MONTH_FIRST = re.compile(r"(?<![A-Za-z])([A-Za-z]{3,9})[. ]{0,2}(\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?![\d:])")
_YEAR_LAST = re.compile(
    r"(?<![A-Za-z])([A-Za-z]{3,9}) (\d{1,2}) \d{1,2}:\d\d(?::\d\d)?(?: [A-Za-z]{1,5})? (\d{4})(?!\d)"
)
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,12})?)?(?: ?([AaPp])\.?[Mm]\b\.?)?(.*)", re.DOTALL
)
_ZONE = re.compile(r" ?\(?([A-Za-z]{1,5})?(?![A-Za-z]) ?(?:([+-])(\d{1,2}):?(\d\d)?(?![\d:]))?")
_SECONDS = re.compile(r"(\d{9,10})(\d{3})?")


def moment(text: str) -> datetime | None:
    """The aware UTC time that a date text says, to the second; None where it says none, or an impossible one.

    A time without zone is taken as UTC, a date without time as its first instant.
    """
    text = " ".join(text[: 4 * MAX_LENGTH].split())[:MAX_LENGTH].replace("\u2212", "-")
    try:
        found = _exact(text) or _instant(text)
    except (ValueError, OverflowError):  # the 30th of February, 25:61, a zone of 99 hours
        return None
    if found is None or found == _EPOCH or not EARLIEST < found.year < LATEST:
        return None
    return found


def _exact(text: str) -> datetime | None:
    """A whole RFC 3339 date, which is what most are, read fast."""
    if text[4:5] != "-" or "W" in text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC).replace(microsecond=0) if found.tzinfo else found.replace(tzinfo=UTC, microsecond=0)


def _instant(text: str) -> datetime | None:
    if seconds := _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(seconds[1]), UTC)
    if compact := _COMPACT.match(text):
        day = date(int(compact[1]), int(compact[2]), int(compact[3]))
        clock = f"{compact[4] or '00'}:{compact[5] or '00'}:{compact[6] or '00'}{text[compact.end() :]}"
    elif (found := _day(text)) is not None:
        day, clock = found, text
    else:
        return None
    return _at(day, clock)


def _day(text: str) -> date | None:
    """The first date in a text, whichever way it is written."""
    if found := _YEAR_FIRST.search(text):
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    for found in _DAY_FIRST.finditer(text):
        if month := _month(found[2]):
            return date(_full_year(found[3]), month, int(found[1]))
    for pattern in (_MONTH_FIRST, _YEAR_LAST):
        for found in pattern.finditer(text):
            if month := _month(found[1]):
                return date(int(found[3]), month, int(found[2]))
    if found := _NUMBERS.search(text):
        return _by_numbers(int(found[1]), int(found[3]), int(found[4]))
    if found := _YEAR_ONLY.fullmatch(text):
        return date(int(found[1]), 1, 1)
    return None


def _by_numbers(one: int, two: int, year: int) -> date | None:
    """Day and month in either order, where only one order is possible."""
    if one == two or one > 12:
        return date(year, two, one)
    return date(year, one, two) if two > 12 else None


def _month(word: str) -> int:
    """The number of a month's name or its beginning ("Sept"), else 0."""
    word = word.lower()
    return next((number for number, name in enumerate(MONTHS, 1) if name.startswith(word)), 0)


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 50 else 1900)  # RFC 2822, 4.3


def _at(day: date, text: str) -> datetime:
    """The time of day and the zone that stand in a text."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = _CLOCK.search(text)
    if found is None:
        return midnight
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    if half := found[4]:
        hours = hours % 12 + (12 if half in "Pp" else 0)
    if hours > 24 or minutes > 59 or seconds > 60 or (hours == 24 and minutes + seconds):
        raise ValueError(text)
    clock = timedelta(hours=hours, minutes=minutes, seconds=min(seconds, 59))
    return (midnight.replace(tzinfo=_zone(found[5])) + clock).astimezone(UTC)


def _zone(text: str) -> timezone:
    """The zone that follows a time of day; a number beside a name ("GMT+0100") is the more exact word."""
    found = _ZONE.match(text)
    if found is None:
        return UTC
    if found[2]:
        minutes = int(found[3]) * 60 + int(found[4] or 0)
        return timezone(timedelta(minutes=minutes if found[2] == "+" else -minutes))
    return timezone(timedelta(minutes=ZONES.get((found[1] or "").lower(), 0)))
