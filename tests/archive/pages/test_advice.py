from __future__ import annotations

import pytest

from archive.pages.advice import WORDS, words_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("truce talks", ["truce", "talks"]),
        ('"peace talks" OR truce -draft', ["peace", "talks", "truce"]),
        ('title:"peace talks" body:truce', ["peace", "talks", "truce"]),
        ("negotiat*", ["negotiat"]),
        ("", []),
        ("truce truce", ["truce"]),
        ("((( *** \x00", []),
    ],
)
def test_the_words_that_were_wanted(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words


def test_words_are_bounded() -> None:
    assert len(words_of(" ".join(f"word{number}" for number in range(500)))) == WORDS
    assert max(map(len, words_of("x" * 5000))) <= 60
