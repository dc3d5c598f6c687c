"""The captures that are still to be read, as one text and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.captures.worklist import MAX_CHARACTERS, MAX_ENTRIES, Due, bounded, entries_of, spread, written

STAMP = "20190129120000"
CHILD = Due(stamp=STAMP, depth=1, kind="sitemap", url="https://daily.example/a//b.xml?c=1&d=http://x/")


def test_a_list_reads_as_it_was_written() -> None:
    work = (Due(stamp=STAMP), CHILD, Due(stamp="20190130120000"))
    assert entries_of(written(work)) == work


@pytest.mark.parametrize(
    "text",
    ["", "x", "2019", "20190230120000", f"{STAMP}/", f"{STAMP}/x/feed/https://a.example/", f"{STAMP}/1/feed/",
     f"{STAMP}/1//https://a.example/", f"{STAMP}/12/feed/https://a.example/", f"{STAMP}/1/feed/ftp://a.example/"],
)  # fmt: skip
def test_what_is_no_entry_is_left_out(text: str) -> None:
    assert entries_of(text) in ((), (Due(stamp=STAMP),))
    assert (entries_of(text) == ()) == (text != f"{STAMP}/")


def test_a_list_is_bounded_in_entries_and_in_characters() -> None:
    many = [Due(stamp=f"2019{number:010d}") for number in range(MAX_ENTRIES + 7)]
    assert [len(bounded(many)[0]), bounded(many)[1]] == [MAX_ENTRIES, 7]
    long = [Due(stamp=STAMP, depth=1, kind="feed", url=f"https://a.example/{n}{'a' * 2_000}") for n in range(60)]
    kept, beyond = bounded(long)
    assert len(written(kept)) <= MAX_CHARACTERS
    assert len(kept) + beyond == 60
    assert entries_of(written(kept)) == kept
    assert bounded([CHILD, CHILD]) == ((CHILD,), 0)


@given(st.lists(st.integers(), max_size=200))
def test_spreading_loses_nothing(things: list[int]) -> None:
    assert sorted(spread(things)) == sorted(things)


def test_the_first_of_a_spread_lie_evenly() -> None:
    assert sorted(spread(range(64))[:8]) == [0, 8, 16, 24, 32, 40, 48, 56]
    assert spread([]) == []
    assert spread([1]) == [1]


@given(st.text(max_size=200))
def test_any_text_is_a_list(text: str) -> None:
    found = entries_of(text)
    assert entries_of(written(found)) == found
