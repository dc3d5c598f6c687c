from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.witnesses.bylines import LONGEST, bylines_of
from tests.trees import tree_of

TITLE = "<h1>Envoys resume talks</h1>"


def found(html: str) -> list[str]:
    return next(bylines_of(tree_of(f"<html><body>{html}</body></html>")), [])


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<p class=byline>By <a href=/ana>Ana Lima</a> and Jon Berg</p>", ["Ana Lima", "Jon Berg"]),
        ("<a rel='author nofollow' href=/x>Ana Lima</a>", ["Ana Lima"]),
        ("<span class='entry-author vcard'>Von Ana Lima</span>", ["Ana Lima"]),
        ("<div class=article__author><b>Ana Lima</b> <i>Writes of the south and its towns</i></div>", ["Ana Lima"]),
        ("<byline>Von Ana Lima, dpa</byline>", ["Ana Lima"]),
        ("<p class=author>Text &amp; Fotos: Ana Lima</p>", ["Ana Lima"]),
        ("<div class=author-box>About <a href=/autoren/ana-lima>Ana Lima</a> Writes a lot</div>", ["Ana Lima"]),
        ("<span class=author>harbourcat</span>", ["harbourcat"]),
        ("<dl><dd><a href=/about/staff/ana-lima>Ana Lima</a></dd></dl>", ["Ana Lima"]),
        ("<h4>By Ana Lima | 12/10/2020</h4>", ["Ana Lima"]),
        ("<p><strong>Autorin: Ana Lima, who heads the office in the capital.</strong></p>", ["Ana Lima"]),
        ("<p>Par <em>Zoé Petit</em></p>", ["Zoé Petit"]),
    ],
    ids=[
        "a class", "a link to an author", "within a class", "with what she does", "an element", "a label",
        "an author's page", "a user", "a link alone", "a line", "a label alone", "in pieces",
    ],
)  # fmt: skip
def test_a_byline_is_found(html: str, names: list[str]) -> None:
    assert found(TITLE + html + "<p>They met on Tuesday.</p>") == names


@pytest.mark.parametrize(
    "html",
    [
        "<div class=comment><b class=author>Ana Lima</b></div>",
        "<div><b class=comment-author>Ana Lima</b></div>",
        "<section class='entry author-ana-lima'><p>Heat Wave</p></section>",
        "<div class=related-articles><p><i class=author>Ana Lima</i></p></div>",
        "<blockquote><p class=author>Ana Lima</p></blockquote>",
        "<figure><i class=author>Ana Lima</i></figure>",
        "<p>By the river stood a house, and in it lived Ana Lima.</p>",
        "<p>They were met by Ana Lima.</p>",
        "<p class=author>dpa</p>",
        "<p class=authority>Ana Lima</p>",
        f"<div class=author>Ana Lima {'has written for us since the war. ' * 20}</div>",
        "<nav><a href=/authors/ana>Ana Lima</a></nav>",
        "<a href=/authors/>Our Authors today and then</a>",
        "<footer><p>By Ana Lima</p></footer>",
        "<p class=byline>Updated 12 May</p>",
    ],
)
def test_what_is_no_byline_is_not_taken_for_one(html: str) -> None:
    assert found(TITLE + html) == []


def test_what_stands_after_the_headline_comes_before_what_stands_above() -> None:
    above = "<p class=author>Jon Berg</p>"
    assert found(f"{above}{TITLE}<p class=author>Ana Lima</p>") == ["Ana Lima"]
    assert found(above + TITLE) == ["Jon Berg"]


def test_what_a_class_tells_of_the_article_is_not_about_its_place() -> None:
    post = "post type-post category-comment tag-related-issues has-post-caption"
    assert found(f"{TITLE}<div class='{post}'><i class=author>Ana Lima</i></div>") == ["Ana Lima"]


@pytest.mark.parametrize(
    "html",
    [
        "<div class=author>" * 3_000 + "<i></i>" * 80_000,
        "<a rel=author href=/authors/x>" * 20_000,
        "<div class=author>" * 200 + "<a href=/author/x></a>" * 40_000,
        f"<p class=author>{'x' * (LONGEST + 1)}</p>" * 5_000,
        "<p>By </p>" * 20_000,
        "<p class='author " + "x" * 100_000 + "'>y</p>",
    ],
    ids=["nested", "links", "nested links", "long", "signs", "marks"],
)
def test_a_hostile_page_has_no_byline_and_is_soon_done(html: str) -> None:
    assert found(TITLE + html) == []


PIECES = st.sampled_from(
    [
        TITLE, "<p class=author>", "<a rel=author>", "<div class='byline comment'>", "<b>", "</p>", "</a>", "</div>",
        "</b>", "By ", "Ana Lima", "Autor:", ", ", " and ", "12 May", "<br>", "<a href=/author/x>", "<byline>",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=30))
def test_any_page_is_read(pieces: list[str]) -> None:
    names = found("".join(pieces) + "x")
    assert all(1 < len(name) <= 80 for name in names)
