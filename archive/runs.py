"""Topics, and the runs that crawl them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.store import Archive


class Topics:
    """The topics that an archive follows."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def ensure(self, name: str, title: str, definition: str) -> int:
        """The id of a topic, with its newest title and definition."""
        with self.archive.writing() as db:
            db.execute(
                """INSERT INTO topics (name, title, definition) VALUES (?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET title = excluded.title, definition = excluded.definition
                WHERE (title, definition) IS NOT (excluded.title, excluded.definition)""",
                [name, title, definition],
            )
            return int(db.execute("SELECT id FROM topics WHERE name = ?", [name]).fetchone()[0])

    def find(self, name: str) -> int | None:
        """The id of a topic, None where the archive does not know it."""
        with self.archive.reading() as db:
            row = db.execute("SELECT id FROM topics WHERE name = ?", [name]).fetchone()
        return None if row is None else int(row[0])

    def definition(self, name: str) -> str:
        """The text of a topic's file as of its last crawl; empty where the archive does not know it."""
        with self.archive.reading() as db:
            row = db.execute("SELECT definition FROM topics WHERE name = ?", [name]).fetchone()
        return "" if row is None else str(row[0])


class Runs:
    """The executions of crawls."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def start(self, topic_id: int, now: str) -> int:
        """The id of a new run."""
        with self.archive.writing() as db:
            cursor = db.execute("INSERT INTO runs (topic_id, started) VALUES (?, ?)", [topic_id, now])
            return int(cursor.lastrowid or 0)

    def finish(self, run_id: int, outcome: str, counts: Mapping[str, int], now: str) -> None:
        """Write how a run ended."""
        values = [now, outcome, json.dumps(dict(sorted(counts.items()))), run_id]
        with self.archive.writing() as db:
            db.execute("UPDATE runs SET finished = ?, outcome = ?, counts = ? WHERE id = ?", values)
