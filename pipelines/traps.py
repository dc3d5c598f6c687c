"""Addresses that lead on for ever: loops of segments, calendars, sessions, facets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipelines.signposts import DATES, FACETS, PAGES, SESSIONS

MOST_SEGMENTS = 12
MOST_PARAMETERS = 8
LONGEST_QUERY = 300
MOST_PAGES = 1_000
REPEATED = 3

_SESSION = re.compile(r"[;&](?:jsessionid|phpsessid|sid|sessionid)=|\(s\([0-9a-z]{8,99}\)\)", re.IGNORECASE)
_TOKEN = re.compile(r"[0-9a-zA-Z,._-]{16,}")


def is_trap(segments: Sequence[str], parameters: Sequence[tuple[str, str]], query: str) -> bool:
    """Whether decoded path segments and parameters (names in lower case) are those of a trap, not of a page."""
    if len(segments) > MOST_SEGMENTS or len(parameters) > MOST_PARAMETERS or len(query) > LONGEST_QUERY:
        return True
    if _repeats(segments) or any(_SESSION.search(segment) for segment in segments):
        return True
    names = {name for name, _ in parameters}
    if names & FACETS or len(names & DATES) > 1:
        return True
    return any(_is_endless(name, value) for name, value in parameters)


def _repeats(segments: Sequence[str]) -> bool:
    """Whether a segment stands there three times, or a run of segments twice on end: `/a/b/a/b`."""
    if max(Counter(segments).values(), default=0) >= REPEATED:
        return True
    size = len(segments)
    return any(
        segments[at : at + length] == segments[at + length : at + 2 * length]
        for length in range(2, size // 2 + 1)
        for at in range(size - 2 * length + 1)
    )


def _is_endless(name: str, value: str) -> bool:
    """A session's token, or a page number that no list reaches."""
    if name in SESSIONS and _TOKEN.fullmatch(value):
        return True
    return name in PAGES - {"p"} and value.isdecimal() and int(value[:9]) > MOST_PAGES
