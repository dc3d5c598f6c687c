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
from archive.health.doctor import examined
from archive.health.patient import WAIT, Patient

ROUNDS = 3  # in which a database is made readable
VITAL = {belongings.NAME, integrity.FILE, integrity.PAGES}

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
    with told(patient.path):
        for _ in range(ROUNDS):
            done = [*readable(patient, found)]
            yield from ((integrity.PAGES, did) for did in done)
            if not done:
                break
            found = [*examined(patient)]  # what the damage had hidden
        wanted = {one.examination for one in found if one.is_mendable}
        if belongings.NAME in wanted:
            yield from ((belongings.NAME, f"{name} taken away") for name in belongings.mend(patient.data))
        if wanted - VITAL and patient.path.is_file():
            with closing(sqlite3.connect(patient.path, timeout=WAIT)) as connection:
                yield from inside(patient, steps.working(connection), wanted)


def readable(patient: Patient, found: Sequence[Diagnosis]) -> Iterator[str]:
    """Make a database readable again that is not: by its indexes, or by saving it into a new one; what was done."""
    is_damaged = any(one.mend == integrity.SALVAGE for one in found)
    if not is_damaged and any(one.examination == integrity.PAGES and one.is_mendable for one in found):
        is_damaged = not integrity.reindexed(patient.path)
        if not is_damaged:
            yield "indexes written anew"
    if is_damaged:
        yield from salvage.salvaged(patient.data, stamp_of(patient), patient.progress)


def stamp_of(patient: Patient) -> str:
    """What the damaged file is called by: the time, and a number where one of that time is there."""
    time = f"{datetime.fromisoformat(patient.now):%Y%m%d-%H%M%S}"
    taken = {path.name for path in patient.data.glob(f"{patient.path.name}.damaged-*")}
    names = (time, *(f"{time}-{number}" for number in range(2, 100)))
    return next(name for name in names if f"{patient.path.name}.damaged-{name}" not in taken)


def inside(patient: Patient, db: Database, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """Do what can be done inside the database."""
    if kept_bytes.NAME in wanted:
        yield from ((kept_bytes.NAME, did) for did in letting_go.let_go(patient, db))
    for name, step in STEPS:
        if name in wanted:
            yield from ((name, did) for did in step(db))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
