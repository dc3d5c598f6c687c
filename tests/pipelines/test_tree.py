from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.items import Rejected
from pipelines.tree import LONGEST_LINK, lean, links_of, strip, tree_of


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


@pytest.mark.parametrize("before", ["", "</x>" * 500], ids=["a page without faults", "a page with many"])
def test_a_page_that_is_deeper_than_the_parser_goes_is_not_cut_off_in_silence(before: str) -> None:
    inside = "<b>" * 100 + "deep" + "</b>" * 100
    assert tree_of(f"{before}{inside}<p>end").text_content() == "deepend"
    with pytest.raises(Rejected, match="too heavy: 255 elements one within the other"):
        tree_of(f"{before}{inside}{'<div>' * 5_000}<p>end")


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


def test_what_stands_after_something_taken_out_stays() -> None:
    tree = tree_of("<body><footer>one</footer>two<script>3</script>four<nav><p>five</p></nav>six</body>")
    strip(tree)
    assert tree.text_content() == "twofoursix"


def test_a_lean_tree_has_no_asides_and_no_empty_blocks_and_the_tree_keeps_them() -> None:
    tree = tree_of(
        "<body><div><div> </div>\n<section><p></p></section></div>a<aside>b</aside>c<div><a href=/></a></div>"
        "<ul><li><hr></ul><div><span></span></div>d<div>e<div></div>f</div></body>"
    )
    thin = lean(tree)
    assert [element.tag for element in thin.iter()] == [
        "html",
        "body",
        "div",
        "a",
        "ul",
        "li",
        "hr",
        "div",
        "span",
        "div",
    ]
    assert "".join(thin.text_content().split()) == "acdef"
    assert sum(1 for _ in tree.iter("div", "aside")) == 7
    assert thin.getroottree() is not tree.getroottree()


def test_the_text_of_a_link_has_an_end() -> None:
    tree = tree_of(f"<a href=/a>{'word ' * 9_000}</a><a href=/b>{'<i>word </i>' * 900}</a><a href=/c>a <b>b</b></a>")
    assert [len(text) for _, text in links_of(tree)] == [LONGEST_LINK, LONGEST_LINK, 3]


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
