"""Files that are hashed while they are written, plain or compressed, and on disk when they are done."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LEVEL = 6  # of compression, always the same: other levels give other bytes
ZIPPED = ".gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file as it lies there: its name, its bytes and their SHA-256, and its rows where it is a table."""

    name: str
    bytes: int
    sha256: str
    rows: int | None = None


class Out:
    """A new file of a folder; `write` takes bytes, `rows` is for whoever writes some."""

    def __init__(self, folder: Path, name: str, *, zipped: bool = False) -> None:
        self.name = name + ZIPPED if zipped else name
        self.rows: int | None = None
        self._raw = _Hashed((folder / self.name).open("xb"))
        # Without a name and a time, so that the same text gives the same file.
        self._zip = gzip.GzipFile("", "wb", LEVEL, self._raw, mtime=0) if zipped else None
        self.write = self._zip.write if self._zip else self._raw.write

    def done(self) -> Written:
        """Bring the file to disk, and say what it is."""
        if self._zip:
            self._zip.close()
        self._raw.finish()
        return Written(name=self.name, bytes=self._raw.size, sha256=self._raw.sha256, rows=self.rows)

    def close(self) -> None:
        """Let go of the file, however far it came."""
        self._raw.file.close()

    closed = False


class _Hashed:
    """A file that knows how many bytes were written into it, and their hash."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.size = 0
        self._hash = hashlib.sha256()

    def write(self, block: bytes) -> int:
        self._hash.update(block)
        self.size += len(block)
        return self.file.write(block)

    def flush(self) -> None:
        self.file.flush()

    def finish(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


@contextmanager
def out(folder: Path, name: str, *, zipped: bool = False) -> Iterator[Out]:
    """A new file that is let go of at the end, also where what writes it fails."""
    made = Out(folder, name, zipped=zipped)
    try:
        yield made
    finally:
        made.close()


def text_file(folder: Path, name: str, text: str) -> Written:
    """A whole file of text."""
    with out(folder, name) as file:
        file.write(text.encode())
        return file.done()


def opened(path: Path) -> io.BufferedIOBase:
    """A file of a snapshot to be read, whether or not it is compressed."""
    return gzip.GzipFile(path, "rb") if path.suffix == ZIPPED else io.BufferedReader(io.FileIO(path), 1 << 20)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
