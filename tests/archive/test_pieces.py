from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.pieces import LONGEST, Pieces, any_of, cut
from archive.questions.question import parse


@given(st.lists(st.text("ab \n", max_size=5) | st.just("x" * (LONGEST + 1)) | st.just("word " * LONGEST), max_size=5))
def test_pieces_are_the_text_again_and_none_is_long(parts: list[str]) -> None:
    text = "".join(parts)
    found = list(cut(text))
    assert "".join(found) == text
    assert all(0 < len(piece) <= LONGEST for piece in found)


def test_a_piece_ends_where_a_line_or_a_word_does() -> None:
    lines = "one two\n" * 200
    assert all(piece.endswith("\n") for piece in cut(lines))
    assert all(piece.endswith(" ") for piece in cut("word " * 500))


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("doha talks", "[Doha] [talks] in AND of OR"),
        ('talks -spring doh* "AND of"', "[Doha] [talks] in [AND of] OR"),
        ("title:doha", "Doha talks in AND of OR"),
    ],
)
def test_any_word_of_a_question_is_marked(typed: str, marked: str) -> None:
    with Pieces() as pieces:
        numbers = pieces.add("body", "Doha talks in AND of OR")
        found = pieces.marked(parse(typed).words, numbers)
    assert found[1].replace("\x02", "[").replace("\x03", "]") == marked


def test_what_stands_in_quotes_stays_as_it_is() -> None:
    assert any_of('"a AND b" AND ("c" OR "d")') == '"a AND b" OR ("c" OR "d")'
