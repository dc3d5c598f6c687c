"""The demo's topic: the one that ships, asking the press instead of the world."""

from __future__ import annotations

from typing import Any

import tomlkit
from tomlkit.items import AoT

from crawler.press.outlets import OUTLETS, Outlet, Source


def demo_topic(text: str) -> str:
    """A topic file's text with the press's sources in place of its own; everything else stays to the letter."""
    topic = tomlkit.parse(text)
    topic.pop("sources", None)
    topic["sources"] = press_sources()
    return tomlkit.dumps(topic)


def press_sources() -> AoT:
    """Every feed, sitemap and section of the press, as a topic lists them, and the links in its articles."""
    entries = tomlkit.aot()
    for outlet in OUTLETS:
        for source in outlet.sources:
            entries.append(entry(outlet, source))
    outlinks = tomlkit.table()
    outlinks["channel"] = "outlinks"
    entries.append(outlinks)
    return entries


def entry(outlet: Outlet, source: Source) -> Any:
    """One source; a feed that has moved is listed where it was."""
    table = tomlkit.table()
    table["channel"] = source.channel
    table["url"] = outlet.root + (source.former or source.path)
    table["outlet"] = outlet.name
    return table
