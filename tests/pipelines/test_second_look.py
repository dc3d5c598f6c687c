"""A page that was left out, and a topic that has changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import matches
from pipelines.items import Article, Match
from pipelines.relevance import judge, link_score
from pipelines.second_look import LeftOut, second_look
from pipelines.topic import Term, Topic

WEIGHTS = {"river treaty": 3.0, "selby": 3.0, "dam": 2.0, "water": 1.0, "harbour": 1.0}


def topic(changes: dict[str, float] | None = None, **facts: Any) -> Topic:
    weights = {**WEIGHTS, **(changes or {})}
    return Topic(name="river", terms=tuple(Term(text=text, weight=weight) for text, weight in weights.items()), **facts)


THEN = topic()
BODY = (
    "The ferry company wants larger ships from next year.\nThe quay at the harbour has to be made longer for them, "
    "engineers told the council. A strike of the pilots was called off."
)


def left_out(title: str, body: str = BODY, by: Topic = THEN, **facts: Any) -> LeftOut:
    """A page as the archive knows it after that topic has left it out."""
    verdict = judge(Article(title=title, body=body), by)
    url = "https://daily.example/" + title.lower().replace(" ", "-")
    known = {"score": verdict.score, "matches": verdict.matched, "reason": verdict.reason}
    return LeftOut(**{"url": url, "title": title, "promised": link_score(title, url, by), **known, **facts})


MUCH = " ".join(f"Stall {number} sells lamps, ropes, kettles and violins." for number in range(200))
FERRY = left_out("Ferry company plans a longer quay")
WATER = left_out("Council spends more on water", "Pipes under the market leak.\nThe water is lost before it is sold.")


def test_nothing_comes_back_while_the_topic_is_the_same() -> None:
    assert 0 < FERRY.score < THEN.review
    for page in (FERRY, WATER, left_out("Harbour bakers strike"), left_out("A dam and a dog", MUCH)):
        assert second_look(page, THEN) == ""


def test_a_lower_threshold_brings_back_exactly_what_had_scored_that_much() -> None:
    assert second_look(WATER, topic(review=WATER.score)) != ""
    assert second_look(WATER, topic(review=WATER.score + 0.001)) == ""


def test_a_new_term_brings_back_the_pages_whose_headline_has_it_and_no_others() -> None:
    today = topic({"ferry": 4.0})
    assert "its link promises" in second_look(FERRY, today)
    assert second_look(WATER, today) == ""
    assert second_look(replace(FERRY, title=""), today) != ""  # the address has it too


def test_a_term_that_weighs_more_counts_where_the_headline_has_it() -> None:
    page = left_out("Harbour pilots call off their strike")
    assert second_look(page, topic({"harbour": 6.0})) != ""
    assert second_look(FERRY, topic({"harbour": 1.1})) == ""


def test_what_a_term_had_given_goes_with_it() -> None:
    lower = topic(review=WATER.score)
    without = replace(lower, terms=tuple(term for term in lower.terms if term.text != "water"))
    assert second_look(WATER, without) == ""
    assert second_look(WATER, topic({"water": 0.0}, review=WATER.score)) == ""


def test_a_page_comes_back_once_its_day_is_inside_the_window() -> None:
    then = topic(since=date(2024, 3, 1))
    article = Article(title="Selby signs the river treaty", body="The dam and the water.")
    verdict = judge(article, then)
    page = left_out(article.title, article.body, then, reason="published 2024-01-20, before the topic's window (x)")
    assert verdict.decision == "keep"
    assert second_look(page, then) == ""
    assert second_look(page, topic(since=date(2024, 2, 1))) == ""
    assert second_look(page, topic(since=date(2024, 1, 1))) != ""
    weak = replace(page, score=0.1)
    assert second_look(weak, topic(since=date(2024, 1, 1))) == ""


def test_a_page_comes_back_once_the_word_that_kept_it_out_is_allowed() -> None:
    page = left_out("Selby signs the river treaty", reason='holds "golf", which the topic never wants')
    assert second_look(page, topic(never=("golf",))) == ""
    assert second_look(page, topic(never=("golfs",))) == ""
    assert second_look(page, topic(never=("rugby",))) != ""
    assert second_look(page, topic(never=("selby signs",))) == ""


@given(
    st.text(max_size=60), st.text(max_size=60), st.floats(0, 1), st.floats(0, 1), st.text(max_size=80),
    st.lists(st.builds(Match, term=st.text(max_size=9), share=st.floats(0, 1)), max_size=5),
)  # fmt: skip
def test_whatever_is_stored_is_looked_at(
    title: str, url: str, promised: float, score: float, reason: str, found: list[Match]
) -> None:
    told = f"published {reason}, before "
    page = LeftOut(url=url, title=title, promised=promised, score=score, reason=told, matches=tuple(found))
    assert isinstance(second_look(page, THEN), str)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[["a", "b"]]', "[[1, 2]]", '[["a", 2]]', "[" * 5000, '[["a"]]'])
def test_matches_that_are_none_are_none(text: str) -> None:
    assert matches.read(text) == ()


@given(st.lists(st.builds(Match, term=st.text(max_size=9), share=st.floats(0, 1)), max_size=5))
def test_matches_are_read_as_they_were_written(found: list[Match]) -> None:
    rounded = tuple(replace(match, share=round(match.share, 4)) for match in found)
    assert matches.read(matches.written(found)) == rounded
