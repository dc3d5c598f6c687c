from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.snapshots.bases import BaseFaultError, Rows, whole_lines
from archive.snapshots.differences import differences
from archive.snapshots.lines import written

FILES = st.dictionaries(st.text("abé漢", min_size=1, max_size=3), st.sampled_from(["x", "y", 'a "b"\nc']), max_size=8)


def rows(file: dict[str, str]) -> Rows:
    return Rows(names=["url", "title"], lines=iter([written(one) for one in sorted(file.items())]))


@given(old=FILES, new=FILES)
def test_every_difference_is_found_once_and_nothing_else(old: dict[str, str], new: dict[str, str]) -> None:
    found = [(one and tuple(one), other and tuple(other)) for one, other in differences(rows(old), rows(new))]
    keys = sorted(old.keys() | new.keys())
    pairs = [tuple((key, file[key]) if key in file else None for file in (old, new)) for key in keys]
    assert [pair for pair in found if pair[0] != pair[1]] == [pair for pair in pairs if pair[0] != pair[1]]


def test_rows_are_held_one_at_a_time() -> None:
    held, most = 0, 0

    def counted(numbers: chain[int]) -> Rows:
        def lines():  # type: ignore[no-untyped-def]  # a generator for this test
            nonlocal held
            for number in numbers:
                held += 1
                yield written([f"{number:06}", "x"])

        return Rows(names=["url", "title"], lines=lines())

    for _ in differences(counted(chain(range(5000))), counted(chain(range(2500, 7500)))):
        most = max(most, held)
        held = 0
    assert most <= 5002  # those in the middle are the same, and passed without a word


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([b'"b","1"', b'"a","2"'], "not in order"),
        ([b'"a","1"', b'"a","2"'], "not in order"),
        ([b'"a"'], "1 cells"),
        ([b'"a'], "no line"),
    ],
    ids=["disordered", "twice", "short", "open"],
)
def test_an_old_file_that_is_none_is_told(lines: list[bytes], fault: str) -> None:
    old = Rows(names=["url", "title"], lines=iter(lines))
    with pytest.raises(BaseFaultError, match=fault):
        list(differences(old, rows({"z": "x"})))


def test_rows_may_go_over_several_lines() -> None:
    pieces = iter([b'"a","b\n', b'c ""d""\r\n', b'"\n', b'"e","f"\n', b""])
    assert list(whole_lines(lambda _size: next(pieces))) == [b'"a","b\nc ""d""\r\n"', b'"e","f"']


def test_a_row_that_is_cut_off_is_told() -> None:
    pieces = iter([b'"a","b\n', b"", b""])
    with pytest.raises(BaseFaultError, match="cut off"):
        list(whole_lines(lambda _size: next(pieces)))
