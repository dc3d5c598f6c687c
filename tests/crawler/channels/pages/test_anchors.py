from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.pages.anchors import MAX_ANCHORS, Anchors

PAGE = "https://daily.example/world/"


def links(markup: str, base: str = PAGE) -> list[tuple[str, str]]:
    return [(link.url, link.text) for link in Anchors.of([markup], base).links]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<a href=/a>Envoys meet</a>", "Envoys meet"),
        ("<A HREF = '/a' class=x>Envoys <b>meet</b></A>", "Envoys meet"),
        ("<a href=/a>Envoys &amp; <em>me</em>et</a>", "Envoys & meet"),
        ("<a href=/a title='a > b' data-x='<p>no</p>'>Envoys meet</a>", "Envoys meet"),
        ("<a href=/a><span>World</span><span>Envoys meet</span></a>", "World Envoys meet"),
        ("<a href=/a><p>World</p><h3 class=t>Envoys <i>meet</i></h3><p>They spoke for hours.</p></a>", "Envoys meet"),
        ("<a href=/a><svg><title>Arrow</title></svg>Envoys meet</a>", "Envoys meet"),
        ("<a href=/a><script>go('x')</script><style>a{}</style>Envoys meet<!-- </a> --></a>", "Envoys meet"),
        ("<a href=/a title='Envoys meet'><img src=x></a>", "Envoys meet"),
        ("<a href=/a aria-label='Envoys meet'><img src=x alt=Photo></a>", "Envoys meet"),
        ("<a href=/a><img src=x><img src=y alt='Envoys meet'></a>", "Envoys meet"),
        ("<a href=/a><picture><source srcset='x'></picture></a>", ""),
        ("<a href=/a>Envoys meet", "Envoys meet"),
        ("<a href=/a>Envoys meet<a>", "Envoys meet"),
        ("<a href=/a>طالبان و آمریکا</a>", "طالبان و آمریکا"),
    ],
)
def test_the_words_of_a_link(markup: str, text: str) -> None:
    assert links(markup) == [("https://daily.example/a", text)]


@pytest.mark.parametrize(
    "markup",
    [
        "<!-- <a href=/x>no</a> -->",
        "<script>'<a href=/x>no</a>'</script>",
        "<style><a href=/x>no</a></style>",
        "<template><a href=/x>no</a></template>",
        "<textarea><a href=/x>no</a></textarea>",
        "<a name=x>no</a>",
        "<a href='#top'>no</a>",
        "<a href=''>no</a>",
        "<abbr href=/x>no</abbr>",
        f"<a href='/{'x' * 9000}'>no</a>",
    ],
)
def test_what_is_no_link_of_the_page_is_not_read(markup: str) -> None:
    assert links(f"{markup}<a href=/a>Envoys meet</a>") == [("https://daily.example/a", "Envoys meet")]


def test_links_do_not_nest() -> None:
    assert [text for _, text in links("<a href=/a>one<a href=/b>two</a>three</a>")] == ["one", "two"]


def test_relative_links_go_by_the_first_base() -> None:
    base = "<base target=_blank><base href='/deep/'><base href='https://other.example/'>"
    assert links(f"{base}<a href=a>x</a><a href=//echo.example/b>y</a>") == [
        ("https://daily.example/deep/a", "x"),
        ("https://echo.example/b", "y"),
    ]


def test_relations_and_the_following_page_are_told() -> None:
    anchors = Anchors.of(["<link rel='prefetch NEXT' href=?page=2><a rel='Tag nofollow' href=/t>x</a>"], PAGE)
    assert anchors.following == "https://daily.example/world/?page=2"
    assert anchors.links[0].relations == {"tag", "nofollow"}


def test_a_page_is_read_as_far_as_its_bounds_go() -> None:
    anchors = Anchors.of(["<a href=/a>x</a>" * (MAX_ANCHORS + 1)], PAGE)
    assert len(anchors.links) == MAX_ANCHORS
    assert anchors.fault is not None
    assert anchors.fault.reason == "more than 5,000 links; the rest is left unread"
    long = Anchors.of(["<a href=/a>x</a>", *[" "] * 3, "<a href=/b>y</a>"], PAGE)
    assert [link.url for link in long.links] == ["https://daily.example/a"]
    assert long.fault is not None
    assert long.fault.status == "saturated"


def test_as_many_links_as_we_read_are_all_of_a_page() -> None:
    assert Anchors.of(["<a href=/a>x</a>" * MAX_ANCHORS], PAGE).fault is None


PIECES = (
    *("<a ", "href=", "/a", ">", "</a>", "'", '"', "<base ", "<link rel=next "),
    *("<!--", "-->", "<svg>", "x", " ", "<h2>", "<"),
)


@given(st.lists(st.sampled_from(PIECES)))
def test_any_text_has_links_or_none(pieces: list[str]) -> None:
    text = "".join(pieces)
    anchors = Anchors.of([text], PAGE)
    assert all(isinstance(link.text, str) and link.url for link in anchors.links)
    half = len(text) // 2
    assert Anchors.of([text[:half], text[half:]], PAGE) == anchors
