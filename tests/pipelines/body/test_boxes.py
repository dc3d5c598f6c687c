from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from pipelines.body.boxes import drop_boxes, flatten, is_drawn
from pipelines.body.paragraphs import lines_of
from pipelines.tree import tree_of

TEXT = [f"Paragraph {number} tells at some length what the envoys said on Tuesday evening." for number in range(1, 6)]
FACTS = "The province has two airports, one of which is shut in winter."


def tree(markup: str) -> HtmlElement:
    return tree_of(f"<html><head></head><body>{markup}</body></html>")


def left(markup: str) -> list[str]:
    page = tree(markup)
    drop_boxes(page)
    return lines_of(page)


def article(box: str) -> str:
    paragraphs = [f"<p>{line}</p>" for line in TEXT]
    return f"<article><h1>Talks</h1>{''.join(paragraphs[:3])}{box}{''.join(paragraphs[3:])}</article>"


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='courier-factbox wide'><h2>Facts</h2><p>{FACTS}</p></div>",
        f"<courier-box class=fact-box><ul><li>{FACTS}</ul></courier-box>",
        f"<section class=Infobox><p>{FACTS}</p></section>",
        f"<div class='a info_box b'>{FACTS}</div>",
    ],
)
def test_a_box_is_told_apart_from_the_text_around_it(box: str) -> None:
    assert left(article(box)) == ["Talks", *TEXT]


@pytest.mark.parametrize(
    "markup",
    [
        f"<div class=has-infobox>{article('')}</div>",
        f"<div class=with-factbox>{''.join(f'<p>{line}</p>' for line in TEXT)}</div>",
        f"<div class='softbox toolbox inbox'>{TEXT[0]}</div>",
    ],
    ids=["around the article", "most of the page", "other names"],
)
def test_what_holds_the_article_is_no_box(markup: str) -> None:
    assert left(markup) == lines_of(tree(markup))


def test_a_text_in_cells_was_read_from_tables_that_draw_a_page() -> None:
    row = f"| {' '.join(TEXT * 2)} |"
    assert is_drawn([row])
    assert is_drawn([*TEXT[:2], row])
    assert not is_drawn(TEXT)
    assert not is_drawn([])
    assert not is_drawn([*TEXT, "| Kabul | 4 |", "| Doha | 5 |"])
    assert not is_drawn([*TEXT * 9, row])


def test_flat_tables_are_blocks() -> None:
    page = tree(f"<table><tr><td>{TEXT[0]}<td>{TEXT[1]}</table>")
    flatten(page)
    assert page.find(".//table") is None
    assert lines_of(page) == TEXT[:2]


@example([TEXT[0], "<div class=factbox>", "</div>", TEXT[0]])
@given(st.lists(st.sampled_from(["<div class=factbox>", "</div>", "<p>", "<table><tr><td>", "<h1>", TEXT[0], "<b>"])))
def test_any_tree_stays_a_tree(pieces: list[str]) -> None:
    page = tree("".join(pieces))
    before = lines_of(page)
    drop_boxes(page)
    flatten(page)
    assert page.find("body") is not None
    assert {word for line in lines_of(page) for word in line.split()} <= {
        word for line in before for word in line.split()
    }


def test_boxes_within_boxes_are_dropped_within_bounds() -> None:
    page = tree(article(("<div class=infobox>" * 150 + FACTS + "</div>" * 150) * 50))
    drop_boxes(page)
    assert "Talks" in lines_of(page)
