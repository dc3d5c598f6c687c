"""The rows in which two files of the same key differ: both in its order, read side by side, one row at a time."""

from __future__ import annotations

from collections.abc import Iterator

from archive.snapshots.bases import BaseFaultError, Rows, values

Pair = tuple[list[str] | None, list[str] | None]


def differences(old: Rows, new: Rows) -> Iterator[Pair]:
    """Each row that is not the same in both, as it was and as it is; None where it was not, or is no longer.

    The key comes first in a row. BaseFaultError where the old file is not in its order. The same values may
    be written in another way: who asks compares them.
    """
    past = _Past(old)
    was = now = None
    while True:
        if was is None and now is None:
            before, after = next(old.lines, None), next(new.lines, None)
            while before == after and before is not None:
                before, after = next(old.lines, None), next(new.lines, None)
            was, now = past.row(before), _row(after)
        if was is None and now is None:
            return
        if now is None or (was is not None and was[0] < now[0]):
            yield was, None
            was = past.row(next(old.lines, None))
        elif was is None or now[0] < was[0]:
            yield None, now
            now = _row(next(new.lines, None))
        else:
            yield was, now
            was = now = None


class _Past:
    """The rows of the old file, which may be anybody's."""

    def __init__(self, rows: Rows) -> None:
        self.width = len(rows.names)
        self.last = ""

    def row(self, line: bytes | None) -> list[str] | None:
        """A row of it, which comes after the last one; None at the end."""
        row = _row(line)
        if row is None:
            return None
        if len(row) != self.width:
            raise BaseFaultError(f"a row has {len(row)} cells, and there are {self.width} columns")
        if row[0] <= self.last:
            raise BaseFaultError("its rows are not in order")
        self.last = row[0]
        return row


def _row(line: bytes | None) -> list[str] | None:
    return None if line is None else values(line)
