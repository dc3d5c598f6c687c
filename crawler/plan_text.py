"""A topic's search plan in plain words: which channels are asked, what, about which days, with how many requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from crawler.channels import CHANNELS
from crawler.inquiry import MAX_ASKS
from crawler.plan import Part, Verb, parts
from crawler.settings import DOSSIER_MAX_MEGABYTES
from pipelines.topic import Topic

LOOKED_AT = 200  # first questions of a channel, from which its queries are read
QUERIES = 4  # of a channel, that are shown
SENTENCES: dict[Verb, str] = {"crawl": "what can be reached now", "backfill": "what lies further back"}


def search_plan(topic: Topic, now: datetime) -> Iterator[str]:
    """The whole plan of a topic, for both verbs."""
    for verb, sentence in SENTENCES.items():
        yield f"dossier {verb} {topic.name}: {sentence}"
        yield from plan_lines(topic, now, parts(topic, now, verb))


def plan_lines(
    topic: Topic, now: datetime, planned: Sequence[Part], budgets: Mapping[str, float] = DOSSIER_MAX_MEGABYTES
) -> Iterator[str]:
    """One line a channel that is asked, one for those that are not, and a line for each query.

    `budgets` are the megabytes that a channel may bring in a run.
    """
    for part in planned:
        if part.topic is None:
            if any(source.channel == part.channel for source in topic.sources):
                yield f"  {part.channel:12}nothing: {part.why}"
            continue
        sources = sum(1 for source in part.topic.sources if source.channel == part.channel)
        count = f"{sources} source{'s' if sources > 1 else ''}"
        most = _bound(part, budgets)
        yield f"  {part.channel:12}{count}, {part.why}; {most}"
        yield from (f"  {'':12}{line}" for line in _questions(part, part.topic, now))


def _bound(part: Part, budgets: Mapping[str, float]) -> str:
    """How much one run asks at most."""
    if not part.most:
        return "no requests of its own"
    megabytes = budgets.get(part.channel)
    weight = "" if megabytes is None else f" and {megabytes:,g} MB"
    return f"at most {min(part.most, MAX_ASKS):,} requests{weight} a run"


def _questions(part: Part, topic: Topic, now: datetime) -> Iterator[str]:
    """The days that are asked about, and the first queries."""
    asks = list(islice(CHANNELS[part.channel].asks(topic, now), LOOKED_AT))
    if topic.since and any(ask.since for ask in asks):
        yield f"{topic.since} to {topic.until or 'now'}"
    queries = list(dict.fromkeys(ask.query for ask in asks if ask.query))
    for query in queries[:QUERIES]:
        yield query if len(query) <= 100 else f"{query[:99]}…"
    if len(queries) > QUERIES:
        yield f"and {len(queries) - QUERIES} more"
