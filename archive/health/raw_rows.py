"""Rows out of the pages of a database, read without SQLite: a page that is damaged costs its own rows and no others."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from archive.health.raw_pages import HEAD, RawPages, number_at

INTERIOR_INDEX, INTERIOR_TABLE, LEAF_INDEX, LEAF_TABLE = 0x02, 0x05, 0x0A, 0x0D
KINDS = frozenset((INTERIOR_INDEX, INTERIOR_TABLE, LEAF_INDEX, LEAF_TABLE))
WITH_ROWS = frozenset((INTERIOR_INDEX, LEAF_INDEX, LEAF_TABLE))
LONGEST = 64 * 1024 * 1024  # bytes of one row
MOST_COLUMNS = 200
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Value = None | int | float | str | bytes
Row = tuple[int | None, tuple[Value, ...]]
"""The row's number, None in an index, and its values."""


class DamagedError(Exception):
    """Bytes that are no row."""


def begin(number: int) -> int:
    """Where the head of a page's tree begins."""
    return HEAD if number == 1 else 0


def kind(page: bytes, number: int) -> int:
    """Of which kind a page is; 0 for none that belongs to a tree."""
    start = begin(number)
    found = page[start] if len(page) > start else 0
    if found not in KINDS:
        return 0
    cells = int.from_bytes(page[start + 3 : start + 5], "big")
    return found if start + 8 + 2 * cells <= len(page) and page[start + 7] <= 60 else 0  # fragments


def cells(page: bytes, number: int) -> list[int]:
    """Where the cells of a page begin; those that would lie outside are left out."""
    start = begin(number)
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    head = start + (12 if page[start] in {INTERIOR_INDEX, INTERIOR_TABLE} else 8)
    places = struct.unpack_from(f">{count}H", page, head) if head + 2 * count <= len(page) else ()
    return [place for place in places if head + 2 * count <= place < len(page)]


def children(page: bytes, number: int) -> list[int]:
    """The pages below one; none below a leaf."""
    start = begin(number)
    if page[start] not in {INTERIOR_INDEX, INTERIOR_TABLE}:
        return []
    return [*(number_at(page, place) for place in cells(page, number)), number_at(page, start + 8)]


def rows(pages: RawPages, number: int) -> Iterator[Row]:
    """The rows of a page, those that are whole; `whole` says whether all are."""
    page = pages.page(number)
    for place in cells(page, number):
        try:
            yield row_at(pages, page, place, page[begin(number)])
        except (DamagedError, IndexError, struct.error, ValueError):
            continue


def row_at(pages: RawPages, page: bytes, place: int, found: int) -> Row:
    """The row of one cell; DamagedError where there is none."""
    if found == INTERIOR_INDEX:
        place += 4
    length, place = varint(page, place)
    rowid: int | None = None
    if found == LEAF_TABLE:
        rowid, place = varint(page, place)
        if rowid >= 2**63:
            rowid -= 2**64
    payload = b"".join(part for part, _ in payload_of(pages, page, place, length, is_table=found == LEAF_TABLE))
    return rowid, values_of(payload)


def payload_of(pages: RawPages, page: bytes, place: int, length: int, *, is_table: bool) -> Iterator[tuple[bytes, int]]:
    """The bytes of a row, each part with its page, 0 for the row's own; DamagedError where some are gone."""
    usable = pages.usable
    if not 0 < length <= LONGEST:
        raise DamagedError
    most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
    least = (usable - 12) * 32 // 255 - 23
    local = length
    if length > most:
        local = least + (length - least) % (usable - 4)
        local = local if local <= most else least
    part = page[place : place + local]
    if len(part) < local or place + local > usable:
        raise DamagedError
    yield part, 0
    following, left = number_at(page, place + local) if local < length else 0, length - local
    seen: set[int] = set()
    while left:
        overflow = pages.page(following)
        if not overflow or following in seen:
            raise DamagedError
        seen.add(following)
        part = overflow[4 : 4 + min(left, usable - 4)]
        yield part, following
        left -= len(part)
        following = number_at(overflow, 0)
    if following:
        raise DamagedError  # a chain that goes on is another one's


def varint(page: bytes, place: int) -> tuple[int, int]:
    """A number of one to nine bytes, and the place behind it."""
    value = 0
    for step in range(8):
        byte = page[place + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + step + 1
    return value << 8 | page[place + 8], place + 9


def values_of(payload: bytes) -> tuple[Value, ...]:
    """The values of a row; DamagedError where its head and its body do not fit."""
    length, place = varint(payload, 0)
    if length > len(payload):
        raise DamagedError
    types: list[int] = []
    while place < length and len(types) <= MOST_COLUMNS:
        found, place = varint(payload, place)
        types.append(found)
    if place != length or len(types) > MOST_COLUMNS:
        raise DamagedError
    values: list[Value] = []
    for found in types:
        value, place = value_at(payload, place, found)
        values.append(value)
    if place != len(payload):
        raise DamagedError
    return tuple(values)


def value_at(payload: bytes, place: int, found: int) -> tuple[Value, int]:
    """A value of a type at a place, and the place behind it."""
    if found in {0, 8, 9}:
        return (None if found == 0 else found - 8), place
    if found in _INTEGERS or found == 7:
        size = _INTEGERS.get(found, 8)
    elif found >= 12:
        size = (found - 12) // 2
    else:
        raise DamagedError
    raw = payload[place : place + size]
    if len(raw) != size:
        raise DamagedError
    if found in _INTEGERS:
        return int.from_bytes(raw, "big", signed=True), place + size
    if found == 7:
        return struct.unpack(">d", raw)[0], place + size
    if found % 2 == 0:
        return raw, place + size
    if b"\x00" in raw:
        raise DamagedError  # zeros where text was
    return raw.decode("utf-8"), place + size


def reached(pages: RawPages, root: int, seen: set[int]) -> Iterator[int]:
    """The pages of a tree, from its root down, those that can be reached; each only once, in whatever tree it is."""
    waiting = [root]
    while waiting:
        number = waiting.pop()
        page = pages.page(number)
        if number in seen or not kind(page, number):
            continue
        seen.add(number)
        waiting += reversed(children(page, number))
        yield number
