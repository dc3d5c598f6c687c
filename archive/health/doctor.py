"""All examinations of an archive, in their order, whatever state it is in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive.health import (
    belongings,
    blueprint,
    derived,
    fingerprints,
    full_text,
    integrity,
    kept_bytes,
    line_counts,
    referents,
    software,
    sums,
    surroundings,
)
from archive.health.diagnosis import Diagnosis, fault
from archive.health.patient import Patient

Examine = Callable[[Patient], Iterator[Diagnosis]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """One look at one thing. What is wrong with one that is `vital` leaves nothing to be asked of the database."""

    name: str
    examine: Examine
    asks_database: bool = False
    is_vital: bool = False


EXAMINATIONS = (
    Examination(name=software.NAME, examine=software.examine),
    Examination(name=surroundings.RIGHTS, examine=surroundings.examine_rights),
    Examination(name=surroundings.DISK, examine=surroundings.examine_disk),
    Examination(name=surroundings.HELD, examine=surroundings.examine_lock),
    Examination(name=belongings.NAME, examine=belongings.examine),
    Examination(name=integrity.FILE, examine=integrity.examine_file, is_vital=True),
    Examination(name=integrity.PAGES, examine=integrity.examine_pages, asks_database=True, is_vital=True),
    Examination(name=blueprint.NAME, examine=blueprint.examine, asks_database=True, is_vital=True),
    Examination(name=referents.NAME, examine=referents.examine, asks_database=True),
    Examination(name=derived.NAME, examine=derived.examine, asks_database=True),
    Examination(name=line_counts.NAME, examine=line_counts.examine, asks_database=True),
    Examination(name=fingerprints.NAME, examine=fingerprints.examine, asks_database=True),
    Examination(name=full_text.NAME, examine=full_text.examine, asks_database=True),
    Examination(name=surroundings.CLOCK, examine=surroundings.examine_clock, asks_database=True),
    Examination(name=kept_bytes.NAME, examine=kept_bytes.examine, asks_database=True),
    Examination(name=sums.NAME, examine=sums.examine),
)
LOOK_AGAIN = "look at the disk, and run this again; nothing was changed"


def examined(patient: Patient) -> Iterator[Diagnosis]:
    """What each examination finds. Nothing that an archive may hold ends it."""
    can_ask = True
    for one in EXAMINATIONS:
        if one.asks_database and not can_ask:
            continue
        for found in outcome(one, patient):
            if found.state == "fault" and one.is_vital and not is_passable(found):
                can_ask = False
            yield found


def is_passable(found: Diagnosis) -> bool:
    """Whether a fault of something vital leaves the database to be asked: indexes and triggers hold no data."""
    return found.examination == blueprint.NAME and found.is_mendable and found.mend != integrity.SALVAGE


def outcome(one: Examination, patient: Patient) -> Iterator[Diagnosis]:
    """What one examination finds, or why it could not be made."""
    try:
        yield from one.examine(patient)
    except sqlite3.OperationalError as error:
        yield fault(one.name, f"could not be examined: {error}", LOOK_AGAIN)
    except (sqlite3.Error, OSError, ValueError, TypeError, OverflowError) as error:
        yield fault(one.name, f"could not be examined: {' '.join(str(error).split())[:200]}", LOOK_AGAIN)
