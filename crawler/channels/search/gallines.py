"""The lines of GDELT's article list: one JSON object an article, of which hardly one in a thousand is wanted."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from crawler.channels.ask import Answer, ChannelRefused
from crawler.channels.reading.bodies import Body
from crawler.channels.reading.dates import moment
from crawler.channels.reading.entries import MAX_SUMMARY, MAX_TITLE, Entry
from crawler.channels.reading.fault import Fault, counted, too_much
from crawler.channels.reading.listing import Listing
from crawler.channels.reading.plaintext import plain
from crawler.channels.reading.window import NO_WINDOW
from crawler.channels.search.artlist import sane
from crawler.channels.search.only import is_asked_about
from pipelines.items import Page
from pipelines.relevance import LINK_FLOOR, link_score
from pipelines.topic import Source, Topic

MAX_LINE = 1 << 16  # characters; a line has some hundreds
MAX_LINES = 100_000  # a file has some 800
_BLANK = re.compile(r"\n(?:[^\S\n]*+\n)++")  # sixty megabytes of blank lines are sixty kilobytes zipped
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # some articles are old, and only seen now
# What CLD2 calls otherwise than a topic does.
_ALIASES = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "nb": "no", "nn": "no", "tl": "fil", "mo": "ro"}
_UNKNOWN = frozenset(("", "un", "und", "xx", "xxx", "zxx"))


class Promising:
    """Tells which articles promise to belong to a topic, by what a list says of them; counts the others by why not."""

    def __init__(self, topic: Topic, source: Source) -> None:
        self.topic = topic
        self.source = source
        self.left_out: Counter[str] = Counter()
        self._languages = _UNKNOWN | {_base(topic.language)}

    def holds(self, url: str, title: str, summary: str, language: str = "") -> bool:
        """Whether an article is worth a look by its title, its description and its address."""
        if _base(language) not in self._languages:
            why = "in other languages"
        elif not is_asked_about(url, self.source):
            why = "of other domains"
        elif link_score(title, url, self.topic, summary=summary) < LINK_FLOOR:
            why = "off the topic"
        else:
            return True
        self.left_out[why] += 1
        return False

    def notes(self) -> list[str]:
        """What was left out, for an answer's reason."""
        return [f"{counted(count, 'article', 'articles')} {why}" for why, count in sorted(self.left_out.items())]

    def only(self, answer: Answer) -> Answer:
        """The answer with its promising candidates alone."""
        kept = [one for one in answer.candidates if self.holds(one.url, one.title, one.summary)]
        candidates = tuple(replace(one, rank=rank) for rank, one in enumerate(kept))
        return replace(answer, candidates=candidates, reason="; ".join([*filter(None, [answer.reason]), *self.notes()]))


def read_lines(page: Page, promising: Promising, now: datetime) -> Answer:
    """The promising articles of a file; ChannelRefused where it is no list at all.

    A line that cannot be read costs only itself.
    """
    body = Body(page)
    listing, lines, broken = Listing(NO_WINDOW), 0, 0
    fault: Fault | None = None
    for line in _lines(body):
        lines += 1
        if lines > MAX_LINES:
            fault = too_much(f"{MAX_LINES:,} lines")
            break
        if line is None or (article := _article(line)) is None:
            broken += 1
            continue
        url, title, summary = _said(article, "url"), _said(article, "title"), _said(article, "desc")
        if promising.holds(url, title, summary, _said(article, "lang")):
            listing.add(_entry(url, title, summary, sane(moment(_said(article, "date")), EARLIEST, now)))
    if lines == broken:
        raise ChannelRefused("no list of articles" if lines else "a list without a line")
    notes = [f"{counted(broken, 'line', 'lines')} unreadable"] if broken else []
    return listing.answer(body.fault or fault, notes=[*notes, *promising.notes()])


def _lines(pieces: Iterable[str]) -> Iterator[str | None]:
    """The lines of a text but for blank ones; None for one that is too long to be read."""
    waiting, is_long = "", False
    for piece in pieces:
        first, *further = _BLANK.sub("\n", piece).split("\n")
        waiting, is_long = ("", True) if len(waiting) + len(first) > MAX_LINE else (waiting + first, is_long)
        for line in further:
            if is_long:
                yield None
            elif waiting and not waiting.isspace():
                yield waiting
            waiting, is_long = (line, False) if len(line) <= MAX_LINE else ("", True)
    if is_long:
        yield None
    elif waiting and not waiting.isspace():
        yield waiting


def _article(line: str) -> Mapping[str, Any] | None:
    try:
        read = json.loads(line.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _entry(url: str, title: str, summary: str, published: datetime | None) -> Entry:
    return Entry(url=url, title=plain(title, MAX_TITLE), summary=plain(summary, MAX_SUMMARY), published=published)


def _said(article: Mapping[str, Any], key: str) -> str:
    value = article.get(key)
    return value if isinstance(value, str) else ""


def _base(language: str) -> str:
    base = language.strip().partition("-")[0].partition("_")[0].lower()
    return _ALIASES.get(base, base)
