"""Snapshots against their own SHA256SUMS."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from archive.health.diagnosis import Diagnosis, fault, well
from archive.health.patient import Patient
from archive.wording import counted

NAME = "snapshots"
SUMS = "SHA256SUMS"
LONGEST = 100_000  # bytes of a list of sums
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LINE = re.compile(r"([0-9a-f]{64}) [ *]([\w.-]{1,200})")


def examine(patient: Patient) -> Iterator[Diagnosis]:
    """Whether the files of each snapshot are those that were written; of a quick look, the newest one's."""
    root = patient.data / "snapshots"
    folders = sorted(path for path in root.iterdir() if _DAY.fullmatch(path.name)) if root.is_dir() else []
    summed = [path for path in folders if (path / SUMS).is_file()]
    wrong = 0
    for number, folder in enumerate(summed[-1:] if patient.is_quick else summed):
        patient.progress(NAME, number, len(summed))
        for what in differing(folder):
            wrong += 1
            yield fault(NAME, f"{folder.name}: {what}", "take it from a backup, or write a new one: `dossier snapshot`")
    if not wrong:
        without = f", {len(folders) - len(summed):,} without sums" if len(folders) > len(summed) else ""
        what = (
            f"{counted(len(folders), 'snapshot')}, as {'they were' if len(folders) > 1 else 'it was'} written{without}"
        )
        yield well(NAME, what if folders else "none yet")


def differing(folder: Path) -> Iterator[str]:
    """What of a snapshot is not as its sums say."""
    try:
        with (folder / SUMS).open("rb") as file:
            text = file.read(LONGEST).decode("utf-8", "replace")
    except OSError as error:
        yield f"{SUMS} cannot be read: {error.strerror or error}"
        return
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if found is None:
            yield f"{SUMS} has a line that is none of it: {line[:80]!r}"
            return
        if what := differs(folder / found[2], found[1]):
            yield f"{found[2]} {what}"


def differs(path: Path, digest: str) -> str:
    """What is wrong with a file of that digest, empty for nothing."""
    try:
        with path.open("rb") as file:
            return "" if hashlib.file_digest(file, "sha256").hexdigest() == digest else "is not what was written"
    except FileNotFoundError:
        return "is not there"
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
