from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.body.paragraphs import MOST_TAGS, beginning_of, blocks_of, paragraphs_of
from pipelines.tree import tree_of


@pytest.mark.parametrize(
    "text",
    ["One.\nTwo &amp; three.", "<p>One.</p><p>Two &amp;amp; three.</p>", "One.<br/>Two & <b>three</b>.",
     "One.\r\n \r\nTwo & three."],
    ids=["lines", "escaped tags", "breaks", "other lines"],
)  # fmt: skip
def test_running_text_is_cut_where_it_breaks(text: str) -> None:
    assert [line.replace(" .", ".") for line in paragraphs_of(text)] == ["One.", "Two & three."]


def test_markup_is_read_as_a_page_is() -> None:
    text = "<p>One\n of <i>many</i>.</p>\n\n<script>two()</script><figure>x<figcaption>three</figcaption></figure>Four."
    assert paragraphs_of(text) == ["One of many.", "x", "Four."]


@pytest.mark.parametrize(
    "text", ["", "<p>", "<script>x", "<!-- <p>x", "<p>\x00</p>", "<html><p></html>", "<p>" * 30_000]
)
def test_what_holds_no_text_has_no_paragraphs(text: str) -> None:
    assert paragraphs_of(text) == []


def test_a_text_of_too_many_tags_is_cut_at_them() -> None:
    assert paragraphs_of("<p>One.</p>" * MOST_TAGS) == ["One."] * MOST_TAGS


@pytest.mark.parametrize(
    "text", ["<p>One &amp; <b>two</b>.</p><p>Three.", "\n One &amp; two.\nThree.", "One & two.<br>Three."]
)
def test_the_beginning_of_a_text_is_its_first_paragraph(text: str) -> None:
    assert beginning_of(text).replace(" .", ".") == "One & two."


def test_each_line_of_a_tree_comes_with_the_block_that_it_begins_in() -> None:
    tree = tree_of("<html><body>A<div id=b>B <i>b</i><p id=c>C</p>D</div><ul><li id=e>E<br>F</ul>G</body></html>")
    body = tree.find("body")
    assert body is not None
    lines = [(element.get("id") or element.tag, line) for element, line in blocks_of(body)]
    assert lines == [("body", "A"), ("b", "B b"), ("c", "C"), ("b", "D"), ("e", "E"), ("e", "F"), ("body", "G")]


@given(
    st.lists(st.sampled_from(["<p>", "</p>", "<div>", "</div>", "<b>", "x ", "&lt;", "<li>", "<br>", "\n\n", "<td>"]))
)
def test_any_markup_gives_clean_lines(pieces: list[str]) -> None:
    for line in paragraphs_of("".join(pieces)):
        assert line
        assert line == " ".join(line.split())
