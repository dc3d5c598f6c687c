"""What a web archive is asked about: the outlets of a topic's other sources, and those sources themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.channels.ask import Channel
from crawler.channels.reading.outlets import outlets_of
from pipelines.topic import Source, Topic
from pipelines.urls import parts_of

CHANNELS = ("feeds", "sitemaps", "sections")
# They carry other outlets' feeds, or answer questions: what an archive has of them is not news.
SERVICES = frozenset((
    "archive.org", "bing.com", "commoncrawl.org", "feedblitz.com", "feedburner.com", "feedly.com", "feedproxy.com",
    "gdeltproject.org", "google.com", "googleapis.com", "rss.app", "rsshub.app",
))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A source as its own channel would ask it today: which URL, and what is expected there."""

    source: Source
    url: str
    kind: str

    @property
    def query(self) -> str:
        """How the ledger calls the question for its captures."""
        return f"captures of {self.source.channel} {self.source.url}"


def outlets_in(topic: Topic, only: tuple[str, ...]) -> tuple[str, ...]:
    """The registrable domains of the topic's sources, each once in the topic's order; or those alone that are given."""
    found = (outlet for source in _listed(topic) for outlet in outlets_of(source.url))
    return only or tuple(dict.fromkeys(outlet for outlet in found if outlet not in SERVICES))


def places_in(topic: Topic, only: tuple[str, ...], readers: Mapping[str, Channel], now: datetime) -> list[Place]:
    """The topic's feeds, sitemaps and sections, and the front pages of the sections' hosts; of these outlets only."""
    sources = dict.fromkeys(_listed(topic))
    sources |= dict.fromkeys(front for source in sources if (front := _front(source)) is not None)
    wanted = (source for source in sources if not only or outlets_of(source.url) & set(only))
    places = (_place(source, topic, readers, now) for source in wanted)
    return list({place.query: place for place in places if place is not None}.values())


def place_of(query: str, topic: Topic, readers: Mapping[str, Channel], now: datetime) -> Place | None:
    """The place that a question is about, as the ledger calls it; None where its channel is not there."""
    channel, _, url = query.removeprefix("captures of ").partition(" ")
    known = (source for source in topic.sources if (source.channel, source.url) == (channel, url))
    return _place(next(known, Source(channel=channel, url=url)), topic, readers, now)


def _listed(topic: Topic) -> tuple[Source, ...]:
    return tuple(source for source in topic.sources if source.channel in CHANNELS and source.url)


def _front(source: Source) -> Source | None:
    """The front page of a section's host, as a section."""
    if source.channel != "sections":
        return None
    try:
        front = str(parts_of(source.url)._replace(path="/", query="", fragment=""))
    except ValueError:
        return None
    return replace(source, url=front)


def _place(source: Source, topic: Topic, readers: Mapping[str, Channel], now: datetime) -> Place | None:
    reader = readers.get(source.channel)
    if reader is None:
        return None
    try:
        first = next(iter(reader.asks(replace(topic, sources=(source,)), now)), None)
    except ValueError:  # "http://[": no address, whatever the ledger says
        return None
    return Place(source=source, url=first.url, kind=first.kind) if first else None
