"""New files of a folder, hashed while they are written, plain or compressed, and brought to disk side by side."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from archive.disk import sync

LEVEL = 6  # of compression, always the same: other levels give other bytes
ZIPPED = ".gz"
SYNCING = 4  # files at a time: a disk takes several for little more than one


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file as it lies there: its name, its bytes and their SHA-256, and its rows where it is a table."""

    name: str
    bytes: int
    sha256: str
    rows: int | None = None


class Out:
    """A new file; `write` takes bytes, `rows` is for whoever writes some."""

    def __init__(self, path: Path, *, zipped: bool) -> None:
        self.name = path.name
        self.rows: int | None = None
        self._raw = _Hashed(path.open("xb"))
        # Without a name and a time, so that the same text gives the same file.
        self._zip = gzip.GzipFile("", "wb", LEVEL, self._raw, mtime=0) if zipped else None
        self.write = self._zip.write if self._zip else self._raw.write

    def done(self) -> Written:
        """Write what is left, and say what the file is."""
        if self._zip:
            self._zip.close()
        self._raw.file.close()
        return Written(name=self.name, bytes=self._raw.size, sha256=self._raw.sha256, rows=self.rows)

    def close(self) -> None:
        """Let go of the file, however far it came."""
        if self._zip:  # else it would write its end, now or when it is forgotten
            self._zip.fileobj = None  # type: ignore[assignment]  # as its own close does
        self._raw.file.close()

    closed = False  # pyarrow asks for it


class _Hashed:
    """A file that knows how many bytes were written into it, and their hash."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.size = 0
        self._hash = hashlib.sha256()

    def write(self, block: bytes) -> int:
        """Write some bytes; how many."""
        self._hash.update(block)
        self.size += len(block)
        return self.file.write(block)

    def flush(self) -> None:
        """Hand on what was written."""
        self.file.flush()

    @property
    def sha256(self) -> str:
        """The hash so far."""
        return self._hash.hexdigest()


class Folder:
    """A folder that is being filled; tables are compressed in it where that was asked for."""

    def __init__(self, path: Path, *, zipped: bool = False) -> None:
        self.path = path
        self.zipped = zipped
        self._pool = ThreadPoolExecutor(SYNCING)
        self._syncing: list[Future[None]] = []

    @contextmanager
    def new(self, name: str, *, zipped: bool = False) -> Iterator[Out]:
        """A new file, which goes to disk when it is written, while the next one is."""
        path = self.path / (name + ZIPPED if zipped else name)
        made = Out(path, zipped=zipped)
        try:
            yield made
        finally:
            made.close()
        self._syncing.append(self._pool.submit(sync, path))

    def table(self, name: str) -> AbstractContextManager[Out]:
        """A new file of CSV."""
        return self.new(f"{name}.csv", zipped=self.zipped)

    def write_both(self, one: tuple[Out, bytes], other: tuple[Out, bytes]) -> None:
        """Write into two files, side by side where they are compressed."""
        (file, block), (twin, safe) = one, other
        if not self.zipped:
            file.write(block)
            twin.write(safe)
            return
        beside = self._pool.submit(twin.write, safe)
        try:
            file.write(block)
        finally:
            beside.result()

    def text(self, name: str, text: str) -> Written:
        """A whole new file of text."""
        with self.new(name) as file:
            file.write(text.encode())
            return file.done()

    def settle(self) -> None:
        """Wait until all is on disk."""
        for one in self._syncing:
            one.result()
        sync(self.path)

    def close(self) -> None:
        """Leave the folder as it is."""
        self._pool.shutdown(cancel_futures=True)


def opened(path: Path) -> io.BufferedIOBase:
    """A file of a snapshot to be read, whether or not it is compressed."""
    return gzip.GzipFile(path, "rb") if path.suffix == ZIPPED else io.BufferedReader(io.FileIO(path), 1 << 20)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
