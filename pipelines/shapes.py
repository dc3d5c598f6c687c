"""What an address looks like, by its spelling alone: an article's, a list's, a trap's, or one that might be anything.

Nothing is asked here, and no outlet is known: content systems everywhere put a date, a headline or a number into the
addresses of articles, and single words into those of lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple
from urllib.parse import unquote

from pipelines.signposts import (
    ARTICLES,
    DATES,
    DESKS,
    FILES,
    LISTINGS,
    LISTS,
    OFFSETS,
    PAGES,
    QUERIES,
    SERVICES,
    WARNINGS,
)
from pipelines.traps import is_trap

Shape = Literal["article", "open", "signpost", "trap"]
"""`open` says nothing either way: what the link is called has to tell."""

WORDS = 4  # of a slug that can be nothing but a headline: "arts-and-culture" has three
LONG_NUMBER = 5  # digits of a number that counts articles, not pages
INDEXES = frozenset(("index", "default", "amp"))
EARLIEST, LATEST = 1990, 2099

_PAGE = re.compile(r"\.(?:[sx]?html?|php\d?|aspx?|jsp|cfm|do|story|ece|amp)\Z", re.IGNORECASE)
_FILE = re.compile(r"\.([a-z0-9]{1,5})\Z", re.IGNORECASE)
_BREAKS = re.compile(r"[-_.,+~:;!?'’\"()\[\]|\s]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH = re.compile(
    r"0?[1-9]|1[0-2]|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_WHOLE_DAY = re.compile(r"((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])")
_BEGINS = re.compile(r"(?:19|20)\d\d([-_]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])[-_](?=\D)")
_WHOLE_MONTH = re.compile(r"(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])")
_OPAQUE = re.compile(
    r"(?=[a-z]*+\d)(?=\d*+[a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-z]{10,64})", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+")
_PAGED = re.compile(r"(?:(?:comment-?)?page|pagina|seite|sida|strona)[-_]?\d{1,6}|pg?[-_]?\d{1,4}", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Address(NamedTuple):
    """A canonical URL as its shape is read: decoded segments without empty ones, parameters as pairs."""

    host: str
    segments: list[str]
    parameters: list[tuple[str, str]]
    query: str


def address_of(url: str) -> Address:
    """A canonical URL taken apart."""
    host, _, rest = url.partition("#")[0].partition("://")[2].partition("/")
    path, _, query = rest.partition("?")
    segments = [unquote(segment) for segment in path.split("/") if segment]
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    return Address(host, segments, [(name.lower(), unquote(value)) for name, value in pairs], query)


def shape_of(url: str) -> Shape:
    """What a canonical URL looks like."""
    address = address_of(url)
    if is_trap(address.segments, address.parameters, address.query):
        return "trap"
    names = [_PAGE.sub("", segment).casefold() for segment in address.segments]
    if _is_signpost(address, names):
        return "signpost"
    days = _dated(names)
    rest = names[: days.start] + names[days.stop :]
    has_id = _has_id(address.parameters)
    if len(days) and not has_id and not any(_words(name) > 1 for name in rest) and days.stop == len(names):
        return "trap"  # a calendar: it has a page for every day there ever was
    if has_id or _is_article(address, names, days):
        return "article"
    return "signpost" if names and set(_BREAKS.split(names[-1])) & (LISTINGS | SERVICES | WARNINGS) else "open"


def slug_words(url: str) -> int:
    """The words of the longest slug in a canonical URL's path."""
    return max((_words(_PAGE.sub("", segment)) for segment in address_of(url).segments), default=0)


def day_of(url: str) -> date | None:
    """The day that a canonical URL's path says: `/2019/01/29/`, `/20190129/`, `/2019-01-29-envoys-meet`.

    Within a slug it may be the day of what is written about.
    """
    names = [_PAGE.sub("", segment).casefold() for segment in address_of(url).segments]
    days = names[_dated(names).start : _dated(names).stop] or [name for name in names if _BEGINS.match(name)][:1]
    if len(days) == 1 and (whole := _WHOLE_DAY.match(days[0])):
        year, month, day = int(whole[1]), int(whole[3]), int(whole[4])
    elif len(days) == 3:
        month = int(days[1]) if days[1].isdecimal() else _MONTHS.index(days[1][:3]) + 1
        year, day = int(days[0]), int(days[2])
    else:
        return None
    try:
        return date(year, month, day) if EARLIEST <= year <= LATEST else None
    except ValueError:  # the 30th of February
        return None


def _is_signpost(address: Address, names: Sequence[str]) -> bool:
    """Whether it leads to a list, a service, a file, or a further page of a list."""
    spelt = [name.replace("_", "-") for name in names]
    if spelt and spelt[-1] in INDEXES:
        spelt.pop()
    if not spelt:
        return not _has_id(address.parameters)
    if address.host.partition(".")[0] in DESKS:
        return True
    if any(name in LISTINGS for name in spelt) or {spelt[0], spelt[-1]} & SERVICES or spelt[-1] in LISTS:
        return True
    if (file := _FILE.search(address.segments[-1])) and file[1].lower() in FILES:
        return True
    if _PAGED.fullmatch(names[-1]) or (len(names) > 1 and names[-2] in PAGES and names[-1].isdecimal()):
        return True
    asked = {name for name, value in address.parameters if value}
    return bool(asked & QUERIES) or (bool(asked & (PAGES | OFFSETS)) and not _has_id(address.parameters))


def _is_article(address: Address, names: Sequence[str], days: range) -> bool:
    last = len(names) - 1
    while last and (names[last] in INDEXES or last in days):
        last -= 1
    name, words = names[last], _words(names[last])
    digits = max(map(len, _NUMBER.findall(name)), default=0)
    before = names[last - 1] if last else ""
    return (
        words >= WORDS
        or digits >= LONG_NUMBER
        or (len(days) > 0 and (days.stop <= last or words > 1))
        or (words > 1 and (digits >= 3 or bool(_PAGE.search(address.segments[last]))))
        or (before in ARTICLES and (words > 1 or digits > 0 or len(name) >= 10))
        or (words > 0 and any(len(number) >= LONG_NUMBER for number in _NUMBER.findall(before)))
        or (_words(before) >= WORDS and (digits > 0 or words == 1))
        or any(_OPAQUE.fullmatch(piece) and _is_mixed(piece) for piece in (name, *_BREAKS.split(name)))
    )


def _is_mixed(piece: str) -> bool:
    """Whether letters and digits alternate as in no word: `01hdgzyyg1b1`, but not `championship2024`."""
    return len(re.findall(r"\d+", piece)) > 1 or piece[0].isdecimal()


def _words(name: str) -> int:
    """The words of a segment; two characters of a script without spaces are about one."""
    count = 0
    for piece in _BREAKS.split(name):
        unspaced = len(_UNSPACED.findall(piece))
        count += max(unspaced // 2, 1) if unspaced else any(map(str.isalpha, piece))
    return count


def _dated(names: Sequence[str]) -> range:
    """Which segments say a date: year and month, and the day where it is there; or one that says all of it."""
    for at, name in enumerate(names):
        if _WHOLE_DAY.fullmatch(name) or (_WHOLE_MONTH.fullmatch(name) and len(name) > 6):
            return range(at, at + 1)
        if _YEAR.fullmatch(name) and at + 1 < len(names) and _MONTH.fullmatch(names[at + 1]):
            has_day = at + 2 < len(names) and _DAY.fullmatch(names[at + 2])
            return range(at, at + 3 if has_day else at + 2)
    return range(0)


def _has_id(parameters: Sequence[tuple[str, str]]) -> bool:
    """Whether a parameter names one page of many: `?idx=8576`, `?p=1204`."""
    for name, value in parameters:
        if name in OFFSETS | DATES | (PAGES - {"p"}):
            continue
        if (value.isdecimal() and len(value) >= 3) or (_OPAQUE.fullmatch(value) and _is_mixed(value)):
            return True
    return False
