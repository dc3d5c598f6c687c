"""Which links in an article's text are worth a look for its topic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from pipelines.items import Article, Candidate
from pipelines.relevance import LINK_FLOOR, link_score
from pipelines.shapes import day_of, shape_of
from pipelines.signposts import ELSEWHERE
from pipelines.topic import Topic
from pipelines.urls import canonical, host_of

MOST = 10
CHANNEL = "outlinks"
MARGIN = 2  # days, for time zones


def follows(topic: Topic, channels: Sequence[str]) -> bool:
    """Whether a topic wants the links in its articles, and this run does: `channels` are its own, empty for all."""
    wanted = any(source.channel == CHANNEL for source in topic.sources)
    return wanted and (not channels or CHANNEL in channels)


def outlinks(article: Article, url: str, topic: Topic) -> tuple[Candidate, ...]:
    """The links of an article (`url` is its canonical URL) that look like articles of the topic, best first.

    At most ten; scored as any candidate, by the words of the link and of its address. A day in the address that lies
    outside of the topic's window leaves a link out.
    """
    found: dict[str, Candidate] = {}
    for rank, link in enumerate(article.links):
        target = _usable(link.url)
        if not target or target == url or target in found or shape_of(target) != "article":
            continue
        day = day_of(target)
        score = link_score(link.text, target, topic)
        if score < LINK_FLOOR or _outside(day, topic):
            continue
        published = datetime.combine(day, time(), UTC) if day else None
        found[target] = Candidate(url=target, title=link.text, published=published, rank=rank, score=score)
    return tuple(sorted(found.values(), key=lambda candidate: (-candidate.score, candidate.rank))[:MOST])


def _usable(url: str) -> str:
    """The canonical URL of a link to a site that publishes, or nothing."""
    try:
        found = canonical(url)
        labels = host_of(found).split(".")
    except ValueError:
        return ""
    domains = {".".join(labels[at:]) for at in range(len(labels) - 1)}
    return "" if domains & ELSEWHERE or set(labels[-3:-1]) & ELSEWHERE else found


def _outside(day: date | None, topic: Topic) -> bool:
    if day is None:
        return False
    number = day.toordinal()
    is_before = topic.since is not None and number < topic.since.toordinal() - MARGIN
    return is_before or (topic.until is not None and number > topic.until.toordinal() + MARGIN)
