from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.pruning.note import Note, Place


def test_what_was_noted_is_told_by_file_each_place_once(tmp_path: Path) -> None:
    note = Note(tmp_path / "warc")
    assert (note.places(), note.replaced()) == ({}, [])
    note.add([Place("b", 9, 1), Place("b", 2, 3)])
    note.add([])
    note.replacing("b", "c")
    Note(tmp_path / "warc").add([Place("b", 9, 1), Place("a", 0, 5)])
    assert note.places() == {"a": [Place("a", 0, 5)], "b": [Place("b", 2, 3), Place("b", 9, 1)]}
    assert note.replaced() == [("b", "c")]
    note.clear()
    note.clear()
    assert note.places() == {}


@pytest.mark.parametrize("torn", [b'["b", 9', b'["b", 9, 1]', b"\xff\xfe\x00", b"[" * 5000, b"7", b'["b", "x", []]'])
def test_half_a_line_is_none_and_does_not_spoil_the_next(tmp_path: Path, torn: bytes) -> None:
    note = Note(tmp_path)
    note.add([Place("a", 0, 5)])
    with note.path.open("ab") as file:
        file.write(torn)
    note.add([Place("a", 7, 2)])
    assert note.places()["a"] == [Place("a", 0, 5), Place("a", 7, 2)]


def test_where_it_cannot_be_written_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("a file")
    with pytest.raises(StoreError):
        Note(tmp_path / "warc").add([Place("a", 0, 5)])
