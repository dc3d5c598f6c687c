"""An archive that is merged into another: opened read-only, at one moment of it, and believed in nothing."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.errors import StoreError, told
from archive.health.blueprint import fresh
from archive.queries import DATABASE, NoArchiveError, open_reader

BATCH = 200  # rows that are read, joined and written at a time

LONG = 20_000  # characters of a field
BODY = 8_000_000  # characters of a text or a topic's definition
BLOB = 4_000_000  # bytes of packed hashes
ADDRESS = 8_000  # characters of a URL
LARGE = 1e12
LONGEST_REST = 7  # days that a host or a source rests, whatever it asks for
_WEB = re.compile(r"https?://[^\s/?#]+[^\s]*")
_TIME = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z")
_HASHES = 8  # bytes of a packed hash


# A view may go on for ever, and a computed column be of any size: what an archive has are tables of plain columns.
STRANGE = """
SELECT m.name FROM sqlite_master AS m WHERE m.type IN ('table', 'view') AND m.name IN (SELECT value FROM json_each(?))
    AND CASE WHEN m.type = 'view' OR m.sql LIKE 'CREATE VIRTUAL%' THEN 1
    ELSE EXISTS (SELECT 1 FROM pragma_table_xinfo(m.name) WHERE hidden != 0) END LIMIT 1
"""


class OriginError(StoreError):
    """A folder that cannot be merged; the message says what to do."""


@dataclass(slots=True)
class Origin:
    """One archive to be merged. `latest` is the last moment that one of its times may name.

    `refused` counts its rows that no archive writes so, and that are left out.
    """

    folder: Path
    db: sqlite3.Connection
    latest: str
    refused: int = field(default=0)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query; StoreError in words where the archive is damaged."""
        with told(self.folder / DATABASE):
            return self.db.execute(sql, values).fetchall()

    def batches(self, sql: str, size: int = BATCH, after: int | str = -(1 << 63)) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query behind each other; its last two parameters are the first column's last value and a size.

        The first column ascends, from above `after`.
        """
        while found := self.rows(sql, after, size):
            after = found[-1][0]
            yield found

    def sound(self, rows: Iterable[tuple[Any, ...]], kinds: str) -> list[tuple[Any, ...]]:
        """The rows whose values are what an archive writes, by a letter a column; the others are counted."""
        kept = []
        for row in rows:
            if all(is_sound(value, kind, self.latest) for value, kind in zip(row, kinds, strict=True)):
                kept.append(row)
            else:
                self.refused += 1
        return kept

    def close(self) -> None:
        """Let go of the archive."""
        self.db.close()


def is_sound(value: Any, kind: str, latest: str) -> bool:
    """Whether a value is what a column of that kind holds.

    Kinds: `u` address, `w` time up to `latest`, `r` the end of a rest, which may be some days later, `l` time of any
    age, `d` day, `t` text, `b` long text, `i` number, `k` key, `p` pause in minutes, `f` share or score, `h` packed
    hashes, `j` list as JSON. A capital letter takes None too.
    """
    if value is None:
        return kind.isupper()
    kind = kind.lower()
    if not CHECKS[kind](value):
        return False
    return kind not in "wr" or value <= latest or (kind == "r" and _days_between(latest, value) <= LONGEST_REST)


def _days_between(one: str, other: str) -> int:
    return (datetime.fromisoformat(other) - datetime.fromisoformat(one)).days


def _is_time(value: Any) -> bool:
    if not isinstance(value, str) or _TIME.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:  # the 31st of June
        return False
    return True


def _is_list(value: Any) -> bool:
    """Whether a value is a list as JSON, as tags, terms and claims are written."""
    if not isinstance(value, str) or len(value) > BODY:
        return False
    try:
        return isinstance(json.loads(value), list)
    except (ValueError, RecursionError):
        return False


def _is_packed(value: Any) -> bool:
    return isinstance(value, bytes) and len(value) % _HASHES == 0 and len(value) <= BLOB


CHECKS: dict[str, Callable[[Any], bool]] = {
    "u": lambda value: isinstance(value, str) and len(value) <= ADDRESS and _WEB.fullmatch(value) is not None,
    "w": _is_time,
    "l": _is_time,
    "r": _is_time,
    "d": lambda value: isinstance(value, str) and _is_time(f"{value}T00:00:00Z"),
    "t": lambda value: isinstance(value, str) and len(value) <= LONG,
    "b": lambda value: isinstance(value, str) and len(value) <= BODY,
    "i": lambda value: isinstance(value, int) and abs(value) < LARGE,
    "k": lambda value: isinstance(value, int),
    "p": lambda value: isinstance(value, int) and 0 < value <= LONGEST_REST * 24 * 60,
    "f": lambda value: isinstance(value, int | float) and abs(value) < LARGE,  # no infinity
    "h": _is_packed,
    "j": _is_list,
}


@contextmanager
def opened(folder: Path, into: Path, latest: str) -> Iterator[Origin]:
    """The archive in a folder, to be merged into that of `into`; OriginError where that cannot be."""
    path = folder / DATABASE
    if not folder.is_dir():
        raise OriginError(f"{folder}: there is no such folder; name the data folder of another archive")
    if (into / DATABASE).exists() and path.exists() and path.samefile(into / DATABASE):
        raise OriginError(f"{folder} is this archive itself; name another one")
    see_tables(path)
    try:
        db = open_reader(folder)
    except NoArchiveError as error:
        if "older dossier" in str(error):
            mend = f"`dossier --data {folder} rescore --dry-run` brings it up to date"
            raise OriginError(f"{path} was written by an older dossier: {mend}") from error
        raise OriginError(named(folder, error)) from error
    db.row_factory = None
    db.text_factory = lambda text: text.decode("utf-8", "replace")  # what is no UTF-8 would end the merge
    origin = Origin(folder, db, latest)
    try:
        yield origin
    finally:
        origin.close()


def see_tables(path: Path) -> None:
    """OriginError where a file has something else in the place of a table: to read it might never end."""
    if not path.is_file():
        return
    ours = [name for name, (kind, sql) in fresh().objects.items() if kind == "table" and "VIRTUAL" not in sql]
    with told(path), closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        strange = db.execute(STRANGE, [listed([*ours, "_sqlite_migrations"])]).fetchone()
    if strange is not None:
        raise OriginError(f"{path}: {strange[0]} is not the table that an archive has; `dossier doctor` tells more")


def named(folder: Path, error: StoreError) -> str:
    """What there is to say of a folder that holds no archive, where the user has named it as one to be merged."""
    if not (folder / DATABASE).is_file():
        return f"{folder} holds no archive ({DATABASE}); name the data folder of another archive"
    return str(error).replace("name another folder with --data", "name the data folder of another archive")


def listed(values: Sequence[Any]) -> str:
    """Values as `json_each` reads them."""
    return json.dumps(list(values))
