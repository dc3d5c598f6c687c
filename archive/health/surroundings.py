"""What an archive stands on: rights, room on the disk, the lock of crawls, the machine's clock."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from archive.condition import weights
from archive.health.diagnosis import Diagnosis, fault, warning, well
from archive.health.patient import Patient
from archive.lock import NAME as LOCK
from archive.lock import crawling
from archive.queries import DATABASE
from archive.wording import counted

RIGHTS = "rights"
DISK = "disk"
HELD = "lock"
CLOCK = "clock"

LEAST = 200_000_000  # bytes; a run of a thousand pages takes about as much
STUCK = timedelta(days=2)
AHEAD = timedelta(hours=1)
SECRET = ("dossier.toml",)  # a webhook's address and a mail account may stand in it
AHEAD_OF = "SELECT COUNT(*), MAX({column}) FROM {table} WHERE {column} > ?"
_HOLDER = re.compile(r"process (\d{1,9}) since (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z")


def examine_rights(patient: Patient) -> Iterator[Diagnosis]:
    """Whether a crawl may write, and who else may read."""
    data = patient.data
    if not data.is_dir():
        yield fault(RIGHTS, f"{data} is not there", "name the folder of an archive with --data")
        return
    parts = [data, *(data / name for name in (DATABASE, f"{DATABASE}-wal", "warc", "snapshots", LOCK))]
    closed = [path for path in parts if path.exists() and not os.access(path, os.W_OK | os.R_OK)]
    for path in closed:
        yield fault(RIGHTS, f"{path} cannot be written by you", f"give yourself the right: chmod u+rw {path.name}")
    for name in SECRET:
        with suppress(OSError):
            if (data / name).stat().st_mode & 0o044:
                mend = f"chmod 600 {name}, if a password or an address of a webhook stands in it"
                yield warning(RIGHTS, f"{name} can be read by other users of this machine", mend)
    if not closed:
        yield well(RIGHTS, f"you may write all of it; {readers(patient.path)}")


def readers(path: Path) -> str:
    """Who may read the database beside its owner."""
    with suppress(OSError):
        mode = path.stat().st_mode
        if mode & 0o004 and path.parent.stat().st_mode & 0o001:
            return "every user of this machine may read it (chmod o-rx the folder, if that is not meant)"
        if mode & 0o040:
            return "its group may read it"
    return "nobody else may read it"


def examine_disk(patient: Patient) -> Iterator[Diagnosis]:
    """Whether there is room to go on, and for a copy of the database."""
    if not patient.data.is_dir():
        return
    free = shutil.disk_usage(patient.data).free
    parts = weights(patient.data)
    told = f"{megabytes(free)} free; the archive takes {megabytes(sum(parts.values()))}"
    if free < LEAST:
        yield fault(DISK, told, "make room: a crawl stops when the disk is full")
    elif free < parts["database"] + LEAST:
        mend = "make room: a snapshot, a copy or a salvage of the database needs as much as it takes"
        yield warning(DISK, f"{told}, {megabytes(parts['database'])} of it the database", mend)
    else:
        yield well(DISK, told)


def megabytes(size: int) -> str:
    """Bytes for a reader."""
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"


def examine_lock(patient: Patient) -> Iterator[Diagnosis]:
    """Whether a crawl holds the archive, and whether it still lives."""
    name = crawling(patient.data)
    if not name:
        yield well(HELD, "nobody holds the archive")
        return
    found = _HOLDER.fullmatch(name)
    if found is None:
        yield well(HELD, "somebody holds the archive who has not said since when")
        return
    process, since = int(found[1]), found[2]
    if process == os.getpid():
        yield well(HELD, "this repair holds the archive")
        return
    told = f"process {process} holds the archive since {since}"
    if not is_alive(process):
        mend = "look for processes that it left behind (fuser crawl.lock): one of them holds the lock"
        yield warning(HELD, f"{told}, and is not on this machine any more", mend)
    elif datetime.fromisoformat(patient.now) - datetime.fromisoformat(f"{since}Z") > STUCK:
        yield warning(HELD, told, f"see what it does; `kill {process}` stops it in order")
    else:
        yield well(HELD, told)


def is_held_elsewhere(data: Path) -> bool:
    """Whether another process than this one holds the archive."""
    name = crawling(data)
    return bool(name) and not name.startswith(f"process {os.getpid()} ")


def is_alive(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def examine_clock(patient: Patient) -> Iterator[Diagnosis]:
    """Whether anything was fetched in the future: then the clock was wrong, or is."""
    limit = (datetime.fromisoformat(patient.now) + AHEAD).strftime("%Y-%m-%dT%H:%M:%SZ")
    is_right = True
    with patient.look() as db:
        for table, column, what in (("articles", "fetched", "article"), ("runs", "started", "run")):
            count, last = db.execute(AHEAD_OF.format(table=table, column=column), [limit]).fetchone()
            if count:
                is_right = False
                mend = "set the clock of this machine; what has a wrong time is looked at again only then"
                yield warning(CLOCK, f"{counted(count, what)} in the future, the last at {last}", mend)
    if is_right:
        yield well(CLOCK, f"nothing in the archive is later than {patient.now}")
