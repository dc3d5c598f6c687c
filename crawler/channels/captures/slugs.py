"""What the address of a page tells of it, where nothing else is known: its day, its words, whether it is an article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pipelines.identity import is_front
from pipelines.relevance import LINK_FLOOR, link_score
from pipelines.topic import Topic
from pipelines.urls import parts_of
from pipelines.words import stems_of

MOST_WORDS = 40
EARLIEST = 1990
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([/_.-])(\d{1,2}|[a-z]{3})\2(\d{1,2})(?!\d)|(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"authors?|by|categor(?:y|ies)|comments?|feed|hub|page|people|profiles?|rss|search|staff|tags?|topics?"
)
_NO_PAGE = re.compile(
    r"\.(?:avi|bmp|css|csv|docx?|epub|gif|ico|jpe?g|js|json|mov|mp[34]|mpeg|ogg|pdf|png|pptx?|rar|rdf|rss|svg|swf|txt|"
    r"wav|webm|webp|woff2?|xlsx?|xml|zip|gz)$"
)
_SEARCH = re.compile(r"(?:^|&)(?:s|q|query|search|keywords?|tag|author|feed)=")
_WORD = re.compile(r"[^\W\d_]+|%[0-9A-F]{2}")
_SHORT = 4  # letters; "us" and "un" stand in every other address


def day_in(url: str, captured: datetime) -> datetime | None:
    """The first instant of the day that stands in the path (`/2019/01/29/`, `20190129`); None where none can be meant.

    A page cannot be younger than its capture.
    """
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    for found in _DAY.finditer(path):
        year, month, day = (found[1], found[3], found[4]) if found[1] else (found[5], found[6], found[7])
        try:
            number = int(month) if month.isdecimal() else _MONTHS.index(month.lower()) + 1
            moment = datetime(int(year), number, int(day), tzinfo=UTC)
        except ValueError:  # a month of 13, a day of 40, three letters that are no month
            continue
        if moment.year >= EARLIEST and moment <= captured + timedelta(days=1):
            return moment
    return None


def names_an_article(url: str) -> bool:
    """Whether a canonical URL looks like one article's own: three words or a number, and no front page or listing."""
    if is_front(url):
        return False
    parts = parts_of(url)
    path = parts.path.lower().rstrip("/")
    *before, last = path.split("/")
    words = len(_WORD.findall(last))
    if _NO_PAGE.search(path) or _SEARCH.search(parts.query.lower()):
        return False
    if _LISTING.fullmatch(last) or (words < _SHORT and any(_LISTING.fullmatch(name) for name in before)):
        return False
    return words >= 3 or sum(map(str.isdigit, path + parts.query)) >= 4


def telling(topic: Topic) -> tuple[str, ...]:
    """The terms that make an address worth a look by themselves, as regular expressions of plain ASCII, heaviest first.

    A term that holds another of them is left out: whatever it finds, the shorter one finds.
    """
    ranked = sorted(topic.terms, key=lambda term: -term.weight)
    found = (_expression(term.text) for term in ranked if link_score(term.text, "", topic) >= LINK_FLOOR)
    wanted = list(dict.fromkeys(one for one in found if one))
    return tuple(one for one in wanted if not any(other in one for other in wanted if other != one))[:MOST_WORDS]


def _expression(text: str) -> str:
    """The words of a term by their stems, up to three characters between two; empty where none has four letters."""
    stems = [_folded(stem) for stem in stems_of(text)]
    if not all(stems) or max(map(len, stems), default=0) < _SHORT:
        return ""
    return ".{1,3}".join(_open_ended(stems))


def _open_ended(stems: Sequence[str]) -> list[str]:
    # "country" is the stem of "countries" too.
    return [stem[:-1] if stem.endswith("y") and len(stem) > _SHORT else stem for stem in stems]


def _folded(word: str) -> str:
    """The word in plain letters and digits; empty where it cannot be written so."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one)).lower()
    return bare if bare.isascii() and bare.isalnum() else ""
