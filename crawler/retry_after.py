"""How long a server asks us to stay away."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=7)  # whatever a server says: a typing error must not lose an outlet for good

_SECONDS = re.compile(r"[0-9]+", re.ASCII)


def wait_of(value: str, now: datetime) -> timedelta | None:
    """The wait that a Retry-After header asks for, in seconds or as a date; None where it says nothing sensible."""
    text = value.strip()[:64]
    if _SECONDS.fullmatch(text):
        return min(timedelta(seconds=min(int(text), 10**9)), LONGEST)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    try:
        return min(max(until - now, timedelta(0)), LONGEST)
    except OverflowError:
        return LONGEST


def backoff(strikes: int) -> timedelta:
    """The wait where a server names none: a minute, doubled with every refusal in a row."""
    return min(timedelta(seconds=60 * 2 ** min(strikes, 20)), LONGEST)
