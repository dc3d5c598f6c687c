"""The table `[schedule]` of an archive's dossier.toml."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crawler.operation import operation
from crawler.table import Table

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LONGEST = 7 * 24 * 60  # minutes
MOST_WORDS = 100
KEYS = (
    "topics", "nightly", "timezone", "shortest", "longest", "backfill", "backfill_pages", "snapshot", "keep_snapshots",
    "crawl_options",
)  # fmt: skip


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


def rules_of(data: Path) -> Rules:
    """The rules of the archive in a data folder; OperationError names the file, the key, the fault and the mend."""
    return rules(data, operation(data)["schedule"])


def rules(data: Path, values: Mapping[str, Any]) -> Rules:
    """The rules that a table spells."""
    table = Table(data, "schedule", values, KEYS)
    shortest = table.whole("shortest", 15, least=1, most=24 * 60)
    longest = table.whole("longest", max(24 * 60, shortest), least=1, most=LONGEST)
    if longest < shortest:
        raise table.fault("longest", f"is less than shortest ({shortest})", "give as many minutes or more")
    keep = table.whole("keep_snapshots", 0, least=1, most=100_000) if "keep_snapshots" in values else None
    return Rules(
        topics=table.texts("topics", 'give a list of topics, such as ["peace-talks"]', least=0, most=MOST_WORDS),
        nightly=hour(table, "nightly", time(3, 30)),
        zone=zone(table, "timezone"),
        shortest=shortest * MINUTE,
        longest=longest * MINUTE,
        backfill=table.flag("backfill", default=True),
        backfill_pages=table.whole("backfill_pages", 500, least=1, most=100_000),
        snapshot=table.flag("snapshot", default=True),
        keep_snapshots=keep,
        crawl_options=table.texts(
            "crawl_options", 'give a list of words, such as ["-s", "DOWNLOAD_DELAY=1"]', least=0, most=MOST_WORDS
        ),
    )


def hour(table: Table, key: str, default: time) -> time:
    """An hour of the day."""
    value = table.values.get(key)
    if value is None:
        return default
    with suppress(ValueError):
        if isinstance(value, str) and len(value) == 5:  # fromisoformat would take "0330" and seconds too
            return time.fromisoformat(value)
    raise table.wrong(key, 'give an hour of the day in quotes, such as "03:30"')


def zone(table: Table, key: str) -> ZoneInfo | None:
    """A zone, None for the machine's."""
    value = table.values.get(key)
    if value is None:
        return None
    with suppress(ValueError, OSError, KeyError):  # no such name, a folder of names, or no name at all
        if isinstance(value, str):
            return ZoneInfo(value)
    raise table.wrong(key, 'give a zone such as "Europe/Berlin", or leave it out for the machine\'s')
