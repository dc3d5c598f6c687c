"""The note of bytes that are to leave the WARC files: a file beside them, on disk before any row goes."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.errors import refused

NAME = "pruned.jsonl"
LONGEST = 1_000  # characters of a line


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a record lies in a WARC file."""

    file: str
    offset: int
    length: int


class Note:
    """What was noted so far, and by which file another was replaced."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def add(self, places: Sequence[Place]) -> None:
        """Note records that go; it is on disk when this returns."""
        self._write([[place.file, place.offset, place.length] for place in places])

    def replacing(self, file: str, by: str) -> None:
        """Note that a file is about to be replaced by another one, which has what is left of it."""
        self._write([[file, by]])

    def places(self) -> dict[str, list[Place]]:
        """The records that are noted, each once, by their file and in its order."""
        found: defaultdict[str, set[Place]] = defaultdict(set)
        for line in self._lines():
            if len(line) == 3 and isinstance(line[1], int) and isinstance(line[2], int):
                found[str(line[0])].add(Place(str(line[0]), line[1], line[2]))
        return {file: sorted(places) for file, places in found.items()}

    def replaced(self) -> list[tuple[str, str]]:
        """The files that were about to be replaced, each with the other one."""
        return [(str(line[0]), str(line[1])) for line in self._lines() if len(line) == 2]

    def clear(self) -> None:
        """Forget all: it is done."""
        self.path.unlink(missing_ok=True)

    def _write(self, lines: Sequence[Sequence[object]]) -> None:
        if not lines:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                # A line that a killed process left half written is ended, and read as none.
                file.write("\n" + "".join(f"{json.dumps(line)}\n" for line in lines))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise refused(self.path, error) from error

    def _lines(self) -> Iterator[list[object]]:
        try:
            with self.path.open(encoding="utf-8", errors="replace") as file:
                for line in file:
                    try:
                        read = json.loads(line) if len(line) < LONGEST else None
                    except ValueError:
                        continue
                    if isinstance(read, list):
                        yield read
        except FileNotFoundError:
            return
        except OSError as error:
            raise refused(self.path, error) from error
