"""GDELT's article list: JSON that is not always JSON, and titles with a blank around each mark."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.channels.ask import ChannelRefused
from crawler.channels.reading.bodies import Body
from crawler.channels.reading.dates import moment
from crawler.channels.reading.entries import MAX_TITLE, Entry
from crawler.channels.reading.fault import Fault, cut_short
from crawler.channels.reading.plaintext import plain, quotable

MAX_CHARACTERS = 4 << 20  # of 250 articles with some hundred characters each
MAX_VALUES = 20_000  # objects and lists
MAX_REPAIRS = 10_000  # illegal escapes
MAX_BROKEN = 100  # articles that cannot be read even so; each costs a search for the next
MAX_WORDS = 200  # characters of a refusal that are kept
EARLIEST = datetime(2015, 2, 18, tzinfo=UTC)  # when GDELT 2.0 began to look

_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})?')
_ARTICLES = re.compile(r'"articles"\s*+:\s*+\[')
_GAP = re.compile(r"[\s,]*+")
_NEXT = re.compile(r'\{\s*+"url"\s*+:')
_BEFORE = re.compile(r" ([,.;:!?%)\]}…”’])(?=[\s,.;:!?)\]}”’\"']|\Z)")
_AFTER = re.compile(r"(?<![^\s(\[{“‘])([(\[{“‘$£€#]) ")
_APOSTROPHE = re.compile(r"(?<=\w) ?(['’]) ?(s|t|re|ve|ll|d|m)\b", re.IGNORECASE)
_DECIMAL = re.compile(r"(?<=\d) ?\. (?=\d)|(?<=\d) , (?=\d{3}\b)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtList:
    """The articles of one answer, and how many stood there that cannot be read."""

    articles: tuple[Mapping[str, Any], ...] = ()
    broken: int = 0
    fault: Fault | None = None

    @classmethod
    def of(cls, body: Body) -> ArtList:
        """The article list in a body; ChannelRefused with the service's own words where it is none."""
        if not body.head.lstrip("\ufeff \t\r\n").startswith("{"):
            raise ChannelRefused(words_of_refusal(body))
        text = _bounded(body)
        if (listed := _listed(text)) is None:
            text = _repaired(text)
            listed = _listed(text)
        if listed is not None:
            return cls._sorted(listed, 0, body.fault)
        found, broken, is_whole = _salvaged(text)
        return cls._sorted(found, broken, body.fault or (None if is_whole else cut_short()))

    @classmethod
    def _sorted(cls, listed: Sequence[Any], broken: int, fault: Fault | None) -> ArtList:
        articles = tuple(one for one in listed if isinstance(one, dict))
        return cls(articles=articles, broken=broken + len(listed) - len(articles), fault=fault)

    @property
    def length(self) -> int:
        """How many articles were listed, readable or not."""
        return len(self.articles) + self.broken


def words_of_refusal(body: Body) -> str:
    """What a service said instead of an answer, in one line of at most 200 characters."""
    return quotable(body.head[: 20 * MAX_WORDS], MAX_WORDS) or "an answer without words"


def art_entry(article: Mapping[str, Any], now: datetime) -> Entry:
    """What one article of the list announces. Its date is when GDELT saw it, to the quarter of an hour."""
    return Entry(
        url=_said(article, "url"),
        title=tidied(plain(_said(article, "title"), MAX_TITLE)),
        published=sane(moment(_said(article, "seendate")), EARLIEST, now),
    )


def tidied(title: str) -> str:
    """A title without the blanks that GDELT puts around its marks: "Talks , he said ." is "Talks, he said."."""
    title = _DECIMAL.sub(lambda found: found[0].strip(), title)
    title = _APOSTROPHE.sub(r"\1\2", title)
    return _AFTER.sub(r"\1", _BEFORE.sub(r"\1", title))


def sane(when: datetime | None, earliest: datetime, now: datetime) -> datetime | None:
    """A date, unless it lies before there was anything to date, or in the future."""
    return when if when is not None and earliest <= when <= now + timedelta(days=1) else None


def _bounded(body: Body) -> str:
    pieces, length = [], 0
    for piece in body:
        pieces.append(piece)
        length += len(piece)
        if length > MAX_CHARACTERS:
            raise ChannelRefused("JSON larger than an article list can be")
    text = "".join(pieces).lstrip("\ufeff \t\r\n")
    if text.count("{") + text.count("[") > MAX_VALUES:
        raise ChannelRefused("JSON larger than an article list can be")
    return text


def _listed(text: str) -> list[Any] | None:
    """What stands under `articles`, None where the text is no JSON.

    Nothing where the key is missing, which is how GDELT says that it found nothing.
    """
    try:
        read = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    if fault := read.get("error") or read.get("errors"):
        raise ChannelRefused(quotable(str(fault)[: 20 * MAX_WORDS], MAX_WORDS) or "an error without words")
    listed = read.get("articles", [])
    if not isinstance(listed, list):
        raise ChannelRefused("JSON whose articles are no list")
    return listed


def _salvaged(text: str) -> tuple[list[Any], int, bool]:
    """The articles of a list that is no JSON, one by one; how many cannot be read; and whether its end was reached."""
    begin = _ARTICLES.search(text)
    if begin is None:
        raise ChannelRefused("JSON that cannot be read")
    decoder, position, found, broken = json.JSONDecoder(strict=False), begin.end(), list[Any](), 0
    while broken <= MAX_BROKEN:
        gap = _GAP.match(text, position)
        position = gap.end() if gap else position
        if text[position : position + 1] in ("]", ""):
            break
        try:
            one, position = decoder.raw_decode(text, position)
            found.append(one)
        except (ValueError, RecursionError):
            broken += 1
            following = _NEXT.search(text, position + 1)
            position = following.start() if following else len(text)
    return found, broken, broken <= MAX_BROKEN and text.rstrip().endswith("}")


def _repaired(text: str) -> str:
    """The text without the backslashes that escape nothing; one walk, however many there are."""
    repairs = 0

    def legal(found: re.Match[str]) -> str:
        nonlocal repairs
        is_escape = len(found[0]) > 1
        repairs += not is_escape
        return found[0] if is_escape or repairs > MAX_REPAIRS else ""

    return _ESCAPE.sub(legal, text)


def _said(article: Mapping[str, Any], key: str) -> str:
    value = article.get(key)
    return value.strip() if isinstance(value, str) else ""
