"""The bytes of every kept page, in WARC files that other tools can read.

A record is on disk before the transaction that names it commits, and what no transaction names is cut off again before
the next record is written: whatever is killed when, the files and the table `records` tell the same.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import BinaryIO

from archive import members
from archive.disk import sync
from archive.errors import StoreError
from archive.rows import RecordRow

LEVEL = 3
ROTATE = 1_000_000_000
TAIL = 64  # records that one transaction holds at most

_NAME = re.compile(r"dossier-[0-9]{14}-([0-9]{5})\.warc\.gz")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class WarcFiles:
    """The folder of WARC files, for the one process that writes.

    `committed` says where the last record that the archive knows of a file ends, 0 if it knows none. `rotate` is the
    size in bytes over which no file grows.
    """

    def __init__(
        self, folder: Path, *, committed: Callable[[str], int], level: int = LEVEL, rotate: int = ROTATE
    ) -> None:
        self.folder = folder
        self.committed = committed
        self.level = level
        self.rotate = rotate
        self._file: BinaryIO | None = None
        self._name = ""
        self._unsynced = False

    def append(
        self,
        *,
        url: str,
        fetched: str,
        status: int,
        headers: members.Headers,
        body: bytes,
        digest: str = "",
        of: tuple[str, str] | None = None,
    ) -> RecordRow:
        """Where the page now lies; it is safe there after `sync`. StoreError where the disk takes no more.

        `fetched` is ISO 8601 UTC text. With `of`, the URL and time of the record that has the same bytes, a revisit
        record is written, without the body.
        """
        digest = digest or members.payload_digest(body)
        if of is None:
            member = members.response(
                url=url, fetched=fetched, status=status, headers=headers, body=body, digest=digest, level=self.level
            )
        else:
            member = members.revisit(
                url=url,
                fetched=fetched,
                status=status,
                headers=headers,
                body=body,
                digest=digest,
                level=self.level,
                of=of,
            )
        offset = self._write(member)
        return RecordRow(
            url=url,
            fetched=fetched,
            status=status,
            digest=digest,
            warc_file=self._name,
            warc_offset=offset,
            warc_length=len(member),
        )

    def take(self, member: bytes, record: RecordRow) -> RecordRow:
        """Where a record of another archive now lies here, its bytes as they were; it is safe there after `sync`."""
        offset = self._write(member)
        return replace(record, warc_file=self._name, warc_offset=offset, warc_length=len(member))

    def sync(self) -> None:
        """Return when all that was appended is safe on disk; StoreError where the disk takes no more.

        It belongs before the commit of the transaction that names the records.
        """
        if self._file is not None and self._unsynced:
            with _faults(self.folder):
                os.fsync(self._file.fileno())
            self._unsynced = False

    def turn_over(self, before: datetime) -> str:
        """The name of the finished file, where records go into a new one from now on; empty where they need not.

        They do if the present file was begun before that time and has records: a finished file never changes again.
        Only who holds the lock of the archive may ask. StoreError where the disk takes no more.
        """
        name = self._newest()
        if not name or name >= f"dossier-{before:%Y%m%d%H%M%S}" or not self.committed(name):
            return ""
        with _faults(self.folder):
            self._place(0)  # what a killed crawl left behind the last record is cut off, for the last time
            if self._newest() == name:
                self.close()
                self._begin()
            self._put_head()
        self.close()
        return name

    def pass_over(self) -> None:
        """Leave all files as they are, and let records go into a new one; StoreError where the disk takes no more."""
        if self._newest():
            with _faults(self.folder):
                self.close()
                self._begin()
                self._put_head()
            self.close()

    def close(self) -> None:
        """Give the file back."""
        try:
            self.sync()
        finally:
            if self._file is not None:
                self._file.close()
            self._file, self._name, self._unsynced = None, "", False

    def _write(self, member: bytes) -> int:
        with _faults(self.folder):
            end = self._place(len(member))
            head = b"" if end else members.information(self._name, software(), self.level)
            assert self._file is not None
            try:
                self._file.seek(end)
                _write_all(self._file, head + member)
                self._unsynced = True
            except OSError:
                self._cut(end)
                raise
            return end + len(head)

    def _place(self, length: int) -> int:
        """Open the file that takes a record of that length, and say where in it."""
        end = None if self._file is None else self._settled(self._file, self._name)
        if end is None and (name := self._newest()):
            self.close()
            self._file, self._name = (self.folder / name).open("r+b", buffering=0), name
            end = self._settled(self._file, name)
        if end is None or (end and end + length > self.rotate):
            self.close()
            self._begin()
            end = 0
        return end

    def _settled(self, file: BinaryIO, name: str) -> int | None:
        """The end of what is committed, once nothing lies behind it; None where the file is better left alone.

        Behind it there may be the records of one transaction that never ended, the last of them torn: they are cut off.
        More, or less than is committed, means that files and archive are not of one time; then nothing is cut.
        """
        size = file.seek(0, os.SEEK_END)
        try:
            end = self.committed(name) or members.member_end(file, 0) or 0
            tail, records = end, 0
            while tail < size and records < TAIL:
                tail, records = members.member_end(file, tail) or size, records + 1
        except ValueError:
            return None
        if size < end or tail != size:
            return None
        if size > end:
            file.truncate(end)
            os.fsync(file.fileno())
        return end

    def _put_head(self) -> None:
        """Write what opens a file, where that is not there yet."""
        assert self._file is not None
        if not self._file.seek(0, os.SEEK_END):
            _write_all(self._file, members.information(self._name, software(), self.level))
            os.fsync(self._file.fileno())

    def _newest(self) -> str:
        return newest_file(self.folder)

    def _begin(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        newest = _NAME.fullmatch(self._newest())
        serial = int(newest[1]) + 1 if newest else 0
        self._name = f"dossier-{datetime.now(UTC):%Y%m%d%H%M%S}-{serial:05}.warc.gz"
        self._file = (self.folder / self._name).open("x+b", buffering=0)
        for folder in (self.folder, self.folder.parent):
            sync(folder)

    def _cut(self, end: int) -> None:
        """Take back half a record, as far as a failing disk lets us; the next append looks again."""
        assert self._file is not None
        with suppress(OSError):
            self._file.truncate(end)


def is_file_name(name: str) -> bool:
    """Whether a file of the folder may have that name."""
    return _NAME.fullmatch(name) is not None


def newest_file(folder: Path) -> str:
    """The name of the file that is written to, empty where there is none."""
    names = (path.name for path in folder.iterdir()) if folder.is_dir() else ()
    numbered = [(found[1], found[0]) for found in map(_NAME.fullmatch, names) if found]
    return max(numbered, default=("", ""))[1]


def read_record(folder: Path, file: str, offset: int, length: int) -> tuple[members.Headers, bytes]:
    """The HTTP headers and the body of a record, by its row in `records`; StoreError where it is not there whole."""
    member = read_member(folder, file, offset, length)
    try:
        return members.opened(member)
    except ValueError as error:
        path = folder / file
        raise StoreError(f"{path} at {offset}: {error}; take the file from a backup", kind="corrupt") from error


def read_member(folder: Path, file: str, offset: int, length: int) -> bytes:
    """The bytes of a record as they lie, whole or not; StoreError where no such record can be read."""
    path = folder / file
    if not _NAME.fullmatch(file) or offset < 0 or not 0 < length <= members.MAX_RECORD:
        raise StoreError(f"{file!r} at {offset}, {length} bytes: no such record", kind="corrupt")
    with _faults(path), open(path, "rb", opener=_at_once) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise StoreError(f"{path} is no file; take it from a backup", kind="corrupt")
        stream.seek(offset)
        return stream.read(length)


def _at_once(path: str, flags: int) -> int:
    """Open a file without waiting: where a pipe has its name, nobody may ever write into it."""
    return os.open(path, flags | os.O_NONBLOCK)


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    """Name the file, the fault and the mend of whatever the disk refuses."""
    try:
        yield
    except OSError as error:
        fault = f"{error.filename or path}: {error.strerror or error}"
        if error.errno in _FULL:
            raise StoreError(f"{fault}; make room, or name another disk with --data", kind="full") from error
        if error.errno in _READONLY:
            raise StoreError(
                f"{fault}; make it writable, or name another folder with --data", kind="readonly"
            ) from error
        raise StoreError(f"{fault}; look at the disk", kind="other") from error


def software() -> str:
    """The name and the version of this program, as records have them."""
    try:
        return f"dossier-news/{version('dossier-news')}"
    except PackageNotFoundError:  # run from a checkout
        return "dossier-news"


def _write_all(file: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
