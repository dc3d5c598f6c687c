"""The lines of a file as a spreadsheet may have them: nearly all exact lines stay as they are."""

from __future__ import annotations

from archive.cells import LONGEST, STARTS, guarded
from archive.snapshots.columns import Table
from archive.snapshots.lines import cells, quoted

MARK = "\ufeff".encode()  # by which spreadsheets know UTF-8

# Every byte as what it may be part of. Of characters that take more than one, only the first and the last are looked
# at: some that are harmless are taken as doubtful, and then looked at in full.
_START, _GAP, _CONTROL = b"SGC"
_WIDE = {mark.encode()[0] for mark in STARTS if not mark.isascii()}


def _kind_of(byte: int) -> int:
    if chr(byte) in STARTS or byte in _WIDE:
        return _START
    if byte in b'\t\n\r ;,|"' or 0x80 <= byte < 0xC0:
        return _GAP
    return _CONTROL if byte < 0x20 or byte == 0x7F else 0


_KINDS = bytes(map(_kind_of, range(256)))
_DOUBTFUL = bytes([_GAP, _START])


def guarded_lines(lines: list[bytes], table: Table) -> list[bytes]:
    """The lines of a table with no cell that could begin a formula."""
    numbers = [column.is_number for column in table.columns]
    return [one if is_harmless(one) else guarded_line(one, numbers) for one in lines]


def is_harmless(line: bytes) -> bool:
    """Whether a line surely needs no guard."""
    kinds = line.translate(_KINDS)
    if len(line) > LONGEST or _CONTROL in kinds:
        return False
    place = kinds.find(_DOUBTFUL)
    while place >= 0:
        if not is_number(line, place):
            return False
        place = kinds.find(_DOUBTFUL, place + 1)
    return True


def is_number(line: bytes, comma: int) -> bool:
    """Whether the minus after a comma is that of a number, which stands outside of all quotes."""
    return line[comma : comma + 2] == b",-" and line.count(b'"', 0, comma) % 2 == 0


def guarded_line(line: bytes, numbers: list[bool]) -> bytes:
    """A line with its texts guarded, each for itself."""
    values = zip(cells(line.decode()), numbers, strict=True)
    return ",".join(value if is_number else quoted(guarded(value)) for value, is_number in values).encode()
