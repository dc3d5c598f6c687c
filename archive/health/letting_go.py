"""Records whose bytes are lost: their rows go, the articles stay, and an event says what became of the bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

from sqlite_utils import Database

from archive.articles import LAST
from archive.events import LOST
from archive.health import kept_bytes, steps
from archive.health.patient import Patient
from archive.warc import WarcFiles, newest_file
from archive.wording import counted

BATCH = 500  # rows that are looked at, and let go of in one transaction

NOTE = """
INSERT INTO events (article_id, kind, at, detail)
SELECT article_id, :kind, :now, 'of the page fetched ' || fetched || ', in ' || warc_file || ' at ' || warc_offset
FROM records WHERE id IN (SELECT value FROM json_each(:lost)) AND article_id IN (SELECT id FROM articles) ORDER BY id
"""
UNNAME = (
    """UPDATE articles SET record_id = NULL WHERE record_id IN (SELECT value FROM json_each(:lost))
    AND id IN (SELECT article_id FROM records WHERE id IN (SELECT value FROM json_each(:lost)))""",
    """UPDATE versions SET record_id = NULL WHERE record_id IN (SELECT value FROM json_each(:lost))
    AND article_id IN (SELECT article_id FROM records WHERE id IN (SELECT value FROM json_each(:lost)))""",
    "UPDATE candidates SET record_id = NULL WHERE record_id IN (SELECT value FROM json_each(:lost))",
    "DELETE FROM records WHERE id IN (SELECT value FROM json_each(:lost))",
)


def let_go(patient: Patient, db: Database) -> Iterator[str]:
    """Let go of the rows of records whose bytes are not there whole, some at a time, and tell how many.

    Where one lies in the file that is written to, a new one is begun first: no writer may take its bytes for the rest
    of a transaction that never ended, and cut them off.
    """
    after, total = 0, db.execute("SELECT COUNT(*) FROM records").fetchone()[0]
    looked = 0
    while True:
        lost, last = kept_bytes.lost_rows(patient.data, db.conn, after, BATCH)
        if last is None:
            break
        if lost:
            turn_over(patient, db)
            with steps.unit(db):
                values = {"lost": json.dumps(lost), "kind": LOST, "now": patient.now}
                db.execute(NOTE, values)
                for statement in UNNAME:
                    db.execute(statement, values)
            yield f"{counted(len(lost), 'record')} without bytes let go of; the articles stay"
        after, looked = last, looked + BATCH
        patient.progress(kept_bytes.NAME, min(looked, total), total)
    yield from steps.references(db)


def turn_over(patient: Patient, db: Database) -> None:
    """Begin a new file, unless the present one has no records yet."""
    folder = patient.data / "warc"

    def committed(name: str) -> int:
        row = db.execute(LAST, [name]).fetchone()
        return 0 if row is None else int(row[0])

    if newest_file(folder):
        with closing(WarcFiles(folder, committed=committed)) as files:
            files.turn_over(datetime.max.replace(tzinfo=UTC))
