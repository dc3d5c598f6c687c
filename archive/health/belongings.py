"""What lies in the data folder beside the archive itself: left-overs of ours, and what is not ours."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from archive.disk import PART
from archive.health.diagnosis import Diagnosis, examples, mendable, warning, well
from archive.health.integrity import READY, SAVED
from archive.health.patient import Patient
from archive.health.surroundings import is_held_elsewhere
from archive.lock import holder
from archive.pruning.note import NAME as NOTE
from archive.pruning.rewriting import BUILDING as BEING_WRITTEN
from archive.queries import DATABASE
from archive.snapshots.folders import LOCK
from archive.warc import is_file_name
from archive.wording import counted

NAME = "folder"
MOST = 10_000  # names that are looked at
WRITING = 3_600  # seconds in which a file of a page or two is written, however slow the disk
_OURS = re.compile(
    r"news\.db(?:-wal|-shm|-journal)?|warc|snapshots|topics|dossier\.toml|(?:crawl|[a-z-]+)\.lock|[a-z-]+\.log(?:\.\d+)?"
    r"|(?:schedule|alerts|watch|maintenance|metrics|status)[\w.-]*|logs|runs|exports|press\.jsonl|\.dossier-demo"
    r"|\.[\w.-]+\.part|pruned\.jsonl|READY|accounts[\w.-]*|lost\+found"
)
_ASIDE = re.compile(r"news\.db\.damaged-[\w-]+")
BUILDING = (".building", ".going", ".latest")


def examine(patient: Patient) -> Iterator[Diagnosis]:
    """Whether the data folder holds what belongs there."""
    if not patient.data.is_dir():
        return
    left = [path for path in left_overs(patient.data) if not is_in_use(path)]
    if left:
        what = f"{counted(len(left), 'left-over')} of what was killed{examples(path.name for path in left)}"
        yield mendable(NAME, what, "takes them away")
    names = [entry.name for entry, _ in zip(os.scandir(patient.data), range(MOST), strict=False)]
    strange = sorted(name for name in names if not is_known(name))
    warcs = patient.data / "warc"
    if warcs.is_dir():
        some = zip(os.scandir(warcs), range(MOST), strict=False)
        others = sorted(entry.name for entry, _ in some if not is_file_name(entry.name))
        strange += [f"warc/{name}" for name in others if not is_of_prune(name)]
        if half := [name for name in others if is_of_prune(name)]:
            what = f"a prune was killed, and bytes are still to go{examples(half)}"
            yield warning(NAME, what, "the same `dossier prune` goes on with them: let them lie until then")
    if aside := sorted(name for name in names if _ASIDE.fullmatch(name)):
        what = f"{counted(len(aside), 'damaged database')} kept aside{examples(aside)}"
        yield warning(NAME, what, "delete it when you miss nothing")
    if strange:
        what = f"{counted(len(strange), 'name')} that the archive knows nothing of{examples(strange)}"
        yield warning(NAME, what, "move them to where they belong")
    if not left and not strange:
        yield well(NAME, "nothing lies about")


def is_of_prune(name: str) -> bool:
    """Whether a name among the WARC files is that of what a prune has to do, or was writing."""
    return name == NOTE or (name.endswith(BEING_WRITTEN) and is_file_name(name.removesuffix(BEING_WRITTEN)))


def is_known(name: str) -> bool:
    """Whether something of that name may lie in a data folder."""
    return bool(_OURS.fullmatch(name) or _ASIDE.fullmatch(name)) or name == SAVED


def left_overs(data: Path) -> Iterator[Path]:
    """What a killed command may have left behind, as far as it is there."""
    saved = data / SAVED
    candidates = (
        *(() if all((saved / name).is_file() for name in (READY, DATABASE)) else (saved,)),
        *(data / "snapshots" / name for name in BUILDING),
        *islice(data.glob(f".*{PART}"), MOST),
    )
    yield from (path for path in candidates if path.exists() and not path.is_symlink())


def is_in_use(path: Path) -> bool:
    """Whether somebody is building there just now."""
    if path.name == SAVED:
        return is_held_elsewhere(path.parent)
    if path.suffix == PART:
        return time.time() - path.stat().st_mtime < WRITING
    return path.name in BUILDING and bool(holder(path.parent / LOCK))


def mend(data: Path) -> list[str]:
    """Take our own left-overs away; which."""
    taken = []
    for path in left_overs(data):
        if not is_in_use(path):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            taken.append(path.name)
    return taken
