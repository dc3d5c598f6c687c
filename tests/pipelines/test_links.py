from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction import extract
from pipelines.items import Link
from pipelines.links import MOST, links_in
from pipelines.tree import links_of, tree_of

URL = "https://courier.example/world/talks"
TEXT = "Envoys of the two sides met again on Tuesday in a hotel at the edge of the city, for the first time in a week."


def found(markup: str, body: str, url: str = URL) -> list[tuple[str, str]]:
    tree = tree_of(f"<html><head></head><body>{markup}</body></html>")
    return [(link.url, link.text) for link in links_in(links_of(tree), body, url, tree)]


def test_a_link_in_a_paragraph_of_the_body_is_a_link_of_the_article() -> None:
    paragraph = TEXT.replace("met again", "<a href='/2019/met'> met <b>again</b></a>")
    assert found(f"<p>{paragraph}</p>", TEXT) == [("https://courier.example/2019/met", "met again")]


def test_menus_boxes_and_promotion_are_left_out() -> None:
    markup = (
        "<ul><li><a href='/city'>city</a></li><li><a href='/week'>week</a></li></ul>"
        f"<p>{TEXT}</p><div class=box><a href='/r'>met again on Tuesday in a hotel</a></div>"
        "<p>Sign up for <a href='/n'>the two sides</a>, our newsletter about the talks</p>"
    )
    assert found(markup, TEXT) == []


@pytest.mark.parametrize(
    "markup",
    [
        "<div>{before}<a href='/m'>met again</a>{after}<br><br>Something else that is not there</div>",
        "<div>Something else<br>{before}<em><a href='/m'>met again</a></em>{after}</div>",
        "<blockquote>{before}<a href='/m'>met again</a>{after}</blockquote>",
        "<p>{before}<a href='/m'>met again</a>{after}<br>An advertisement that is no part of it</p>",
    ],
    ids=["line breaks", "a mark around it", "a quotation", "a paragraph that was cut"],
)
def test_a_link_stands_in_the_text_where_what_touches_it_does(markup: str) -> None:
    before, after = TEXT.split("met again")
    assert found(markup.format(before=before, after=after), TEXT) == [("https://courier.example/m", "met again")]


@pytest.mark.parametrize(
    "href",
    [
        "#notes",
        f"{URL}#notes",
        "mailto:a@b.example",
        "javascript:void(0)",
        "ftp://a.example/x",
        "http://[",
        "",
        "tel:1",
    ],
)
def test_what_is_no_other_page_is_no_link(href: str) -> None:
    assert found(f"<p>{TEXT.replace('hotel', f'<a href={href!r}>hotel</a>')}</p>", TEXT) == []


def test_an_address_counts_once_and_fifty_are_enough() -> None:
    words = [f"word{number}" for number in range(80)]
    body = " ".join(words)
    twice = "".join(f"<a href='/same'>{word}</a> " for word in words)
    assert found(f"<p>{twice}</p>", body) == [("https://courier.example/same", "word0")]
    many = "".join(f"<a href='/{word}'>{word}</a> " for word in words)
    assert len(found(f"<p>{many}</p>", body)) == MOST


def test_relative_links_go_by_the_base_of_the_page() -> None:
    tree = tree_of(f"<html><head><base href='https://other.example/b/'></head><body><p>{TEXT}</p></body></html>")
    paragraph = tree.find(".//p")
    assert paragraph is not None
    paragraph.text, link = TEXT[:-5], paragraph.makeelement("a", {"href": "c"})
    link.text = "week."
    paragraph.append(link)
    assert links_in(links_of(tree), TEXT, URL, tree) == (Link(url="https://other.example/b/c", text="week."),)


def test_persian_words_with_joiners_are_links() -> None:
    body = "گفت‌وگوهای صلح افغانستان روز سه‌شنبه در دوحه از سر گرفته شد و تا شب ادامه داشت و فردا نیز ادامه خواهد یافت"
    paragraph = body.replace("گفت‌وگوهای صلح", "<a href='/m'>گفت‌وگوهای صلح</a>")
    assert [url for url, _ in found(f"<p>{paragraph}</p>", body)] == ["https://courier.example/m"]


def test_the_links_of_an_article_are_extracted_with_it() -> None:
    paragraphs = "".join(f"<p>{TEXT.replace('week', f'week {number}')} {TEXT}</p>" for number in range(4))
    linked = paragraphs.replace("week 2", "<a href='https://echo.example/2019/01/29/talks'>week 2</a>")
    page = (
        f"<html><head><title>Talks</title></head><body><nav><a href='/world'>World</a></nav><article><h1>Talks</h1>"
        f"{linked}</article><aside><a href='/more'>Sandstorm shuts the airport for a third day</a></aside></body>"
    )
    article = extract(page.encode(), URL)
    assert article.links == (Link(url="https://echo.example/2019/01/29/talks", text="week 2"),)


@given(st.text(st.sampled_from("<>/=\"' aphref1b-&;"), max_size=200), st.text(max_size=40))
def test_any_markup_has_links_or_none(markup: str, body: str) -> None:
    for url, text in found(f"<p>{markup}</p>", body):
        assert url.startswith("http")
        assert text
