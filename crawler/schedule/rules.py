"""The table `[schedule]` of an archive's dossier.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.operation import NAME, OperationError

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LONGEST = 7 * 24 * 60  # minutes
MOST_WORDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How an archive is kept going.

    `topics` are names or files, empty for all that are there. `zone` is the machine's own where it is None.
    `keep_snapshots` is None where all are kept.
    """

    topics: tuple[str, ...] = ()
    nightly: time = field(default=time(3, 30))
    zone: ZoneInfo | None = None
    shortest: timedelta = 15 * MINUTE
    longest: timedelta = DAY
    backfill: bool = True
    backfill_pages: int = 500
    snapshot: bool = True
    keep_snapshots: int | None = None
    crawl_options: tuple[str, ...] = ()


def rules_of(table: Mapping[str, Any], data: Path) -> Rules:
    """The rules that a table gives; OperationError names the file, the key, the fault and the mend."""
    reading = _Reading(table, f"{data / NAME}: [schedule]")
    reading.only(Rules.__dataclass_fields__.keys() - {"zone"} | {"timezone"})
    shortest = reading.number("shortest", 15, least=1, most=24 * 60)
    longest = reading.number("longest", max(24 * 60, shortest), least=1, most=LONGEST)
    if longest < shortest:
        raise reading.fault("longest", f"is less than shortest ({shortest})", "give as many minutes or more")
    return Rules(
        topics=reading.texts("topics", 'give a list of topics, such as ["peace-talks"]'),
        nightly=reading.hour("nightly", time(3, 30)),
        zone=reading.zone("timezone"),
        shortest=shortest * MINUTE,
        longest=longest * MINUTE,
        backfill=reading.flag("backfill"),
        backfill_pages=reading.number("backfill_pages", 500, least=1, most=100_000),
        snapshot=reading.flag("snapshot"),
        keep_snapshots=reading.number("keep_snapshots", 1, least=1, most=100_000)
        if "keep_snapshots" in table
        else None,
        crawl_options=reading.texts("crawl_options", 'give a list of words, such as ["-s", "DOWNLOAD_DELAY=1"]'),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """A table while it is read; each method gives the value of a key, or its default."""

    table: Mapping[str, Any]
    place: str

    def fault(self, key: str, fault: str, mend: str) -> OperationError:
        """What to raise."""
        return OperationError(f"{self.place} {key} {fault}; {mend}")

    def only(self, known: set[str]) -> None:
        """Refuse keys that nobody reads."""
        for key in self.table:
            if key not in known:
                raise self.fault(repr(key), "is no key of it", f"it may have {', '.join(sorted(known))}")

    def number(self, key: str, default: int, *, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self.table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fault(key, f"is {value!r}", f"give a whole number from {least:,} to {most:,}")
        return value

    def flag(self, key: str) -> bool:
        """Yes or no; yes by default."""
        value = self.table.get(key, True)
        if not isinstance(value, bool):
            raise self.fault(key, f"is {value!r}", "give true or false")
        return value

    def texts(self, key: str, mend: str) -> tuple[str, ...]:
        """A list of words."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or len(value) > MOST_WORDS:
            raise self.fault(key, "is no list of words", mend)
        for word in value:
            if not isinstance(word, str) or not word or not word.isprintable() or len(word) > 1_000:
                raise self.fault(key, f"holds {word!r}", mend)
        return tuple(value)

    def hour(self, key: str, default: time) -> time:
        """An hour of the day."""
        value = self.table.get(key)
        if value is None:
            return default
        try:
            if isinstance(value, str) and len(value) == 5:  # fromisoformat would take "0330" and seconds too
                return time.fromisoformat(value)
        except ValueError:
            pass
        raise self.fault(key, f"is {value!r}", 'give an hour of the day in quotes, such as "03:30"')

    def zone(self, key: str) -> ZoneInfo | None:
        """A zone, None for the machine's."""
        value = self.table.get(key)
        if value is None:
            return None
        try:
            if isinstance(value, str):
                return ZoneInfo(value)
        except (ValueError, OSError, KeyError):  # no such name, a folder of names, or no name at all
            pass
        raise self.fault(
            key, f"is {value!r}", 'give a zone such as "Europe/Berlin", or leave it out for the machine\'s'
        )
