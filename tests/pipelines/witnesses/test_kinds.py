from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.tree import tree_of
from pipelines.witnesses.jsonld import graph_of
from pipelines.witnesses.kinds import SHORT, belongs_to, claimed_kind, kind_of
from pipelines.witnesses.metatags import head_of

URL = "https://courier.example/world/talks"
OTHER = "https://courier.example/world/other"
ARTICLE = {"@type": "NewsArticle", "url": URL}
VIDEO = {"@type": "VideoObject", "name": "The envoys arrive"}
STORIES = [{"@type": "ListItem", "item": {"@type": "NewsArticle", "url": f"{OTHER}/{number}"}} for number in range(5)]
PROSE = [
    "The envoys said nothing when they left the hall late in the evening, and their drivers did not wait. " * 2
] * 8


def claimed(*objects: object, og: str = "") -> str:
    html = f'<html><head><meta property="og:type" content="{og}"><script type="application/ld+json">'
    script = json.dumps(list(objects)).replace("<", "\\u003c")
    tree = tree_of(f"{html}{script}</script></head><body><p>x</p></body></html>")
    graph = graph_of(tree)
    return claimed_kind(graph.article(URL), graph, head_of(tree), URL)


@pytest.mark.parametrize(
    ("objects", "og", "kind"),
    [
        ([], "", "article"),
        ([], "article", "article"),
        ([{"@type": "WebSite"}, {"@type": "BreadcrumbList", "itemListElement": STORIES}], "website", "article"),
        ([ARTICLE], "", "article"),
        ([ARTICLE, VIDEO], "video.other", "article"),
        ([{"@type": ["NewsArticle", "VideoObject"], "url": URL}], "", "article"),
        ([ARTICLE, {"@type": "ImageGallery"}, {"@type": "ItemList", "itemListElement": STORIES}], "", "article"),
        ([{"@type": "https://schema.org/LiveBlogPosting"}], "", "live blog"),
        ([{"@type": ["NewsArticle", "LiveBlogPosting"], "url": URL}], "", "live blog"),
        ([ARTICLE, {"@type": "LiveBlogPosting", "url": f"{URL}/"}], "article", "live blog"),
        ([{"@graph": [ARTICLE, {"@type": "LiveBlogPosting", "url": OTHER}]}], "", "article"),
        ([VIDEO], "", "video"),
        ([VIDEO], "article", "article"),
        ([{**VIDEO, "url": OTHER}], "", "article"),
        ([], "video.movie", "video"),
        ([{"@type": "WebPage", "mainEntity": VIDEO}], "website", "video"),
        ([{"@type": "ImageGallery"}], "", "gallery"),
        ([{"@type": "WebPage", "mainEntity": {"@type": "MediaGallery"}}], "", "gallery"),
        ([{"@type": ["Article", "ImageGallery"]}], "", "gallery"),
        ([{"@type": "CollectionPage"}], "website", "list"),
        ([{"@type": ["WebPage", "SearchResultsPage"], "url": URL}], "", "list"),
        ([{"@type": "CollectionPage", "mainEntity": {"@type": "ItemList", "itemListElement": STORIES}}], "", "list"),
        ([{"@type": "ItemList", "itemListElement": STORIES}], "website", "list"),
        ([{"@type": "ItemList", "itemListElement": STORIES[:3]}], "website", "article"),
        ([{"@type": "CollectionPage"}], "article", "article"),
        ([ARTICLE, {"@type": "CollectionPage"}], "", "article"),
    ],
)  # fmt: skip
def test_a_page_is_what_its_main_object_is(objects: list[object], og: str, kind: str) -> None:
    assert claimed(*objects, og=og) == kind


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({}, True), ({"url": URL}, True), ({"@id": "https://m.courier.example/World/Talks/#article"}, True),
        ({"mainEntityOfPage": {"@id": f"{URL}?ref=home"}}, True), ({"url": OTHER}, False), ({"@id": "#article"}, True),
        ({"url": 7, "mainEntityOfPage": True}, True), ({"url": "http://[::1/"}, False),
    ],
)  # fmt: skip
def test_an_object_belongs_to_the_page_whose_address_it_has_or_has_none(
    node: dict[str, object], expected: bool
) -> None:
    assert belongs_to(node, URL) is expected


CLOCKS = [f"{hour}:3{hour % 10} The hall is empty" for hour in range(9, 14)]
HEADLINES = [f"Envoys return to Doha for talks, round {number}" for number in range(8)]


@pytest.mark.parametrize(
    ("path", "lines", "links", "kind"),
    [
        ("/world/talks", PROSE, [], "article"),
        ("/world/talks", HEADLINES, HEADLINES, "list"),
        ("/world/talks", [*HEADLINES, *PROSE], HEADLINES, "list"),
        ("/world/talks", [*HEADLINES, *PROSE * 2], HEADLINES, "article"),
        ("/world/talks", HEADLINES, [], "article"),
        ("/world/talks", HEADLINES[:-1], HEADLINES, "article"),
        ("/live/talks", [*PROSE, *CLOCKS], [], "live blog"),
        ("/world/talks-in-doha-live-updates", [*PROSE, *CLOCKS], [], "live blog"),
        ("/welt/news-ticker-doha", [*PROSE, *CLOCKS], [], "live blog"),
        ("/world/how-they-lived", [*PROSE, *CLOCKS], [], "article"),
        ("/live/talks", [*PROSE, *CLOCKS[:4]], [], "article"),
        ("/world/talks", [*PROSE, *CLOCKS], [], "article"),
        ("/video/talks", PROSE[:2], [], "video"),
        ("/videos/talks", PROSE, [], "article"),
        ("/world/video-of-the-talks", PROSE[:2], [], "article"),
        ("/gallery/talks", PROSE[:2], [], "gallery"),
        ("/fotostrecke/doha", PROSE[:2], [], "gallery"),
        ("/world/photo-gallery/doha", PROSE[:2], [], "gallery"),
        ("/gallery/talks", PROSE, [], "article"),
    ],
)  # fmt: skip
def test_words_of_an_address_count_where_the_text_agrees(
    path: str, lines: list[str], links: list[str], kind: str
) -> None:
    assert sum(map(len, PROSE)) > SHORT > sum(map(len, PROSE[:2]))
    assert kind_of("article", f"https://courier.example{path}", lines, links) == kind


def test_what_a_page_claims_is_not_doubted() -> None:
    assert kind_of("video", URL, HEADLINES, HEADLINES) == "video"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["NewsArticle", "ItemList", URL]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "url", "itemListElement", "item", "mainEntityOfPage"]), inner
        )
    ),
    max_leaves=15,
)


@given(JSON, st.text(max_size=20).map(lambda text: text.replace('"', "")))
def test_any_json_makes_some_kind_of_page(value: object, og: str) -> None:
    assert claimed(value, og=og.replace("<", "").replace("\0", "")) in {
        "article",
        "live blog",
        "video",
        "gallery",
        "list",
    }


@given(st.text(max_size=200), st.lists(st.text(max_size=30), max_size=20), st.lists(st.text(max_size=30), max_size=20))
def test_any_text_under_any_address_is_of_some_kind(url: str, lines: list[str], links: list[str]) -> None:
    assert kind_of("article", url, lines, links) in {"article", "live blog", "video", "gallery", "list"}
