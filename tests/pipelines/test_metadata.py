from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipelines.metadata import Metadata, metadata_of
from pipelines.tree import tree_of
from pipelines.witnesses.claims import MAX_TAGS
from pipelines.witnesses.dates import Moment

URL = "https://courier.example/world/talks"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NODE = {
    "@type": "NewsArticle",
    "headline": "Envoys resume talks",
    "author": [{"@type": "Person", "name": "Ana Lima"}],
    "datePublished": "2019-09-07T18:30:00+04:30",
    "dateModified": "2019-09-08T06:00:00Z",
    "description": "They met &amp; parted.",
    "articleSection": ["World", "Asia"],
    "keywords": "talks, truce, talks",
    "inLanguage": "en_gb",
    "publisher": {"@type": "Organization", "name": "The Courier"},
    "image": {"@type": "ImageObject", "url": "/talks.jpg"},
}


def said(node: object = None, head: str = "", body: str = "", page: str = "<html>", **known: object) -> Metadata:
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>' if node else ""
    tree = tree_of(f"{page}<head>{script}{head}</head><body>{body}<p>They met on Tuesday.</p></body></html>")
    return metadata_of(tree, URL, latest=NOW, **known)  # type: ignore[arg-type]  # headline and announced


def test_json_ld_says_it_all() -> None:
    meta = said(NODE)
    assert meta.title == "Envoys resume talks"
    assert meta.authors == ("Ana Lima",)
    assert meta.published == Moment(datetime(2019, 9, 7, 14, tzinfo=UTC), "instant", 270)
    assert meta.modified == datetime(2019, 9, 8, 6, tzinfo=UTC)
    assert meta.summary == "They met & parted."
    assert (meta.section, meta.tags) == ("World", ("talks", "truce"))
    assert (meta.language, meta.site_name) == ("en-GB", "The Courier")
    assert meta.image == "https://courier.example/talks.jpg"
    assert (meta.kind, meta.is_paywalled) == ("article", False)


def test_meta_tags_say_it_where_there_is_no_json_ld() -> None:
    meta = said(
        head="""<title>Envoys resume talks | The Courier</title><meta property="og:title" content="Envoys resume talks">
        <meta name="author" content="By Ana Lima and Jon Berg"><meta name="Description" content="They met.">
        <meta property="article:published_time" content="2019-09-07T18:30:00Z">
        <meta property="og:image" content="a.jpg">
        <meta property="article:tag" content="talks"><meta property="article:tag" content="truce">
        <meta property="og:site_name" content="The Courier"><meta property="article:section" content="World">
        <link rel="canonical" href="/world/talks?all=1">""",
        page='<html lang="pt-br">',
    )
    assert meta.title == "Envoys resume talks"
    assert meta.authors == ("Ana Lima", "Jon Berg")
    assert meta.published == Moment(datetime(2019, 9, 7, 18, 30, tzinfo=UTC), "instant", 0)
    assert (meta.summary, meta.section, meta.tags) == ("They met.", "World", ("talks", "truce"))
    assert (meta.language, meta.site_name) == ("pt-BR", "The Courier")
    assert meta.image == "https://courier.example/world/a.jpg"
    assert meta.canonical == "https://courier.example/world/talks?all=1"


def test_the_feed_is_all_there_is_where_a_page_says_nothing() -> None:
    fed = datetime(2019, 9, 7, 14, tzinfo=UTC)
    meta = said(headline="Envoys resume <b>talks</b>", announced=fed)
    assert meta.title == "Envoys resume talks"
    assert meta.published == Moment(fed)


def test_the_feed_makes_a_day_an_instant() -> None:
    fed = datetime(2019, 9, 7, 14, tzinfo=UTC)
    assert said({**NODE, "datePublished": "2019-09-07"}, announced=fed).published == Moment(fed)
    assert said({**NODE, "datePublished": "2019-09-05"}, announced=fed).published == Moment(
        datetime(2019, 9, 5, tzinfo=UTC), "day"
    )


@pytest.mark.parametrize("impossible", ["2026-04-01T00:00:00Z", "1969-12-31", "soon"])
def test_an_impossible_date_is_passed_over(impossible: str) -> None:
    meta = said({**NODE, "datePublished": impossible}, head='<meta name="date" content="2019-09-07">')
    assert meta.published == Moment(datetime(2019, 9, 7, tzinfo=UTC), "day")


def test_a_date_that_only_a_reader_sees_is_found() -> None:
    meta = said(body='<p class="date">Published on September 7, 2019</p>')
    assert meta.published == Moment(datetime(2019, 9, 7, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    ("node", "head", "kind"),
    [
        ({"@type": "LiveBlogPosting", "headline": "x"}, "", "live blog"),
        ({"@type": "ImageGallery"}, "", "gallery"),
        (None, '<meta property="og:type" content="video.other">', "video"),
        ({"@type": "NewsArticle"}, '<meta property="og:type" content="video.other">', "article"),
        (None, "", "article"),
    ],
)
def test_a_page_says_of_what_kind_it_is(node: object, head: str, kind: str) -> None:
    assert said(node, head).kind == kind


@pytest.mark.parametrize(
    ("free", "is_paywalled"), [(False, True), ("False", True), (True, False), ("true", False), (None, False)]
)
def test_a_page_says_that_it_is_paywalled(free: object, is_paywalled: bool) -> None:
    assert said({**NODE, "isAccessibleForFree": free}).is_paywalled is is_paywalled


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://[bad", "mailto:a@courier.example", "x" * 5_000])
def test_a_canonical_link_that_is_no_web_address_is_none(link: str) -> None:
    assert said(head=f'<link rel="canonical" href="{link}">').canonical == ""


def test_organisations_are_authors_only_where_nobody_else_is() -> None:
    desk = {"@type": "Organization", "name": "Wire and Press Agency"}
    assert said({**NODE, "author": desk}).authors == ("Wire and Press Agency",)
    assert said({**NODE, "author": desk}, head='<meta name="author" content="Ana Lima">').authors == ("Ana Lima",)


@pytest.mark.parametrize("value", [None, 7, [], {}, [[]], [{}], {"name": []}, True, {"@value": 7}])
def test_no_shape_of_a_value_is_a_fault(value: object) -> None:
    meta = said({**dict.fromkeys(NODE, value), "@type": "NewsArticle", "wordCount": value, "articleBody": value})
    assert meta.title == ""
    assert meta.authors == ()


def test_there_is_a_limit_to_tags() -> None:
    assert len(said({**NODE, "keywords": [f"tag {number}" for number in range(500)]}).tags) == MAX_TAGS


def witnesses(meta: Metadata) -> dict[str, str]:
    return {testimony.field: testimony.witness for testimony in meta.witnesses}


def others(meta: Metadata, name: str) -> tuple[tuple[str, str], ...]:
    return next(testimony.others for testimony in meta.witnesses if testimony.field == name)


ITEM = """<article itemscope itemtype="https://schema.org/NewsArticle"><h2 itemprop=headline>Envoys resume talks</h2>
    <a itemprop=author href=/ana>Ana Lima</a><span itemprop=articleSection>World</span>
    <meta itemprop=keywords content="talks, truce"><meta itemprop=description content="They met.">
    <img itemprop=image src=/talks.jpg>
    <div itemprop=publisher itemscope><b itemprop=name>The Courier</b></div></article>"""


def test_microdata_says_it_where_there_is_no_json_ld() -> None:
    meta = said(body=ITEM)
    assert (meta.title, meta.authors, meta.section) == ("Envoys resume talks", ("Ana Lima",), "World")
    assert (meta.tags, meta.summary, meta.site_name) == (("talks", "truce"), "They met.", "The Courier")
    assert meta.image == "https://courier.example/talks.jpg"
    assert set(witnesses(meta).values()) == {"microdata"}


def test_every_field_that_has_a_value_knows_its_witness() -> None:
    meta = said(
        {key: value for key, value in NODE.items() if key not in ("keywords", "publisher")},
        """<meta name=keywords content=talks><meta property=og:site_name content="The Courier">
        <link rel=canonical href=/talks><meta property=og:image content=a.jpg>""",
    )
    assert witnesses(meta) == {
        "published": "json-ld",
        "modified": "json-ld",
        "language": "json-ld",
        "kind": "json-ld",
        "title": "json-ld",
        "authors": "json-ld",
        "summary": "json-ld",
        "section": "json-ld",
        "tags": "meta",
        "image": "og",
        "site_name": "og",
        "canonical": "link",
    }


def test_disagreements_are_kept() -> None:
    meta = said(
        NODE,
        """<title>Talks in Doha go on - The Courier</title><meta name=author content="Jon Berg">
        <meta property=og:description content="THEY MET & PARTED!"><meta property=og:url content=/other>
        <link rel=canonical href=/talks/>""",
        "<h1>Envoys Resume Talks</h1>",
        headline="They are back",
    )
    assert others(meta, "title") == (("title tag", "Talks in Doha go on"), ("feed", "They are back"))
    assert others(meta, "authors") == (("meta", "Jon Berg"),)
    assert others(meta, "summary") == ()
    assert others(meta, "canonical") == (("og", "https://courier.example/other"),)


def test_a_picture_of_another_size_and_an_address_without_its_slash_are_no_disagreement() -> None:
    meta = said(
        {**NODE, "image": "http://courier.example/a.jpg?w=80"},
        """<meta property=og:image content="https://courier.example/a.jpg?w=1200"><link rel=canonical href=/talks/>
        <meta property=og:url content="http://courier.example/talks">""",
    )
    assert (others(meta, "image"), others(meta, "canonical")) == ((), ())


def test_a_byline_is_read_where_no_data_names_a_person() -> None:
    meta = said({**NODE, "author": NODE["publisher"]}, body="<h1>Envoys</h1><p class=byline>By Ana Lima</p>")
    assert (meta.authors, witnesses(meta)["authors"]) == (("Ana Lima",), "byline")
    assert said({**NODE, "author": NODE["publisher"]}).authors == ("The Courier",)


def test_a_page_that_says_nothing_has_no_witnesses() -> None:
    assert said().witnesses == ()
