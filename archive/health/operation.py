"""What `dossier doctor --repair` does about what was found: only what is safe, under the lock of crawls.

No article, version or byte of a page is ever taken away. Killed at any instant, it is run again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime

from sqlite_utils import Database

from archive.errors import told
from archive.health import (
    belongings,
    blueprint,
    derived,
    fingerprints,
    full_text,
    integrity,
    kept_bytes,
    letting_go,
    line_counts,
    referents,
    salvage,
    steps,
)
from archive.health.diagnosis import Diagnosis
from archive.health.patient import WAIT, Patient

Step = Callable[[Database], Iterator[str]]

# In this order: triggers write what the others change, and what goes may leave others alone.
STEPS: tuple[tuple[str, Step], ...] = (
    (blueprint.NAME, steps.schema),
    (referents.NAME, steps.references),
    (derived.NAME, steps.counts),
    (line_counts.NAME, steps.lines),
    (fingerprints.NAME, steps.hashes),
    (full_text.NAME, steps.text_index),
)


def operated(patient: Patient, found: Sequence[Diagnosis]) -> Iterator[tuple[str, str]]:
    """Do what can be done about what was found; of which examination, and what was done. StoreError in words.

    The caller holds the lock of the archive.
    """
    wanted = {one.examination for one in found if one.is_mendable}
    is_damaged = any(one.mend == integrity.SALVAGE for one in found)
    with told(patient.path):
        if integrity.PAGES in wanted and not is_damaged:
            if integrity.reindexed(patient.path):
                yield integrity.PAGES, "indexes written anew"
            else:
                is_damaged = True
        if is_damaged:
            stamp = f"{datetime.fromisoformat(patient.now):%Y%m%d-%H%M%S}"
            yield from ((integrity.PAGES, did) for did in salvage.salvaged(patient.data, stamp, patient.progress))
        if belongings.NAME in wanted:
            yield from ((belongings.NAME, f"{name} taken away") for name in belongings.mend(patient.data))
        if wanted - {belongings.NAME, integrity.FILE} and patient.path.is_file():
            with closing(sqlite3.connect(patient.path, timeout=WAIT)) as connection:
                yield from inside(patient, steps.working(connection), wanted)


def inside(patient: Patient, db: Database, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Do what can be done inside the database."""
    if kept_bytes.NAME in wanted:
        yield from ((kept_bytes.NAME, did) for did in letting_go.let_go(patient, db))
    for name, step in STEPS:
        if name in wanted:
            yield from ((name, did) for did in step(db))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
