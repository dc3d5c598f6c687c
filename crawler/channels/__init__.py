"""The ways to discover links, by name."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.channels.ask import Channel
from crawler.channels.bing_news import BingNews
from crawler.channels.ccnews import CcNews
from crawler.channels.feeds import Feeds
from crawler.channels.gal import Gal
from crawler.channels.gdelt import Gdelt
from crawler.channels.google_news import GoogleNews
from crawler.channels.outlinks import Outlinks
from crawler.channels.sections import Sections
from crawler.channels.sitemaps import Sitemaps
from crawler.channels.wayback import Wayback
from pipelines.topic import TopicError

LISTED: dict[str, Channel] = {channel.name: channel for channel in (Feeds(), Sitemaps(), Sections())}
"""Channels whose documents an outlet publishes itself; a web archive may hold captures of them."""

CHANNELS: dict[str, Channel] = LISTED | {
    channel.name: channel
    for channel in (GoogleNews(), BingNews(), Gdelt(), Gal(), Wayback(LISTED), CcNews(), Outlinks())
}


class UnknownChannelError(TopicError):
    """A channel that nobody knows; the message names those that can be asked."""


def channels(names: Iterable[str]) -> list[Channel]:
    """The channels of these names, each once; UnknownChannelError where there is none of a name."""
    return [_channel(name) for name in dict.fromkeys(names)]


def _channel(name: str) -> Channel:
    if name not in CHANNELS:
        raise UnknownChannelError(f"channel {name!r} is unknown; give one of {', '.join(CHANNELS)}")
    return CHANNELS[name]
