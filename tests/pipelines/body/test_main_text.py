from __future__ import annotations

import sys
from types import FrameType

import pytest

from pipelines.body.main_text import MOST_BLOCKS, main_text
from pipelines.tree import strip, tree_of

SENTENCE = (
    "Envoys of the two sides met again on Tuesday in a hotel at the edge of the city, for the first time in a week. "
)
OTHER = (
    "They spoke for six hours about a truce in the southern provinces, and parted after dark without a word to anyone. "
)
ARTICLE = "".join(f"<p>Part {number}. {SENTENCE * 2}</p>" for number in range(6))
TEASER = f"<article><p>One. {SENTENCE}</p><p>Two. {SENTENCE}</p><p>Three. {SENTENCE}</p></article>"
REST = "".join(f"<p>Part {number}, which is long. {OTHER * 4}</p>" for number in range(12))


def found(markup: str) -> tuple[str, set[str]]:
    """The main text of a page, and the names of all functions that were called for it."""
    tree = tree_of(f"<html><head><title>Envoys</title></head><body>{markup}</body></html>")
    strip(tree)
    names = set()

    def called(frame: FrameType, event: str, argument: object) -> None:
        names.add(frame.f_code.co_name)

    sys.setprofile(called)
    try:
        text = main_text(tree)
    finally:
        sys.setprofile(None)
    return text, names


def test_other_extractors_are_not_asked_where_the_article_is_found_at_once() -> None:
    text, names = found(
        f"<nav><a href=/>Home</a></nav><article><h1>Envoys</h1>{ARTICLE}</article><footer>Courier</footer>"
    )
    assert text.count("edge of the city") == 12
    assert "trafilatura_sequence" in names
    assert "compare_extraction" not in names


@pytest.mark.parametrize(
    "markup",
    [f"{TEASER}<div id=x>{REST}</div>", f"<div><div>{REST.replace('<p>', '').replace('</p>', '<br>')}</div></div>"],
    ids=["a small part of the page", "no paragraphs"],
)
def test_they_are_asked_where_it_seems_to_be_missed(markup: str) -> None:
    text, names = found(markup)
    assert "compare_extraction" in names
    assert text.count("parted after dark") == 48


def test_they_are_not_asked_on_a_page_of_very_many_blocks() -> None:
    _, names = found(f"{TEASER}<ul>{'<li>Amaro</li>' * MOST_BLOCKS}</ul>{REST}")
    assert "trafilatura_sequence" in names
    assert "compare_extraction" not in names


def test_a_page_without_words_has_no_text() -> None:
    assert found("<div></div>")[0] == ""
