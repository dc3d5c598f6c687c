"""What the address of a page tells of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.captures.slugs import MOST_WORDS, day_in, names_an_article, telling
from pipelines.relevance import LINK_FLOOR, link_score
from pipelines.topic import Term, Topic
from pipelines.urls import canonical

CAPTURED = datetime(2019, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2019/01/29/envoys", (2019, 1, 29)),
        ("2019/1/9/envoys", (2019, 1, 9)),
        ("world/2019/jan/29/envoys", (2019, 1, 29)),
        ("2019-01-29-envoys", (2019, 1, 29)),
        ("news/20190129/envoys", (2019, 1, 29)),
        ("envoys-20190129", (2019, 1, 29)),
        ("2019/02/02/tomorrow-in-another-zone", (2019, 2, 2)),
        ("99999999/2019/01/29/a", (2019, 1, 29)),
        ("2019/02/30/2019/01/29/a", (2019, 1, 29)),
        ("2019/01/envoys", None),
        ("2019/13/01/envoys", None),
        ("2019/abc/01/envoys", None),
        ("2019/03/01/after-its-capture", None),
        ("1919/01/29/envoys", None),
        ("story-120190129", None),
        ("a?date=2019/01/29", None),
        ("", None),
    ],
)
def test_a_day_in_the_path_counts_where_it_can_be_meant(path: str, day: tuple[int, int, int] | None) -> None:
    assert day_in(f"https://daily.example/{path}", CAPTURED) == (datetime(*day, tzinfo=UTC) if day else None)


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("2019/01/29/envoys", True),
        ("envoys-meet-taliban", True),
        ("news/envoys-12345", True),
        ("story?id=12345", True),
        ("tag/what-the-taliban-want-now", True),
        ("", False),
        ("en/", False),
        ("world/asia", False),
        ("tag/taliban", False),
        ("tag/taliban/page/2", False),
        ("author/jane-doe", False),
        ("topics/peace-talks-2019", False),
        ("2019/01/29/envoys/feed", False),
        ("search?q=taliban-talks-2019", False),
        ("wp-content/2019/01/29/map.jpg", False),
        ("2019/01/29/agreement.pdf", False),
    ],
)
def test_an_article_is_told_from_a_listing_by_its_address(path: str, is_one: bool) -> None:
    assert names_an_article(f"https://daily.example/{path}") is is_one


def topic(**weights: float) -> Topic:
    return Topic(name="t", terms=tuple(Term(text=text.replace("_", " "), weight=at) for text, at in weights.items()))


def test_words_that_promise_enough_by_themselves_are_told() -> None:
    assert telling(topic(taliban=5, envoy=0.1)) == ("taliban",)


def test_words_are_told_by_their_stems_and_phrases_with_what_stands_between() -> None:
    (expression, country) = telling(topic(peace_talks=5, countries=4))
    assert re.fullmatch(f".*{expression}.*", "https://daily.example/peace-talks-fail")
    assert re.fullmatch(f".*{country}.*", "https://daily.example/many-countries")
    assert re.fullmatch(f".*{country}.*", "https://daily.example/a-country")


def test_what_a_shorter_term_finds_is_not_asked_twice() -> None:
    assert telling(topic(afghan=3, intra_afghan=5, afghanistan=4)) == ("afghan",)


@pytest.mark.parametrize("text", ["us", ["un", "envoys"][0], "талибан", "和平谈判", "a b c"])
def test_short_words_and_other_scripts_are_not_asked_for(text: str) -> None:
    assert telling(Topic(name="t", terms=(Term(text=text, weight=5),))) == ()


def test_accents_are_folded() -> None:
    assert telling(Topic(name="t", terms=(Term(text="élection", weight=5),))) == ("election",)


@given(st.lists(st.tuples(st.text(max_size=20), st.floats(0, 10)), max_size=60))
def test_any_terms_make_harmless_expressions(terms: list[tuple[str, float]]) -> None:
    found = telling(Topic(name="t", terms=tuple(Term(text=text, weight=weight) for text, weight in terms)))
    assert len(found) <= MOST_WORDS
    assert all(re.fullmatch(r"[a-z0-9]+(?:\.\{1,3\}[a-z0-9]+)*", one) for one in found)


def test_what_the_archive_leaves_out_would_promise_little() -> None:
    weights = topic(taliban=5, khalilzad=4, peace_talks=2, envoy=0.5, troops=1)
    expression = re.compile(f".*({'|'.join(telling(weights))}).*")
    for slug in ("taliban", "khalilzad-says", "peace-talks", "envoy", "cricket", "us-envoy-doha"):
        url = f"https://daily.example/{slug}"
        assert bool(expression.fullmatch(url)) == (link_score("", url, weights) >= LINK_FLOOR)


@given(st.text(max_size=80))
def test_any_address_is_one_or_not(path: str) -> None:
    try:
        url = canonical(f"https://daily.example/{path}")
    except ValueError:
        return
    assert names_an_article(url) in (True, False)
    assert day_in(url, CAPTURED) is None or day_in(url, CAPTURED) < datetime(2019, 2, 3, tzinfo=UTC)
