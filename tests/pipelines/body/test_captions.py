from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.body.captions import LONGEST, MOST, captions_in
from tests.trees import tree_of

CAPTION = "The hotel at the edge of the city, seen from the sea. Photo: A. Lima"


def found(markup: str) -> tuple[str, ...]:
    return captions_in(tree_of(f"<html><head></head><body>{markup}</body></html>"))


@pytest.mark.parametrize(
    "markup",
    [
        "<figure><img><figcaption> The hotel at the <i>edge</i> of\nthe city{}</figcaption></figure>",
        "<div class='wp-caption aligncenter'><a href=/a><img></a><p>The hotel at the edge of the city{}</p></div>",
        "<figure><p><img></p><div class='x-caption'>The hotel at the edge of the city{}</div></figure>",
        "<table class=tr-caption-container><tr><td><img><tr><td>The hotel at the edge of the city{}</table>",
    ],
    ids=["figcaption", "class around", "class within a figure", "table"],
)
def test_what_stands_under_a_picture_is_its_caption(markup: str) -> None:
    assert found(markup.format(", seen from the sea. Photo: A. Lima")) == (CAPTION,)


@pytest.mark.parametrize(
    "markup",
    [
        "<p class=caption>No picture is near.</p>",
        "<a href=/next><figure><img><figcaption>Another story</figcaption></figure></a>",
        "<nav><figure><img><figcaption>World</figcaption></figure></nav>",
        "<aside><figure><img><figcaption>Most read</figcaption></figure></aside>",
        "<figure><img><figcaption> – </figcaption></figure>",
        f"<figure><img><figcaption>{'A long text. ' * LONGEST}</figcaption></figure>",
        "<figure><img><figcaption>Ad<script>draw()</script></figcaption></figure>",
    ],
    ids=["no picture", "a link", "a menu", "aside", "no words", "a text", "a script"],
)
def test_what_belongs_to_no_picture_of_the_article_is_no_caption(markup: str) -> None:
    assert found(markup) == ()


def test_each_caption_is_told_once_and_fifty_are_enough() -> None:
    figure = "<figure><img><figcaption>Picture {}</figcaption></figure>"
    assert found(figure.format(1) * 3 + figure.format(2)) == ("Picture 1", "Picture 2")
    assert len(found("".join(map(figure.format, range(5_000))))) == MOST


PIECES = st.sampled_from(
    ["<figure>", "</figure>", "<figcaption>", "</figcaption>", "<img class=caption>", "<div class=caption>", "</div>",
     "<p class=a-caption-b>", CAPTION, "<a>", "<script>", "</script>", "\u200b"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=6), max_size=30))
def test_any_markup_gives_clean_captions(pieces: list[str]) -> None:
    for caption in found("".join(pieces).encode("utf-8", "replace").decode().replace("\x00", "")):
        assert caption == " ".join(caption.split())
        assert 0 < len(caption) <= LONGEST
