"""Which archive it is that lies in a data folder: a backup that was put in its place is another one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from archive.errors import StoreError
from archive.queries import DATABASE, Reader, open_reader

MADE = "SELECT group_concat(applied_at) FROM _sqlite_migrations WHERE migration_set = 'dossier'"
CHANGES = "SELECT IFNULL(MAX(seq), 0) FROM touched"


class Identity:
    """What an archive is known by: its file, and when its tables were made."""

    def __init__(self, data: Path, db: Reader) -> None:
        self.path = data / DATABASE
        self.file, self.written = self._looked_at() or ((0, 0), (0, 0))
        self.made = made(db)

    def is_other(self, change: int) -> bool:
        """Whether another file lies there than the one of which so many changes were read, or it was written over.

        What was written over it is seen by new connections only.
        """
        looked = self._looked_at()
        if looked is None:
            return False
        if looked[0] != self.file:
            return True
        if looked[1] != self.written:
            self.written = looked[1]
            try:
                with closing(open_reader(self.path.parent)) as fresh:
                    return made(fresh) != self.made or fresh.execute(CHANGES).fetchone()[0] < change
            except StoreError:
                return True
        return False

    def _looked_at(self) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Which file it is, and how it was left by the last who wrote; None where it is gone."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return (found.st_dev, found.st_ino), (found.st_size, found.st_mtime_ns)


def made(db: Reader) -> str:
    """When the tables of an archive were made; no two have been at the same moment."""
    return str(db.execute(MADE).fetchone()[0])
