from __future__ import annotations

import csv
import io
import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.cells import guarded
from archive.columns import Column
from archive.snapshots.columns import Table
from archive.snapshots.lines import cells, ordered, quoted, readable, written
from archive.snapshots.spreadsheet import guarded_lines, is_harmless

TABLE = Table(
    name="things",
    says="Things.",
    columns=(
        Column("name", "t.name", "its name"),
        Column("size", "t.size", "how large", "integer"),
        Column("share", "round(t.share, 4)", "how much", "number"),
        Column("note", "t.note", "what is said of it"),
        Column("length", "length(t.note)", "of that", "integer"),
    ),
    key=("name",),
    source="things AS t",
)
RISKY = "=+-@＝−﹢\"',;|\r\n\t\x00\x0b\x1c\x85\u2028 \xa0\u3000\u200b\ufeffaé漢5"
TEXTS = st.text(st.sampled_from(RISKY), max_size=20) | st.text(max_size=20)
ROWS = st.lists(st.tuples(TEXTS, st.none() | st.integers(-99, 99), st.none() | st.floats(0, 1), TEXTS), max_size=4)


def lines_of(rows: list[tuple[str, int | None, float | None, str]]) -> list[bytes]:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE things (name TEXT, size INTEGER, share REAL, note TEXT)")
    db.executemany("INSERT INTO things VALUES (?, ?, ?, ?)", rows)
    found = [line for (line,) in db.execute(ordered(TABLE))]
    db.close()
    return found


@given(rows=ROWS.map(lambda rows: list({row[0]: row for row in rows}.values())))
def test_every_line_is_read_back_as_what_was_written(rows: list[tuple[str, int | None, float | None, str]]) -> None:
    lines = lines_of(rows)
    text = b"".join(line + b"\n" for line in lines).decode()
    expected = [
        [name, "" if size is None else str(size), "" if share is None else str(round(share, 4)), note]
        for name, size, share, note in sorted(rows, key=lambda row: row[0].encode())
    ]
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[:4] for row in read] == expected
    assert [cells(line.decode()) for line in lines] == read


@given(rows=ROWS.map(lambda rows: list({row[0]: row for row in rows}.values())))
@example(rows=[("", None, None, ",-")])
def test_a_guarded_line_holds_each_text_guarded_and_each_number_as_it_is(
    rows: list[tuple[str, int | None, float | None, str]],
) -> None:
    lines = lines_of(rows)
    for exact, safe in zip(lines, guarded_lines(lines, TABLE), strict=True):
        values, found = cells(exact.decode()), cells(safe.decode())
        assert found == [guarded(values[0]), *values[1:3], guarded(values[3]), values[4]]


@pytest.mark.parametrize(
    "line", ['"Talks resume in Doha: again","https://a.example/a-b?x=1",-300,"a-b"', '"","x",-5,,"well-known (5-4)"']
)
def test_ordinary_lines_are_seen_at_once_to_be_harmless(line: str) -> None:
    assert is_harmless(line.encode())


@pytest.mark.parametrize("text", ["=1", "a;=1", ' "\n-1', "x\x07y", "\u3000＝1", "a" * 40_000])
def test_doubtful_lines_are_looked_at_in_full(text: str) -> None:
    assert not is_harmless(written(["b", 3, text]))


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    assert readable([b'"a"', b'"\xed\xa0\xbd"']) == [b'"a"', '"���"'.encode()]


def test_a_line_of_values_is_read_back() -> None:
    assert cells(written(['a"b', 3, "", "c,\nd"]).decode()) == ['a"b', "3", "", "c,\nd"]
    assert quoted('"') == '""""'


@pytest.mark.parametrize(("line", "values"), [('a,"b ""c"" d",,5', ["a", 'b "c" d', "", "5"]), ("", [""])])
def test_lines_that_quote_only_what_has_to_be_are_read_too(line: str, values: list[str]) -> None:
    assert cells(line) == values


@pytest.mark.parametrize("line", ['"a', 'a"b', '"a"b,c', '"a","b'])
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="no line of CSV"):
        cells(line)


def test_what_is_no_number_does_not_stand_bare() -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE things (name, size, share, note)")
    db.execute("INSERT INTO things VALUES ('a', '=1,2', 'x', 'y')")
    assert [line for (line,) in db.execute(ordered(TABLE))] == [b'"a",0,0.0,"y",1']
    db.close()
