"""What one run is to do: which channels it asks about which window, and how far it may go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.local_warcs import warc_url
from crawler.plan import Part, Verb, parts, with_window
from pipelines.topic import Source, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """A run's parts, and its bounds by channel.

    `budgets` are megabytes; `gaps` seconds between two requests, where they are not the channel's own (for a service
    on one's own machine).
    """

    verb: Verb
    parts: tuple[Part, ...]
    budgets: Mapping[str, float]
    gaps: Mapping[str, float]


def mission_of(settings: BaseSettings, topic: Topic, now: datetime) -> Mission:
    """The mission that the settings describe; TopicError where they contradict themselves or the topic."""
    verb: Verb = "backfill" if settings["DOSSIER_VERB"] == "backfill" else "crawl"
    wanted = with_window(topic, _day(settings["DOSSIER_SINCE"]), _day(settings["DOSSIER_UNTIL"]))
    names = tuple(settings.getlist("DOSSIER_CHANNELS"))
    files = settings.getlist("DOSSIER_WARC_FILES")
    if files:
        named = tuple(Source(channel="ccnews", url=warc_url(Path(path))) for path in files)
        wanted, names = replace(wanted, sources=named), ("ccnews",)
    return Mission(
        verb=verb,
        parts=parts(wanted, now, verb, names),
        budgets=_numbers(settings, "DOSSIER_MAX_MEGABYTES"),
        gaps=_numbers(settings, "DOSSIER_GAPS"),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _numbers(settings: BaseSettings, name: str) -> dict[str, float]:
    return {channel: float(number) for channel, number in settings.getdict(name).items()}
