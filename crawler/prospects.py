"""What waits to be fetched, best first: the answer of a dry run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.store import Archive

MOST = 1_000
SHOWN = 40


def prospects(data: Path, topic: str) -> list[dict[str, Any]]:
    """The best candidates of a topic that wait: score, title, date, URL, and where their bytes can be had."""
    archive = Archive.open(data)
    try:
        topic_id = archive.topics.find(topic)
        found = archive.candidates.waiting(topic_id, MOST) if topic_id else []
    finally:
        archive.close()
    return [
        {"score": row.score, "title": row.title, "published": row.published, "url": row.url, "via": row.via}
        for row in found
    ]


def tell_prospects(console: Console, found: list[dict[str, Any]]) -> None:
    """Print them, best first."""
    console.print()
    table = Table.grid(padding=(0, 2))
    for row in found[:SHOWN]:
        day = (row["published"] or "")[:10]
        table.add_row(f"{row['score']:.2f}", Text(day, "dim"), Text(row["title"] or row["url"]))
    console.print(table)
    more = f", the first {SHOWN} shown (--json has {min(len(found), MOST)})" if len(found) > SHOWN else ""
    console.print(f"{len(found)}{'+' if len(found) == MOST else ''} links wait, best first{more}; none was fetched.")
