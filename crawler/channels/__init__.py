"""The ways to discover links, by name."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.channels.ask import Channel
from crawler.channels.feeds import Feeds
from crawler.channels.sitemaps import Sitemaps
from pipelines.topic import CHANNELS as NAMED
from pipelines.topic import TopicError

CHANNELS: dict[str, Channel] = {channel.name: channel for channel in (Feeds(), Sitemaps())}


class UnknownChannelError(TopicError):
    """A channel that cannot be asked; the message says whether it is misspelt or not here yet."""


def channels(names: Iterable[str]) -> list[Channel]:
    """The channels of these names, each once; UnknownChannelError where there is none of a name."""
    return [_channel(name) for name in dict.fromkeys(names)]


def _channel(name: str) -> Channel:
    if name not in CHANNELS:
        fault = "is not available yet" if name in NAMED else "is unknown"
        raise UnknownChannelError(f"channel {name!r} {fault}; give one of {', '.join(CHANNELS)}")
    return CHANNELS[name]
