from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.moves import moved_to

OLD, MID, NEW = "http://daily.example/feed", "https://daily.example/feed", "https://www.daily.example/feed"
CASES = {
    "no redirect": ([], [], OLD, ""),
    "permanent": ([OLD], [301], NEW, NEW),
    "permanent, method kept": ([OLD], [308], NEW, NEW),
    "two permanent hops": ([OLD, MID], [301, 308], NEW, NEW),
    "for today only": ([OLD], [302], NEW, ""),
    "for today only, method kept": ([OLD], [307], NEW, ""),
    "see other": ([OLD], [303], NEW, ""),
    "first for good, then for today": ([OLD, MID], [301, 302], NEW, MID),
    "first for today, then for good": ([OLD, MID], [302, 301], NEW, ""),
    "a meta refresh": ([OLD], ["meta refresh"], NEW, ""),
    "there and back again": ([OLD, MID], [301, 301], OLD, ""),
    "to another spelling of itself": ([OLD], [301], "HTTP://daily.example:80/feed#top", ""),
    "reasons that are missing": ([OLD], [], NEW, ""),
    "to what is no address": ([OLD], [301], "ftp://daily.example/", ""),
}


@pytest.mark.parametrize(("urls", "reasons", "final", "expected"), CASES.values(), ids=CASES.keys())
def test_a_source_has_moved_as_far_as_its_redirects_are_permanent(
    urls: list[str], reasons: list[object], final: str, expected: str
) -> None:
    assert moved_to(OLD, urls, reasons, final) == expected


@given(st.text(), st.lists(st.text()), st.lists(st.integers(300, 310) | st.text(max_size=3)), st.text())
def test_whatever_a_chain_is_it_is_an_address_or_nothing(
    asked: str, urls: list[str], reasons: list[object], final: str
) -> None:
    found = moved_to(asked, urls, reasons, final)
    assert found == "" or found.startswith("http")
