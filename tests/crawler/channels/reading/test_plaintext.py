from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.reading.plaintext import plain, quotable


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("\ud800 Envoys meet", "Envoys meet"),
        ("Envoys \udc00\ud83d meet", "Envoys meet"),
        ("Envoys &#xD800; meet", "Envoys \ufffd meet"),
        ("Envoys \U0001f600 meet", "Envoys \U0001f600 meet"),
        ("Envoys\x1b[2J meet\u202e", "Envoys[2J meet"),
    ],
    ids=["half a pair", "halves the wrong way round", "a reference to a half", "a whole character", "controls"],
)
def test_what_no_archive_or_terminal_can_take_is_left_out(markup: str, words: str) -> None:
    assert plain(markup, 100) == words


@given(st.text(st.characters(exclude_categories=())), st.integers(1, 50))
def test_any_text_becomes_one_line_that_can_be_written(markup: str, limit: int) -> None:
    words = plain(markup, limit)
    assert words.encode().decode() == words
    assert len(words) <= limit
    assert len(words.splitlines()) <= 1


def test_words_that_are_quoted_can_be_printed() -> None:
    assert quotable("Your \u2060query\x1b[31m <b>was</b> too\nshort", 50) == "Your query[31m was too short"
    assert quotable("\u2060", 50) == ""
