"""Written files that tell whether somebody changed them since: only an untouched one is written over."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from archive.disk import write_whole
from crawler.schedule.files.quoting import FileRefused

_SEAL = re.compile(r"# Seal ([0-9a-f]{16}): as long as nobody changes this file, Dossier writes over it for (.*)\n")
MOST = 1_000_000  # characters of a file that may be one of ours


def sealed(text: str, owner: str) -> str:
    """The text with a second line by which a change of it is noticed; `#` begins a comment in all our formats."""
    first, rest = text.split("\n", 1)
    seal = f"# Seal {_digest(text)}: as long as nobody changes this file, Dossier writes over it for {owner}"
    return f"{first}\n{seal}\n{rest}"


def owner_of(text: str) -> str:
    """For whom a file's text was sealed, which it still is to the letter; empty where it is not."""
    first, _, rest = text.partition("\n")
    found = _SEAL.match(rest)
    return found[2] if found and found[1] == _digest(f"{first}\n{rest[found.end() :]}") else ""


def prospect(path: Path, text: str) -> str:
    """What writing a file would do: `new`, `unchanged`, `updated`, or `taken` where it is not ours alone."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            there = file.read(MOST)
    except (FileNotFoundError, NotADirectoryError):
        return "new"
    except (OSError, ValueError):
        return "taken"
    if there == text:
        return "unchanged"
    return "updated" if (owner := owner_of(there)) and owner == owner_of(text) else "taken"


def place(files: Mapping[Path, str], *, force: bool = False) -> dict[Path, str]:
    """Write the files, and say of each what that did; FileRefused, before any is written, where one is not ours."""
    prospects = {path: prospect(path, text) for path, text in files.items()}
    for path, state in prospects.items():
        if state == "taken" and not force:
            raise FileRefused(
                f"{path} was not written by Dossier for this archive, or was changed since; "
                "move it away, or --force to write over it"
            )
    for path, text in files.items():
        if prospects[path] != "unchanged":
            _place(path, text)
    return {path: "overwritten" if state == "taken" else state for path, state in prospects.items()}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _place(path: Path, text: str) -> None:
    """One file, whole or not at all, and readable by the scheduler."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    except OSError as error:
        raise FileRefused(f"{path} cannot be written ({error.strerror}); name another folder: --write DIR") from error
