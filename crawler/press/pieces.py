"""What each outlet has in print on a day: its own articles, the agency's, and the beginnings of other people's."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from crawler.press.manuscripts import Manuscript, manuscripts, revisions
from crawler.press.outlets import AGENCY, BY_KEY, Outlet

COPIES = Path(__file__).parent / "copies.toml"
DAYS = {1: datetime(2019, 9, 7, 12, tzinfo=UTC), 2: datetime(2019, 10, 7, 12, tzinfo=UTC)}
"""When the press stands still for a visitor: before the meeting at Camp David was called off, and a month after it."""

MOVED = {"british-troops-in-together-out-together": "/stories/british-troops-in-together-out-together"}
"""Articles that have another address on the second day; the first one redirects."""
CHANGED = "hundred-thirty-five-days-five-bases"
"""An analysis that has another paragraph on the second day."""
GONE = "iran-admits-talking-to-taliban"
REMOVED = "islamabad-meeting-with-taliban-put-off"
"""On the second day one article answers 410, and another with a page that says it has been removed."""
MEMBERS = "what-peace-would-mean-for-afghan-economy"
"""The article whose preview stands in a part of the site that robots.txt closes."""
PREVIEW_PATH = f"/members/preview/{MEMBERS}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article as one outlet prints it. `origin` is the piece that it was taken from."""

    outlet: Outlet
    manuscript: Manuscript
    path: str
    origin: Piece | None = None
    is_teaser: bool = False

    @property
    def url(self) -> str:
        """Its address."""
        return self.outlet.root + self.path

    @property
    def announced(self) -> str:
        """Its address as feeds and sitemaps give it: they do not hear of a move."""
        return self.outlet.root + path_of(self.outlet, self.manuscript)

    @property
    def number(self) -> int:
        """Its number in the outlet's own system: six digits, the same on every day."""
        return number_of(self.outlet, self.manuscript.slug)

    @property
    def section_path(self) -> str:
        """Where its section is listed."""
        return f"/section/{slug_of(self.manuscript.section)}"

    @property
    def is_live(self) -> bool:
        """Whether it is a live blog."""
        return self.manuscript.section.endswith("Live")

    @property
    def changed(self) -> datetime:
        """When its text was last touched."""
        return self.manuscript.modified or self.manuscript.date


def when(day: int) -> datetime:
    """The moment of a day: of the two by their numbers, of any other by its ordinal in the calendar, at its end."""
    return DAYS.get(day) or datetime.combine(date.fromordinal(day + 1), time(), UTC)


def is_later(day: int) -> bool:
    """Whether what had changed by the second day has changed."""
    return when(day) >= DAYS[2]


@cache
def pieces(day: int) -> tuple[Piece, ...]:
    """Everything in print on a day, newest first within an outlet."""
    written = manuscripts()
    current = {**written, **revisions(written)} if is_later(day) else written
    own = {slug: piece_of(manuscript, day) for slug, manuscript in current.items()}
    firsts = {slug: piece_of(manuscript, 1) for slug, manuscript in written.items()}
    every = [*own.values(), *copies(firsts)]
    out = [piece for piece in every if piece.manuscript.date <= when(day)]
    return tuple(sorted(out, key=lambda piece: (piece.outlet.key, -piece.manuscript.date.timestamp(), piece.path)))


def listed(outlet: Outlet, day: int) -> tuple[Piece, ...]:
    """What an outlet has in print, newest first."""
    return tuple(piece for piece in pieces(day) if piece.outlet == outlet)


def piece_of(manuscript: Manuscript, day: int) -> Piece:
    """An article at home, at its address of that day."""
    outlet = BY_KEY[manuscript.outlet]
    moved = MOVED.get(manuscript.slug) if is_later(day) else None
    return Piece(outlet=outlet, manuscript=manuscript, path=moved or path_of(outlet, manuscript))


def path_of(outlet: Outlet, manuscript: Manuscript) -> str:
    """Where an outlet puts an article."""
    return outlet.path.format(
        slug=manuscript.slug,
        number=number_of(outlet, manuscript.slug),
        section=slug_of(manuscript.section),
        date=manuscript.date,
    )


def copies(originals: Mapping[str, Piece]) -> Iterator[Piece]:
    """What the outlets take from one another."""
    for entry in tomllib.loads(COPIES.read_text(encoding="utf-8"))["copy"]:
        yield copy_of(originals[entry["article"]], BY_KEY[entry["outlet"]], entry)


def copy_of(origin: Piece, outlet: Outlet, entry: Mapping[str, Any]) -> Piece:
    """A piece under another roof: with that paper's headline, dateline and hour, cut where its editor cut it."""
    source = origin.manuscript
    teaser, drop = entry.get("teaser", 0), entry.get("drop", 0)
    kept = source.paragraphs[: teaser or len(source.paragraphs) - drop]
    dateline = outlet.dateline if origin.outlet == AGENCY else ""
    opening = dateline.format(
        PLACE=source.place.upper(), place=source.place, day=f"{entry['date']:%b} {entry['date'].day}"
    )
    copied = replace(
        source,
        outlet=outlet.key,
        date=entry["date"],
        title=entry.get("title", source.title),
        section="World" if outlet.key != "prairie-ledger" else "Nation & World",
        byline=origin.outlet.name,
        caption="",
        paragraphs=(opening + kept[0], *kept[1:]),
    )
    return Piece(outlet=outlet, manuscript=copied, path=path_of(outlet, copied), origin=origin, is_teaser=bool(teaser))


def number_of(outlet: Outlet, slug: str) -> int:
    """A number of six digits that an outlet gives an article."""
    return 100_000 + zlib.crc32(f"{outlet.key}/{slug}".encode()) % 900_000


def slug_of(text: str) -> str:
    """A text as addresses hold it."""
    return "-".join("".join(char if char.isalnum() else " " for char in text.lower()).split())
