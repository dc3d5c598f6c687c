from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.witnesses.authors import Name, authors_in
from pipelines.witnesses.jsonld import Graph, text_of
from pipelines.witnesses.microdata import MAX_ITEMS, MAX_PROPERTIES, MAX_TEXT, MAX_VALUES, microdata_of
from tests.trees import tree_of

URL = "https://courier.example/world/talks"
ARTICLE = "itemscope itemtype='https://schema.org/NewsArticle'"


def read(html: str) -> Graph:
    return microdata_of(tree_of(f"<html><body>{html}</body></html>"))


def test_an_article_is_read_with_what_stands_in_it() -> None:
    graph = read(
        f"""<article {ARTICLE}><h1 itemprop=headline>Envoys <b>resume</b> talks</h1>
        <div><p itemprop=author itemscope itemtype="http://schema.org/Person">By <span itemprop=name>Ana Lima</span></p>
        <span itemprop=author itemscope itemtype=http://schema.org/Person><a itemprop=name href=/jon>Jon Berg</a></span>
        <time itemprop="datePublished" datetime="2019-09-07T18:30:00+04:30">Saturday</time>
        <meta itemprop=dateModified content=2019-09-08><a itemprop="url mainEntityOfPage" href="{URL}">here</a>
        <div itemprop=publisher itemscope itemtype=https://schema.org/Organization>
          <meta itemprop=name content="The Courier"></div></div>
        <div itemprop=articleBody>They met on Tuesday.</div></article>"""
    )
    article = graph.article(URL)
    assert text_of(article["headline"]) == "Envoys resume talks"
    assert authors_in(article["author"], graph) == [Name("Ana Lima"), Name("Jon Berg")]
    assert (article["datePublished"], article["dateModified"]) == ("2019-09-07T18:30:00+04:30", "2019-09-08")
    assert article["url"] == article["mainEntityOfPage"] == URL
    assert text_of(article["publisher"]) == "The Courier"
    assert "articleBody" not in article


def test_a_property_belongs_to_the_nearest_item() -> None:
    graph = read(
        f"""<div itemscope itemtype=https://schema.org/WebPage><p itemprop=headline>Page</p>
        <div itemprop=mainEntity {ARTICLE}><p itemprop=headline>Article</p></div><p itemprop=name>Courier</p></div>"""
    )
    assert graph.article(URL)["headline"] == "Article"
    assert [(node.get("headline"), node.get("name")) for node in graph.nodes] == [
        ("Page", "Courier"),
        ("Article", None),
    ]


def test_an_article_that_is_a_part_of_another_is_not_the_page_s() -> None:
    graph = read(
        f"""<div {ARTICLE}><div itemprop=citation {ARTICLE}><p itemprop=headline>Source</p></div>
        <p itemprop=headline>Own</p></div>"""
    )
    assert [node.get("headline") for node in graph.nodes] == ["Own"]


def test_of_several_articles_the_one_with_the_page_s_address_is_its_own() -> None:
    teaser = f"<div {ARTICLE}><a itemprop=url href=https://courier.example/x></a><p itemprop=headline>Other</p></div>"
    own = f"<div {ARTICLE}><link itemprop=url href='{URL}'><p itemprop=headline>Own</p></div>"
    assert read(teaser + own).article(URL)["headline"] == "Own"


@pytest.mark.parametrize(
    ("html", "headline"),
    [
        (f"<p {ARTICLE} itemprop=headline>x</p>", None),
        ("<p itemprop=headline>x</p>", None),
        (f"<p {ARTICLE}><i itemprop=' headline  name '>x</i></p>", "x"),
        (f"<p {ARTICLE}><i itemprop=HeadLine>x</i></p>", "x"),
        (f"<p {ARTICLE}><i itemprop=headline></i></p>", None),
        (f"<p {ARTICLE}><i itemprop=headline content='a &amp;amp; b'>x</i></p>", "a & b"),
        ("<p itemscope><i itemprop=headline>x</i></p>", None),
        (
            "<p itemscope itemtype='https://schema.org/Thing  Article'><i itemprop=headline>x</i></p>",
            "x",
        ),
    ],
    ids=["of itself", "no item", "two names", "case", "empty", "content", "no type", "two types"],
)
def test_what_is_odd_is_read_as_far_as_it_says_something(html: str, headline: str | None) -> None:
    assert read(html).article(URL).get("headline") == headline


def test_a_page_of_menus_and_pictures_is_not_read() -> None:
    assert (
        read("<nav itemscope itemtype=https://schema.org/SiteNavigationElement><a itemprop=name>x</a></nav>").nodes
        == ()
    )


def test_ten_thousand_items_in_each_other_are_read_as_far_as_a_parser_nests_them() -> None:
    graph = read(f"<div {ARTICLE}><i itemprop=headline>x</i>" * 10_000)
    assert 0 < len(graph.nodes) <= MAX_ITEMS
    assert graph.article(URL)["headline"] == "x"


def test_a_page_of_items_and_properties_is_read_within_bounds() -> None:
    item = f"<div {ARTICLE}><i itemprop=headline>{{0}}</i></div>"
    many = read("".join(item.format(number) for number in range(MAX_ITEMS + 50)))
    assert len(many.nodes) == MAX_ITEMS
    assert [node["headline"] for node in many.nodes[-1:]] == [str(MAX_ITEMS - 1)]
    one = read(f"<div {ARTICLE}>{'<i itemprop=author>Ana</i>' * (MAX_PROPERTIES + 50)}</div>")
    assert len(one.article(URL)["author"]) == MAX_VALUES  # type: ignore[arg-type]  # a list


def test_what_stands_in_an_item_that_is_not_read_is_not_its_neighbour_s() -> None:
    inner = "<b itemscope><i itemprop=headline>inner</i></b>" * (MAX_ITEMS + 5)
    assert "headline" not in read(f"<div {ARTICLE}>{inner}</div>").nodes[0]


def test_a_huge_value_is_cut() -> None:
    node = read(f"<p {ARTICLE}><i itemprop=headline>{'x' * 50_000}</i><b itemprop=name content={'y' * 50_000}></b></p>")
    assert len(str(node.article(URL)["headline"])) == len(str(node.article(URL)["name"])) == MAX_TEXT


def test_a_value_of_empty_elements_is_not_walked_to_its_end() -> None:
    assert "headline" not in read(f"<p {ARTICLE}><i itemprop=headline>{'<u></u>' * 90_000}x</i></p>").article(URL)


def test_a_reference_that_names_itself_ends() -> None:
    graph = read(f"<div {ARTICLE} itemid='#a'><i itemprop=author itemscope itemid='#a'></i></div>")
    assert authors_in(graph.article(URL).get("author"), graph) == []


PIECES = st.sampled_from(
    [
        f"<div {ARTICLE}>", "<span itemprop=author itemscope>", "<i itemprop=name>", "<b itemprop=headline content=x>",
        "<time itemprop=datePublished datetime>", "<a itemprop=url href=/a>", "</div>", "</span>", "</i>", "</b>",
        "<meta itemprop='name name author'>", "<p itemscope=itemscope itemid=x itemprop>", "</p>", "Ana",
        "<table><td itemprop=x>",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=40))
def test_any_nesting_is_read(pieces: list[str]) -> None:
    graph = read("".join(pieces))
    node = graph.article(URL)
    assert isinstance(text_of(node.get("headline")), str)
    assert all(name.text for name in authors_in(node.get("author"), graph))
    assert len(graph.nodes) <= MAX_ITEMS
