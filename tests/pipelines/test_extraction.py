from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.body.choice import SHORT
from pipelines.extraction import EXTRACTOR, extract
from pipelines.heaviness import MOST_TAGS
from pipelines.items import Article, Rejected

URL = "https://courier.example/world/talks"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TITLE = "Envoys resume talks in Doha"
PARAGRAPHS = [
    "Envoys of the two sides met again on Tuesday in a hotel at the edge of the city, for the first time in a week.",
    "They spoke for six hours about a truce in the southern provinces, and parted after dark without a word to anyone.",
    "A diplomat who was in the room said that the text on the table had grown shorter, which he took for a good sign.",
    "In the capital nobody was told what it says, and the members of the council waited for news like everyone else.",
    "The next round is to begin on Friday, if the airport, which was shut after a sandstorm, has opened again by then.",
]


def page(*paragraphs: str, node: object = None, head: str = "", around: str = "") -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or PARAGRAPHS)
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>' if node else ""
    return (
        f"<!doctype html><html lang=en><head><title>{TITLE}</title>{script}{head}</head>"
        f"<body><header>The Courier</header><main><article><h1>{TITLE}</h1>{text}</article></main>{around}"
        "<footer><p>All rights reserved.</p></footer></body></html>"
    ).encode()


def node(**more: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2019-09-03T20:00:00+03:00", **more}


def test_an_article_is_its_title_and_its_paragraphs_one_a_line() -> None:
    article = extract(page(node=node(author={"@type": "Person", "name": "Ana Lima"})), URL, fetched=NOW)
    assert article.title == TITLE
    assert article.body.split("\n") == PARAGRAPHS
    assert article.authors == ("Ana Lima",)
    assert article.published == datetime(2019, 9, 3, 17, tzinfo=UTC)
    assert (article.published_precision, article.published_offset) == ("instant", 180)
    assert (article.language, article.kind, article.body_source) == ("en", "article", "trafilatura")
    assert article.extractor == EXTRACTOR
    assert EXTRACTOR.endswith("+ dossier 3")


def test_a_credit_to_an_agency_is_read_from_a_line_that_is_no_text() -> None:
    article = extract(page(*PARAGRAPHS, "(Reporting by Ana Lima; Editing by John Roe)"), URL, fetched=NOW)
    assert (article.wire, article.body.split("\n")) == ("Reuters", PARAGRAPHS)
    assert extract(page(), URL, fetched=NOW).wire == ""


def test_headline_byline_promotion_links_and_captions_are_no_text() -> None:
    body = page(
        "By Ana Lima",
        *PARAGRAPHS[:3],
        "Read more: a week of waiting in the lobby",
        "<a href='/sand'>Sandstorm shuts the airport for a third day</a>",
        *PARAGRAPHS[3:],
        "<figure><img src=a.jpg><figcaption>The hotel at the edge of the city, seen from the sea</figcaption></figure>",
        node=node(author="Ana Lima"),
    )
    assert extract(body, URL, fetched=NOW).body.split("\n") == PARAGRAPHS


def test_what_the_page_does_not_say_the_feed_says() -> None:
    fed = datetime(2019, 9, 3, 17, tzinfo=UTC)
    article = extract(page().replace(TITLE.encode(), b""), URL, headline=TITLE, announced=fed, fetched=NOW)
    assert (article.title, article.published, article.published_precision) == (TITLE, fed, "instant")


def test_the_body_of_json_ld_stands_in_for_a_text_that_is_not_in_the_page() -> None:
    text = "\n\n".join(PARAGRAPHS)
    article = extract(page("Loading", node=node(articleBody=text)), URL, fetched=NOW)
    assert article.body.split("\n") == PARAGRAPHS
    assert article.body_source == "json-ld"


def test_the_body_of_json_ld_is_not_asked_where_there_is_text() -> None:
    article = extract(page(node=node(articleBody="Something else. " * 500)), URL, fetched=NOW)
    assert article.body.split("\n") == PARAGRAPHS
    assert len(article.body) > SHORT


def payload(value: object) -> str:
    return f"<script id=__NEXT_DATA__ type=application/json>{json.dumps(value)}</script>"


def test_a_payload_stands_in_for_a_text_that_is_neither_in_the_page_nor_in_json_ld() -> None:
    state = {
        "props": {"pageProps": {"story": {"title": TITLE, "body": "".join(f"<p>{one}</p>" for one in PARAGRAPHS)}}}
    }
    article = extract(page("Loading", around=payload(state), node=node(articleBody="Wait.")), URL, fetched=NOW)
    assert article.body.split("\n") == PARAGRAPHS
    assert article.body_source == "payload"


def test_a_payload_is_not_asked_where_there_is_text() -> None:
    state = {"story": {"title": TITLE, "body": [f"{one} It says more here." for one in PARAGRAPHS * 3]}}
    article = extract(page(around=payload(state)), URL, fetched=NOW)
    assert article.body.split("\n") == PARAGRAPHS
    assert article.body_source == "trafilatura"


def test_a_payload_of_another_article_is_no_text_of_this_one() -> None:
    state = {"story": {"title": "Bread is dear in the old town", "body": ["Bakers say that it is dear again." * 4] * 9}}
    article = extract(page("Loading", around=payload(state)), URL, fetched=NOW)
    assert article.body_source == "trafilatura"
    assert "Bakers" not in article.body


def test_captions_are_apart_from_the_text() -> None:
    caption = "The hotel at the edge of the city, seen from the sea"
    figure = f"<figure><img src=a.jpg><figcaption>{caption}</figcaption></figure>"
    article = extract(page(PARAGRAPHS[0] + figure * 2, *PARAGRAPHS[1:]), URL, fetched=NOW)
    assert article.captions == (caption,)
    assert article.body.split("\n") == PARAGRAPHS


def test_a_caption_that_is_a_line_of_the_text_is_told_there() -> None:
    figure = f"<figure><img src=a.jpg><figcaption>{PARAGRAPHS[1]}</figcaption></figure>"
    assert extract(page(around=figure), URL, fetched=NOW).captions == ()


def test_boxes_and_teasers_are_no_text() -> None:
    box = "<div class=fact-box><p>The province has two airports, of which one is shut in the winter.</p></div>"
    blurb = "Bakers in the old town say that they cannot bear the price of flour for another month."
    card = f"<a href=/bread><div><h3>Bread is dear</h3><p>{blurb}</p></div></a>"
    paragraphs = [f"{PARAGRAPHS[0]}</p>{box}<p>{PARAGRAPHS[1]}", *PARAGRAPHS[2:4], f"{PARAGRAPHS[4]}</p>{card}<p>"]
    assert extract(page(*paragraphs), URL, fetched=NOW).body.split("\n") == PARAGRAPHS


def test_a_page_that_is_drawn_with_a_table_has_paragraphs() -> None:
    rows = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    body = f"<html><head><title>{TITLE}</title></head><body><table><tr><td>{rows}</td></tr></table></body></html>"
    assert extract(body.encode(), URL, fetched=NOW).body.split("\n") == PARAGRAPHS


def test_what_trafilatura_is_not_sure_of_is_taken_where_it_finds_next_to_nothing() -> None:
    text = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    unclosed = (
        f"<aside class=sidebar><div class=nav_menu><article><h1>{TITLE}</h1><div>{text}</div></article></div></aside>"
    )
    body = f"<html><body><div class=header-text>Your daily paper.</div>{unclosed}</body></html>"
    article = extract(body.encode(), URL, headline=TITLE, fetched=NOW)
    assert article.body.split("\n") == PARAGRAPHS
    assert article.body_source == "trafilatura"


@pytest.mark.parametrize(
    ("words", "free", "is_partial"), [(900, False, True), (900, True, False), (100, False, False), (None, False, False)]
)
def test_a_paywalled_page_that_shows_less_than_half_of_its_words_is_partial(
    words: int | None, free: bool, is_partial: bool
) -> None:
    article = extract(page(node=node(wordCount=words, isAccessibleForFree=free)), URL, fetched=NOW)
    assert (article.is_partial, article.is_paywalled) == (is_partial, not free)
    assert bool(article.partial_reason) == is_partial


@pytest.mark.parametrize("unfit", ["&#xFFFE;", "&#0;", "\x00", "&#xD800;", "\x1b", "￾"])
def test_one_bad_character_does_not_cost_the_article(unfit: str) -> None:
    body = page().replace(b"Tuesday", f"Tues{unfit}day".encode())
    assert extract(body, URL, fetched=NOW).body.split("\n") == PARAGRAPHS


def test_a_charset_is_read_from_the_header_where_the_bytes_do_not_say() -> None:
    body = page(*["Über Nacht schloß der Flughafen, und die Gäste im Hotel warteten auf die nächste Maschine." * 2] * 4)
    article = extract(body.decode().encode("cp1252"), URL, content_type="text/html; charset=iso-8859-1", fetched=NOW)
    assert article.body.startswith("Über Nacht schloß")


def test_text_in_persian_keeps_its_joiners_and_its_language() -> None:
    text = ["نمایندگان می‌گویند که گفتگوها ادامه می‌یابد و هنوز زود است که از آتش‌بس سخن بگویند. " * 3] * 3
    article = extract(page(*text), URL, fetched=NOW)
    assert "می‌گویند" in article.body
    assert article.language == "fa"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no HTML"),
        (b"<html><body></body></html>", "no text"),
        (page("This article has been removed at the request of the agency."), "removed"),
        (page("Try the search.").replace(TITLE.encode(), b"Page not found"), "not there"),
    ],
    ids=["empty", "no text", "removed", "soft 404"],
)
def test_a_page_without_an_article_is_rejected_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(Rejected, match=reason) as caught:
        extract(body, URL, fetched=NOW)
    assert caught.value.state == "not-an-article"


@pytest.mark.parametrize(
    "body",
    [b"<p>" * (MOST_TAGS + 1), b"<div>" * 2_000_000, b"x" * (11 * 1024 * 1024)],
    ids=["siblings", "depth", "bytes"],
)
def test_a_page_that_is_too_heavy_is_told_so_before_it_is_parsed(body: bytes) -> None:
    with pytest.raises(Rejected, match="too heavy") as caught:
        extract(body, URL)
    assert caught.value.state == "failed"


@pytest.mark.parametrize("tag", ["div", "span", "b", "ul><li", "table><tr><td", "blockquote"])
def test_deep_pages_are_read_or_rejected(tag: str) -> None:
    body = page(f"<{tag}>" * 3_000 + "deep")
    try:
        assert extract(body, URL, fetched=NOW).title == TITLE
    except Rejected as rejected:
        assert rejected.reason  # noqa: PT017 - both ways are right; what is tested is that there is no third


def test_a_rejection_comes_through_a_pipe_as_it_was() -> None:
    rejected = pickle.loads(pickle.dumps(Rejected("too heavy", state="failed", retry=True)))
    assert (rejected.reason, rejected.state, rejected.retry) == ("too heavy", "failed", True)


def test_the_order_of_pages_makes_no_difference() -> None:
    first, other = page(node=node()), page(*reversed(PARAGRAPHS))
    alone = extract(first, URL, fetched=NOW)
    extract(other, URL, fetched=NOW)
    assert extract(first, URL, fetched=NOW) == alone


def check(body: bytes, content_type: str = "") -> None:
    try:
        article = extract(body, URL, content_type=content_type, headline="Feed", announced=NOW, fetched=NOW)
    except Rejected:
        return
    assert isinstance(article, Article)
    assert article.body.strip()
    assert article.published is not None
    assert article.published.utcoffset() == timedelta(0)
    for text in (article.title, article.body, article.summary, article.canonical, *article.authors, *article.tags):
        text.encode()
        assert "\x00" not in text


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_are_an_article_or_rejected(body: bytes, content_type: str) -> None:
    check(body, content_type)


PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<div>", "</div>", "<article>", "<h1>", "<a href='/x'>", "</a>", "<script>", "</script>",
        "<table><td>", '<script type="application/ld+json">', '{"@type": "NewsArticle", "headline": ', "</body>",
        "<nav>", "<!--", "&#xFFFE;", '"LiveBlogPosting", "liveBlogUpdate": [{"articleBody": "x"}]',
        "<div class=infobox>",
        "<figcaption>", "<script>self.__next_f.push([1,", "<div itemprop=liveBlogUpdate>",
        "&lt;b&gt;", "<meta name=date content=", "'2019-09-07'>", "<svg>", "<time datetime=2019>", *PARAGRAPHS,
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES | st.text(max_size=10), max_size=40))
def test_any_page_of_broken_pieces_is_an_article_or_rejected(pieces: list[str]) -> None:
    check("".join(pieces).encode("utf-8", "surrogatepass"))
