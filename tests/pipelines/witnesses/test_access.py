from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.tree import tree_of
from pipelines.witnesses.access import MOST_PARTS, count_of, locked_parts, paywalls
from pipelines.witnesses.jsonld import Graph, graph_of
from pipelines.witnesses.metatags import Head, head_of

URL = "https://courier.example/world/talks"


def page(*objects: object, head: str = "") -> tuple[Graph, Head, str]:
    script = json.dumps(list(objects)).replace("<", "\\u003c")
    html = f'<html><head>{head}<script type="application/ld+json">{script}</script></head><body><p>x</p></body></html>'
    tree = tree_of(html)
    return graph_of(tree), head_of(tree), URL


def part(free: object = False, selector: object = ".rest") -> dict[str, object]:
    return {"@type": "WebPageElement", "isAccessibleForFree": free, "cssSelector": selector}


@pytest.mark.parametrize("value", [False, "False", "false", " no ", "0", 0, "https://schema.org/False", [True, False]])
def test_an_article_that_is_not_free_is_behind_a_wall(value: object) -> None:
    assert paywalls(*page({"@type": "NewsArticle", "isAccessibleForFree": value}))


@pytest.mark.parametrize("value", [True, "True", "yes", 1, None, "", [], {}, {"@id": "x"}, [[False]]])
def test_any_other_word_is_no_wall(value: object) -> None:
    assert not paywalls(*page({"@type": "NewsArticle", "isAccessibleForFree": value}))


@pytest.mark.parametrize(
    "objects",
    [
        [{"@type": "NewsArticle", "hasPart": part()}],
        [{"@type": "NewsArticle", "isAccessibleForFree": True, "hasPart": [part(True), part()]}],
        [{"@type": "WebPage", "url": URL, "isAccessibleForFree": False}, {"@type": "NewsArticle"}],
        [
            {"@type": "NewsArticle", "url": URL, "headline": "x"},
            {"@type": "NewsArticle", "isAccessibleForFree": "False"},
        ],
    ],
    ids=["part", "one of the parts", "page", "second object"],
)
def test_a_part_that_is_not_free_is_enough(objects: list[object]) -> None:
    assert paywalls(*page(*objects))


@pytest.mark.parametrize(
    "thing",
    [
        {"@type": "VideoObject", "isAccessibleForFree": False},
        {"@type": "NewsArticle", "isAccessibleForFree": False, "url": "https://courier.example/world/other"},
    ],
    ids=["video", "other article"],
)
def test_what_is_not_free_elsewhere_says_nothing_of_the_article(thing: object) -> None:
    assert not paywalls(*page({"@type": "NewsArticle", "url": URL}, thing))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta property="article:content_tier" content="locked">', True),
        ('<meta property="article:content_tier" content="Metered">', True),
        ('<meta property="og:article:content_tier" content="locked">', True),
        ('<meta property="article:content_tier" content="free">', False),
        ('<meta itemprop="isAccessibleForFree" content="False">', True),
        ('<meta itemprop="isAccessibleForFree" content="True">', False),
    ],
)
def test_a_tag_can_name_the_wall(head: str, expected: bool) -> None:
    assert bool(paywalls(*page(head=head))) is expected


@pytest.mark.parametrize(
    ("selector", "parts"),
    [
        (".rest", (".rest",)), ("#rest", ("#rest",)), ("main > div.rest", (".rest",)), (".a, .b", (".a", ".b")),
        ([".a", ".a"], (".a",)), ("div", ()), ("div:nth-child(2)", ()), ("[data-x]", ()), (None, ()), ({"x": 1}, ()),
        (".a" * 5_000, ()), (".x," * 1_000, (".x",)),
    ],
)  # fmt: skip
def test_the_selector_says_which_part_is_not_free(selector: object, parts: tuple[str, ...]) -> None:
    graph, _, _ = page({"@type": "NewsArticle", "hasPart": part(selector=selector)})
    assert locked_parts(graph, URL) == parts


def test_parts_that_are_free_are_not_locked_and_of_many_a_few_count() -> None:
    graph, _, _ = page(
        {"@type": "NewsArticle", "hasPart": [part(True, ".free"), *(part(selector=f".p{n}") for n in range(99))]}
    )
    assert locked_parts(graph, URL) == tuple(f".p{number}" for number in range(MOST_PARTS))


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (812, 812),
        ("812", 812),
        ("812 words", None),
        (-1, None),
        (8.5, None),
        (None, None),
        ("9" * 9, None),
        (10**400, None),
    ],
)
def test_a_word_count_is_a_number_or_a_text_of_digits(value: object, count: int | None) -> None:
    assert count_of(value) == count


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["@type", "isAccessibleForFree", "cssSelector", "hasPart", "url"]), inner)
    ),
    max_leaves=15,
)


@given(JSON)
def test_any_json_is_free_or_not(value: object) -> None:
    graph, head, _ = page({"@type": "NewsArticle", "isAccessibleForFree": value, "hasPart": value}, part(False, value))
    assert paywalls(graph, head, URL)
    assert all(isinstance(one, str) for one in locked_parts(graph, URL))
    assert count_of(value) is None or isinstance(value, int | str)
