from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.tree import tree_of
from pipelines.witnesses.jsonld import MAX_NODES, Graph, graph_of, text_of, types_of

URL = "https://courier.example/world/talks"


def graph(*scripts: object) -> Graph:
    blocks = (script if isinstance(script, str) else json.dumps(script) for script in scripts)
    html = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    return graph_of(tree_of(f"<html><head>{html}</head><body><p>x</p></body></html>"))


@pytest.mark.parametrize(
    "script",
    [
        {"@type": "NewsArticle", "headline": "Talks"},
        [{"@type": "WebSite"}, {"@type": "NewsArticle", "headline": "Talks"}],
        {"@graph": [{"@type": "Organization"}, {"@type": ["ReportageNewsArticle"], "headline": "Talks"}]},
        {"@type": "WebPage", "mainEntity": {"@type": "https://schema.org/NewsArticle", "headline": "Talks"}},
        '<!-- {"@type": "NewsArticle", "headline": "Talks"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Talks"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Talks",}',
        '{"@type": "NewsArticle", "headline": "Talks"}; }',
        '{"@type": "NewsArticle", "headline": "Talks", "x": undefined}',
        '{"@type": "NewsArticle", "headline": "Talks", "description": "a\nb\tc"}',
    ],
    ids=["bare", "list", "graph", "main entity", "comment", "CDATA", "comma", "rest", "no JSON", "line breaks"],
)
def test_the_article_is_found_however_it_is_wrapped(script: object) -> None:
    assert graph(script).article(URL).get("headline") == "Talks"


def test_of_several_articles_the_one_with_the_page_s_address_is_its_own() -> None:
    other = {"@type": "NewsArticle", "headline": "Other", "url": "https://courier.example/world/other"}
    own = {"@type": "NewsArticle", "headline": "Own", "mainEntityOfPage": {"@id": f"{URL}/?ref=home"}}
    assert graph([other, own]).article(URL)["headline"] == "Own"
    assert graph([other]).article(URL)["headline"] == "Other"
    assert graph({"@type": "WebSite"}).article(URL) == {}


def test_a_reference_is_the_fullest_object_under_its_id() -> None:
    found = graph({"@id": "#a", "name": "A"}, {"@graph": [{"@id": "#a", "name": "Ana Lima", "@type": "Person"}]})
    assert found.resolved({"@id": "#a"}) == {"@id": "#a", "name": "Ana Lima", "@type": "Person"}
    assert found.resolved({"@id": "#b"}) == {"@id": "#b"}
    assert found.resolved("Ana Lima") == "Ana Lima"


def test_types_are_compared_without_case_and_vocabulary() -> None:
    assert types_of({"@type": ["http://schema.org/NewsArticle", 7]}) == {"newsarticle"}
    assert types_of("x") == frozenset()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Talks &amp; truce", "Talks & truce"), (["Talks"], "Talks"), ({"name": "Talks"}, "Talks"), ([], ""),
        ({"@value": ["Talks"]}, "Talks"), (None, ""), (7, ""), ([[]], ""),
    ],
)  # fmt: skip
def test_a_value_is_read_as_text_whatever_shape_it_has(value: object, expected: str) -> None:
    assert text_of(value) == expected


def test_deep_and_endless_scripts_are_left_out() -> None:
    assert graph("[" * 100_000).nodes == ()
    assert len(graph([{"@type": "Thing"}] * (MAX_NODES + 1)).nodes) == MAX_NODES


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.floats(allow_nan=True),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["@type", "@id", "@graph", "headline", "url", "mainEntityOfPage"]), inner)
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_read(value: object) -> None:
    node = graph(json.dumps(value).replace("<", "\\u003c")).article(URL)
    assert isinstance(text_of(node.get("headline")), str)


@given(st.text(max_size=200))
def test_any_script_is_read(text: str) -> None:
    assert isinstance(graph(text.replace("<", "")).nodes, tuple)
