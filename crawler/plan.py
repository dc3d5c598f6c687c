"""Which channels a run asks, and about which part of the topic's window: how far back each of them reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from crawler.channels import CHANNELS, channels
from pipelines.topic import Source, Topic, TopicError

Verb = Literal["crawl", "backfill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far back a channel reaches: `back` from today, or to the day `first`; both None: no bound that is known.

    `verbs` are the commands that ask it, `words` say it to a reader. A channel with `is_windowed` is asked about a
    window; the others list what they list.
    """

    words: str
    verbs: tuple[Verb, ...]
    back: timedelta | None = None
    first: date | None = None
    is_windowed: bool = False


REACHES = {
    "feeds": Reach(words="some days back", verbs=("crawl",)),
    "sitemaps": Reach(words="news sitemaps two days, archive sitemaps years back", verbs=("crawl",)),
    "sections": Reach(words="some days back", verbs=("crawl",)),
    "outlinks": Reach(words="as far back as the articles link", verbs=("crawl", "backfill")),
    "google_news": Reach(words="some weeks back", verbs=("crawl",), back=timedelta(days=45), is_windowed=True),
    "bing_news": Reach(words="some weeks back", verbs=("crawl",), back=timedelta(days=45)),
    "gdelt": Reach(
        words="three months back officially, often more", verbs=("crawl", "backfill"),
        first=date(2017, 1, 1), is_windowed=True,
    ),
    "gal": Reach(words="back to January 2020", verbs=("backfill",), first=date(2020, 1, 1), is_windowed=True),
    "wayback": Reach(words="back to the 1990s", verbs=("backfill",), first=date(1996, 1, 1), is_windowed=True),
    "ccnews": Reach(words="back to August 2016", verbs=("backfill",), first=date(2016, 8, 26), is_windowed=True),
}  # fmt: skip
"""What is known of each channel's memory; see docs/channels.md."""

SERVICES = tuple(name for name, reach in REACHES.items() if reach.is_windowed or name in {"bing_news", "outlinks"})
"""Channels that know where to ask, so that a topic need not name an address."""

OFFICIAL = timedelta(days=90)  # what GDELT promises: older news is a matter for backfill


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one run asks a channel: the topic with the part of the window that the channel reaches; None: nothing.

    `why` says why nothing is asked, or how far the channel reaches.
    """

    channel: str
    topic: Topic | None
    why: str
    most: int = 0


def parts(topic: Topic, now: datetime, verb: Verb, names: Sequence[str] = ()) -> tuple[Part, ...]:
    """What a run of this verb asks, channel by channel; only the channels of these names, where some are given.

    UnknownChannelError where there is no channel of a name. A service that is asked for by name need not stand in the
    topic's file.
    """
    chosen = [channel.name for channel in channels(names or tuple(CHANNELS))]
    wanted = _with_services(topic, chosen) if names else topic
    return tuple(_part(name, wanted, now, verb) for name in chosen if verb in REACHES[name].verbs or names)


def with_window(topic: Topic, since: date | None, until: date | None) -> Topic:
    """The topic narrowed to the days that a run was asked about; TopicError where it names none to begin with."""
    narrowed = replace(topic, since=since or topic.since, until=until or topic.until)
    if narrowed.since and narrowed.until and narrowed.since > narrowed.until:
        raise TopicError(f"{topic.name}: the window ends ({narrowed.until}) before it begins ({narrowed.since})")
    return narrowed


def reached(channel: str, topic: Topic, now: datetime, verb: Verb) -> tuple[date | None, date | None] | None:
    """The days of the topic's window that a channel can tell of; None where it reaches none of them."""
    reach = REACHES[channel]
    since, until = topic.since, topic.until
    first = reach.first
    if reach.back or (channel == "gdelt" and verb == "crawl"):
        first = (now - (reach.back or OFFICIAL)).date()
    if first and (until and until < first):
        return None
    if since and since > now.date():
        return None
    return (max(since, first) if since and first else since or first), until


def moments(topic: Topic, now: datetime) -> tuple[datetime, datetime]:
    """A topic's window as two moments: the end left out, and not after now; an open beginning is the 1990s."""
    since = datetime.combine(topic.since or date(1996, 1, 1), time(), UTC)
    until = datetime.combine(topic.until, time(), UTC) + timedelta(days=1) if topic.until else now
    return since, max(since, min(until, now))


def _part(name: str, topic: Topic, now: datetime, verb: Verb) -> Part:
    reach = REACHES[name]
    if not any(source.channel == name for source in topic.sources):
        return Part(channel=name, topic=None, why="not among the topic's sources")
    if not reach.is_windowed:
        return _listed(name, topic, now)
    if verb == "backfill" and topic.since is None:
        return Part(channel=name, topic=None, why="the topic's window has no beginning; give --since")
    days = reached(name, topic, now, verb)
    if days is None:
        further = "; `dossier backfill` asks further back" if verb == "crawl" and "backfill" in reach.verbs else ""
        return Part(channel=name, topic=None, why=f"reaches {reach.words}: not into the topic's window{further}")
    narrowed = replace(topic, since=days[0], until=days[1])
    return Part(channel=name, topic=narrowed, why=f"reaches {reach.words}", most=CHANNELS[name].most(narrowed, now))


def _listed(name: str, topic: Topic, now: datetime) -> Part:
    """What lists what it lists is asked whatever the window: only its answer tells."""
    reach, why = REACHES[name], f"reaches {REACHES[name].words}"
    if reach.back and topic.until and topic.until < (now - reach.back).date():
        return Part(channel=name, topic=None, why=f"{why}: not into the topic's window")
    return Part(channel=name, topic=topic, why=why, most=CHANNELS[name].most(topic, now))


def _with_services(topic: Topic, names: Sequence[str]) -> Topic:
    there = {source.channel for source in topic.sources}
    added = [Source(channel=name, url="") for name in names if name in SERVICES and name not in there]
    return replace(topic, sources=(*topic.sources, *added))
