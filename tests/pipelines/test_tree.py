from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.items import Rejected
from pipelines.tree import links_of, strip, tree_of


@pytest.mark.parametrize("text", ["", "   ", "<!-- nothing -->", "<!DOCTYPE html>"])
def test_where_there_is_no_html_there_is_no_tree(text: str) -> None:
    with pytest.raises(Rejected, match="no HTML"):
        tree_of(text)


XHTML = """<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Café</p></body></html>"""


@pytest.mark.parametrize(
    "page",
    [
        XHTML,
        "<!doctype html><p>Café",
        "<html/><body><p>Café</p>",
        "<html><frameset></frameset><body><p>Café</p></body></html>",
    ],
    ids=["XHTML", "bare", "closed at once", "frames"],
)
def test_a_page_has_a_tree_however_it_is_written(page: str) -> None:
    assert "Café" in tree_of(page).text_content()


def test_what_holds_no_text_of_the_article_is_taken_out() -> None:
    tree = tree_of(
        "<body><nav><a href='/'>Home</a></nav><article><p>One<img src=x> two<script>three</script> four</p>"
        "<figure><figcaption>five</figcaption></figure></article><footer>six</footer></body>"
    )
    strip(tree)
    assert tree.text_content().split() == ["One", "two", "four"]


def test_a_menu_that_nobody_closed_keeps_its_article() -> None:
    tree = tree_of("<body><nav><a href='/'>Home</a><article><p>One two</p></article></body>")
    strip(tree)
    assert "One two" in tree.text_content()


def test_links_within_the_page_are_no_links_to_others() -> None:
    tree = tree_of("<a href='/a'>To <b>a</b></a><a href='#top'>Top</a><a>none</a><a href='/b'>To b</a>")
    assert [(link.get("href"), text) for link, text in links_of(tree)] == [("/a", "To a"), ("/b", "To b")]


@given(st.text(st.sampled_from("<>/=\"' abpnavh1rticle!-&;"), max_size=200))
def test_any_text_is_a_tree_or_no_html(text: str) -> None:
    try:
        tree = tree_of(text)
    except Rejected:
        return
    strip(tree)
    assert all(link.tag == "a" and isinstance(text, str) for link, text in links_of(tree))
