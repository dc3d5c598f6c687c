"""When an article was published: the page's own words turned into an instant, its precision and its zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipelines.items import Precision
from pipelines.witnesses.written import written

EARLIEST = datetime(
    1990, 1, 1, tzinfo=UTC
)  # before the web: a date of its content or of nothing, not of its publication
SLACK = timedelta(days=1)  # how far ahead of us a page may date itself: zones, and clocks that are wrong
WIDEST_ZONE = timedelta(hours=14)
QUARTER = timedelta(minutes=15)  # zones differ by a multiple of it
MAX_LENGTH = 60

_SPACED_ZONE = re.compile(r"\s+(?=[+-]\d\d:?\d\d$|Z$)")
_LONG_FRACTION = re.compile(r"(\.\d{6})\d+")
_JS_ZONE = re.compile(r"(?:GMT|UTC)(?=[+-]\d)| ?\([^()]*\)$")  # ... GMT+0200 (Central European Summer Time)
_DAY_ONLY = re.compile(r"\d{4}-?\d\d-?\d\d")
_AM_PM = re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE)
_CLOCK = re.compile(r"\d:\d\d")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC, how precise it is, and the minutes east of Greenwich that its source gave (None: none)."""

    at: datetime
    precision: Precision = "instant"
    offset: int | None = None

    @property
    def local(self) -> datetime:
        """The wall clock of the source, to the minute."""
        return (self.at + timedelta(minutes=self.offset or 0)).replace(second=0, microsecond=0)


def moment_of(text: str, *, latest: datetime | None = None) -> Moment | None:
    """The moment that a text names; None where it names none, or one that cannot be (before 1990, after `latest`)."""
    text = _JS_ZONE.sub("", " ".join(text[:200].split()).replace("\u2212", "-"))
    if not text or len(text) > MAX_LENGTH:
        return None
    try:
        found = _read(text)
        return found if found and is_possible(found.at, latest) else None
    except (ValueError, OverflowError, IndexError):  # the 30th of February, a zone of 99 hours
        return None


def is_possible(at: datetime, latest: datetime | None) -> bool:
    """Whether a page of today can have been published then."""
    return at >= EARLIEST and (latest is None or at <= latest + SLACK)


def best_of(found: Sequence[Moment], announced: datetime | None = None) -> Moment | None:
    """The first moment that a page gives, made finer by a later one or the feed's that says the same more exactly.

    A bare day takes the time of one on that day; a time without zone takes the zone of one that agrees with it.
    """
    fed = [Moment(announced)] if announced else []
    if not found:
        return next(iter(fed), None)
    best = found[0]
    if best.precision == "day":
        best = next((other for other in (*found, *fed) if _is_on(best, other)), best)
    if best.precision == "instant" and best.offset is None:
        zoned = next((other for other in found if other.offset is not None and other.local == best.local), None)
        best = zoned or (_shifted(best, announced) if announced else best)
    return best


def _is_on(day: Moment, other: Moment) -> bool:
    return other.precision == "instant" and day.at.date() in (other.local.date(), other.at.date())


def _shifted(bare: Moment, known: datetime) -> Moment:
    """A wall-clock time in the zone that makes it the known instant, if the two differ by a zone and no more."""
    shift = bare.local - known.replace(second=0, microsecond=0)
    if not shift or abs(shift) > WIDEST_ZONE or shift % QUARTER:
        return bare
    return replace(bare, at=bare.at - shift, offset=shift // timedelta(minutes=1))


def _read(text: str) -> Moment | None:
    if text.isdecimal() and text.isascii() and len(text) in (10, 13):
        return Moment(datetime.fromtimestamp(int(text[:10]), UTC))
    if _DAY_ONLY.fullmatch(text):
        return Moment(datetime.fromisoformat(text).replace(tzinfo=UTC), "day")
    for reader in (_iso, _mail, _written):
        if found := reader(text):
            return found
    return None


def _iso(text: str) -> Moment | None:
    try:
        return _aware(datetime.fromisoformat(_LONG_FRACTION.sub(r"\1", _SPACED_ZONE.sub("", text)).replace("z", "Z")))
    except ValueError:
        return None


def _mail(text: str) -> Moment | None:
    """The dates of e-mail and feeds: Mon, 02 Sep 2019 10:00:00 +0000."""
    if not _CLOCK.search(text) or _AM_PM.search(text):  # it passes over AM and PM
        return None
    try:
        return _aware(parsedate_to_datetime(text))
    except (ValueError, TypeError):
        return None


def _written(text: str) -> Moment | None:
    found = written(text)
    if isinstance(found, datetime):
        return _aware(found)
    return Moment(datetime(found.year, found.month, found.day, tzinfo=UTC), "day") if found else None


def _aware(at: datetime) -> Moment:
    """A parsed time in UTC. `-00:00` is RFC 2822's way to say that the zone is not known."""
    shift = at.utcoffset()
    if shift is None:
        return Moment(at.replace(tzinfo=UTC, microsecond=0))
    return Moment(at.astimezone(UTC).replace(microsecond=0), "instant", int(shift.total_seconds() // 60))
