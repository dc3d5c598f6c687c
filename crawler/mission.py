"""What one run is to do: which channels it asks about which window, and how far it may go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isfinite
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.channels import CHANNELS, channels
from crawler.channels.ask import Ask
from crawler.guards import Allowance
from crawler.local_warcs import SCHEME, warc_url
from crawler.plan import Part, Verb, parts, with_window
from pipelines.topic import Source, Topic, TopicError

COUNTS = (
    "DOSSIER_MAX_PAGES",
    "DOSSIER_MAX_PAGES_PER_HOST",
    "DOSSIER_MAX_OUTLINKS",
    "DOSSIER_MAX_RECHECKS_PER_HOST",
)


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

    def gap_of(self, ask: Ask) -> float:
        """Seconds from the end of whatever came before to this question; files of this machine need no rest."""
        if ask.url.startswith(f"{SCHEME}:"):
            return 0.0
        return self.gaps.get(ask.source.channel, CHANNELS[ask.source.channel].gap)


def mission_of(settings: BaseSettings, topic: Topic, now: datetime) -> Mission:
    """The mission that the settings describe; TopicError where they contradict themselves or the topic."""
    _check(settings)
    verb: Verb = "backfill" if settings["DOSSIER_VERB"] == "backfill" else "crawl"
    wanted = with_window(topic, _day(settings, "DOSSIER_SINCE"), _day(settings, "DOSSIER_UNTIL"))
    names = tuple(settings.getlist("DOSSIER_CHANNELS"))
    files = settings.getlist("DOSSIER_WARC_FILES")
    return Mission(
        verb=verb,
        parts=(_of_files(wanted, files),) if files else parts(wanted, now, verb, names),
        budgets=_numbers(settings, "DOSSIER_MAX_MEGABYTES"),
        gaps=_numbers(settings, "DOSSIER_GAPS"),
    )


def _of_files(topic: Topic, files: Sequence[str]) -> Part:
    """The part of a run that reads WARC files of this machine, of whatever time they are."""
    sources = tuple(Source(channel="ccnews", url=warc_url(Path(path))) for path in files)
    wanted = replace(topic, sources=sources)
    return Part(channel="ccnews", topic=wanted, why="reads files of this machine", most=0)


def _check(settings: BaseSettings) -> None:
    """Refuse what a component would stumble over in the middle of the start."""
    for name in COUNTS:
        try:
            is_count = settings.getint(name) >= 0
        except (ValueError, TypeError):
            is_count = False
        if not is_count:
            raise TopicError(f"{name} is {settings[name]!r}; give a whole number, 0 or more")
    _share(settings, "DOSSIER_RECHECK_SHARE")
    try:
        Allowance.of(settings.getlist("DOSSIER_ALLOW_PRIVATE"))
    except ValueError as error:
        raise TopicError(f"DOSSIER_ALLOW_PRIVATE (--allow-private): {error}") from error


def _share(settings: BaseSettings, name: str) -> None:
    """Refuse what is no part of a whole."""
    try:
        is_share = 0 <= settings.getfloat(name) <= 1
    except (ValueError, TypeError):
        is_share = False
    if not is_share:
        raise TopicError(f"{name} is {settings[name]!r}; give a number from 0 to 1")


def _day(settings: BaseSettings, name: str) -> date | None:
    try:
        return date.fromisoformat(settings[name]) if settings[name] else None
    except (ValueError, TypeError) as error:
        raise TopicError(f"{name} is {settings[name]!r}; give a day such as 2019-01-31") from error


def _numbers(settings: BaseSettings, name: str) -> dict[str, float]:
    """A number for each channel that is named, 0 or more."""
    mend = f'give a number for each channel, such as {name}={{"gdelt": 5}}'
    try:
        numbers = {channel: float(number) for channel, number in settings.getdict(name).items()}
    except (ValueError, TypeError) as error:
        raise TopicError(f"{name} is {settings[name]!r}; {mend}") from error
    if not all(isfinite(number) and number >= 0 for number in numbers.values()):
        raise TopicError(f"{name} is {settings[name]!r}; {mend}, 0 or more")
    channels(numbers)  # a channel that nobody knows is a typing error
    return numbers
