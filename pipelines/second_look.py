"""Whether a page that a topic left out is worth fetching again, once the topic is another.

Its text is gone. What is left of it: headline, address and day, what the text scored by the terms of then, and which of
them made the score. So this is decided by what is known, and where nothing speaks for the page it stays left out:

- Its score stands, less the shares of terms that the topic has no more.
- What today's terms find in headline or address counts as found in the text, but only where the link promises more than
  it did then: else the text was judged with that in view, and found wanting.
- Day and forbidden words keep it out as they would in a crawl.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from pipelines.items import Article, Match
from pipelines.relevance import judge, link_score, path_of
from pipelines.topic import Topic
from pipelines.words import stems_of

MORE = 0.005
"""What a link must promise above what it promised then: less is rounding."""

_DAY = re.compile(r"published (\d{4}-\d\d-\d\d), (?:before|after) ")
_HELD = re.compile(r'holds "(.{1,500})", which the topic never wants')


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A page that was read and left out: its link as announced and what that had promised, and the verdict of then.

    `day` is the day that was announced; `score`, `matches` and `reason` are of the verdict on its text.
    """

    url: str
    title: str = ""
    day: date | None = None
    promised: float = 0.0
    score: float = 0.0
    matches: tuple[Match, ...] = field(default=(), repr=False)
    reason: str = ""


def second_look(page: LeftOut, topic: Topic) -> str:
    """Why a page is worth fetching again, in words; empty where it is not."""
    headline = Article(title=page.title or path_of(page.url), body="", published=_noon(_day_of(page)))
    if _is_kept_out(headline, page, topic):
        return ""
    wanted = {term.text for term in topic.terms if term.weight}
    gone = sum(match.share for match in page.matches if match.term not in wanted)
    known = _evidence(page.score) * max(0.0, 1 - gone)
    told = f"its text had scored {page.score:.2f}"
    promises = link_score(page.title, page.url, topic)
    if promises > page.promised + MORE:
        known += _gain(headline, page, topic)
        told += f", and its link promises {promises:.2f} now, {page.promised:.2f} before"
    score = round(1 - 2**-known, 4)
    return f"worth another look by today's topic: {told}" if score >= topic.review else ""


def _gain(headline: Article, page: LeftOut, topic: Topic) -> float:
    """What today's terms in the headline add to what the text was known to hold of them."""
    verdict = judge(headline, topic)
    had = {match.term: match.share * _evidence(page.score) for match in page.matches}
    whole = _evidence(verdict.score)
    return math.fsum(max(0.0, match.share * whole - had.get(match.term, 0.0)) for match in verdict.matched)


def _is_kept_out(headline: Article, page: LeftOut, topic: Topic) -> bool:
    """Whether the topic's window or one of its `never` words keeps the page out, whatever it scores."""
    if judge(headline, replace(topic, keep=0.0, review=0.0)).decision == "drop":
        return True
    held = _HELD.search(page.reason)
    return held is not None and stems_of(held[1]) in [stems_of(phrase) for phrase in topic.never]


def _day_of(page: LeftOut) -> date | None:
    """The day that the page itself gave, where it was left out for it; else the one that was announced."""
    found = _DAY.search(page.reason)
    try:
        return date.fromisoformat(found[1]) if found else page.day
    except ValueError:
        return page.day


def _noon(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _evidence(score: float) -> float:
    """A score as a sum that grows with each find: 0 for nothing, 1 for one half."""
    return -math.log2(1 - min(max(score, 0.0), 0.9999))
