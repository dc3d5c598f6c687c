"""How each source of a topic is: its last answer, its days, the pages of its outlet, and the verdict on all that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from archive.queries import Reader
from archive.shapes import shapes_of
from archive.source_days import SourceDay, days_of
from archive.sources import sources_of
from archive.wording import counted
from crawler.channels import CHANNELS
from crawler.channels.reading.outlets import outlets_of
from crawler.channels.steps.guesses import is_front
from crawler.times import text_of
from crawler.verdicts import GOOD, NONE, STALE, Signs, Verdict, verdict
from crawler.watching.layout import Change, change_of, missed, rejections, walled
from crawler.watching.rhythm import Rhythm, rhythm
from crawler.watching.volume import WEEKS, Fall, Volume, fall, volume
from pipelines.keys import ADDRESSED
from pipelines.topic import Source, Topic

HISTORY = timedelta(days=400)
Documents = Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]
"""The rows of documents by their channel and outlet."""
SUMMED = ("asked", "answered", "failed", "fresh", "new_items", "kept", "dropped", "rejected", "missed")
UNKNOWN = Rhythm()
SERVICES = tuple(channel for channel in CHANNELS if channel not in ADDRESSED and channel != "outlinks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One source of a topic. `row` is what the archive keeps of it, `days` its history, oldest first.

    `change` says how its outlet's pages have changed. A source that leads to others has what they list.
    """

    source: Source
    row: Mapping[str, Any]
    days: tuple[SourceDay, ...]
    verdict: Verdict
    rhythm: Rhythm = UNKNOWN
    volume: Volume | None = None
    fall: Fall | None = None
    change: Change | None = None
    signs: Signs = NONE


class Wards:
    """The sources that an archive knows, to look at those of one topic after the other."""

    def __init__(self, db: Reader | None, now: datetime) -> None:
        self.db = db
        self.now = now
        rows = sources_of(db, (*ADDRESSED, *SERVICES)) if db is not None else []
        self.known: dict[tuple[str, str], Mapping[str, Any]] = {(row["channel"], row["url"]): row for row in rows}

    def of(self, topic: Topic) -> list[Health]:
        """How the sources of a topic are, in its file's order; then services, where they have been asked."""
        addressed = [source for source in topic.sources if source.channel in ADDRESSED]
        places = {source: place_of(source, topic, self.now) for source in addressed}
        own = {(source.channel, place) for source, place in places.items()}
        others: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for key, row in self.known.items():
            if key not in own:
                others.setdefault((row["channel"], row["outlet"] or ""), []).append(row)
        told = [self.health(one, topic, self.known.get((one.channel, at)), others) for one, at in places.items()]
        services = dict.fromkeys(source.channel for source in topic.sources if source.channel in SERVICES)
        return told + [found for channel in services if (found := self.service(channel))]

    def service(self, channel: str) -> Health | None:
        """How a service answered last, wherever it was asked; None where it never was.

        It is asked about windows of the past: what it lists says nothing of how it is.
        """
        asked = [row for (name, _), row in self.known.items() if name == channel and row["last_asked"]]
        if not asked:
            return None
        row = max(asked, key=lambda row: str(row["last_asked"]))
        days = tuple(self.days([one["id"] for one in asked]))
        is_well = row["last_status"] in GOOD
        judged = Verdict(word="good", advice=row["last_reason"] or "answers") if is_well else verdict(row, self.now)
        return Health(source=Source(channel=channel, url=row["url"]), row=row, days=days, verdict=judged)

    def health(self, source: Source, topic: Topic, known: Mapping[str, Any] | None, others: Documents) -> Health:
        """How one source is; `others` are the rows of what sources have led to."""
        row = {**(known or {}), "url": source.url}
        if row.get("moved_to") and urlsplit(row["moved_to"]).path == "/robots.txt" != urlsplit(source.url).path:
            row["moved_to"] = urljoin(row["moved_to"], "/")  # the site was asked by its robots.txt
        led = [] if row.get("items") or not leads_on(source, row) else led_to(source, others)
        row |= listed_in(led)
        over = topic.until is not None and topic.until < self.now.date()
        if topic.until and topic.until < (self.now - STALE).date() - timedelta(days=1):
            row["newest"] = None  # of a window that is over, only old pages are listed
        days = self.days([one["id"] for one in (row, *led) if "id" in one])
        news = {date.fromisoformat(day.day): day.fresh for day in days if day.answered}
        beat = UNKNOWN if over else rhythm(news, self.now.date())
        fallen = fall(news, self.now.date(), beat.resting) if beat.last and not beat.is_dead else None
        told = volume(news, self.now.date(), beat.resting) if beat.last else None
        shapes = (
            shapes_of(self.db, outlet, text_of(self.now) or "") if self.db and (outlet := row.get("outlet")) else []
        )
        change = change_of(shapes) or rejections(days)
        signs = Signs(
            silent=silence(beat), few=fewer(fallen),
            changed=change.text if change else "", walled=walled(shapes), missed=missed(days),
        )  # fmt: skip
        return Health(
            source=source, row=row, days=tuple(days), rhythm=beat, volume=told, fall=fallen, change=change, signs=signs,
            verdict=verdict(row, self.now, signs),
        )  # fmt: skip

    def days(self, ids: Sequence[int]) -> list[SourceDay]:
        """The history of some sources, told as of one."""
        return days_of(self.db, ids, text_of(self.now - HISTORY) or "") if self.db is not None and ids else []


def lately(days: Sequence[SourceDay]) -> SourceDay:
    """The last four weeks of a source's days in one; `items` are those that it listed on its last good day."""
    since = date.fromisoformat(days[-1].day) - timedelta(days=WEEKS - 1) if days else date.min
    some = [day for day in days if date.fromisoformat(day.day) >= since]
    sums = {name: sum(getattr(day, name) for day in some) for name in SUMMED}
    return SourceDay(day=days[-1].day if days else "", items=next((d.items for d in some[::-1] if d.items), 0), **sums)


def silence(beat: Rhythm) -> str:
    """What to say of a rhythm that has ended; empty of one that goes on."""
    if not beat.is_dead:
        return ""
    rests = ", weekdays on which it rests left out" if beat.resting else ""
    usual = f"its longest pause was {counted(beat.usual or 0, 'day')}"
    return f"nothing new since {beat.last} ({counted(beat.silent, 'day')}{rests}), where {usual}"


def fewer(fallen: Fall | None) -> str:
    """What to say of a volume that has fallen; empty of another."""
    if fallen is None:
        return ""
    return f"{fallen.news} new links in the five days from {fallen.since} on, where {fallen.usual:.0f} are usual"


def place_of(source: Source, topic: Topic, now: datetime) -> str:
    """Where a source's first question is entered: of a whole site, its robots.txt."""
    asks = CHANNELS[source.channel].asks(replace(topic, sources=(source,)), now)
    return next((ask.place for ask in asks), source.url)


def leads_on(source: Source, row: Mapping[str, Any]) -> bool:
    """Whether a source lists nothing itself since it names others that do."""
    is_page = str(row.get("last_reason") or "").startswith("a page that names ")
    return bool(row.get("last_asked")) and (is_page or is_front(source.url) or source.channel == "sitemaps")


def led_to(source: Source, others: Documents) -> list[Mapping[str, Any]]:
    """The documents to which a source leads: those of its channel and outlet that no topic file names."""
    return [row for outlet in sorted(outlets_of(source.url)) for row in others.get((source.channel, outlet), ())]


def listed_in(documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What documents list together, and how often the most asked of them is asked; nothing where they list nothing."""
    found = [row for row in documents if row["items"]]
    if not found:
        return {}
    newest = max((row["newest"] for row in found if row["newest"]), default=None)
    pauses = [row["pause_minutes"] for row in found if row["pause_minutes"]]
    return {
        "items": sum(row["items"] for row in found), "documents": [row["url"] for row in found], "newest": newest,
        "new_items": sum(row["new_items"] for row in found), "pause_minutes": min(pauses, default=None),
    }  # fmt: skip
