from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.items import Rejected
from pipelines.witnesses.shown import BEHIND, marked, shown
from tests.trees import tree_of

TITLE = "Envoys return to Doha | The Courier"


def texts(body: str, title: str = TITLE) -> list[str]:
    return [one.text for one in shown(tree_of(f"<html><body>{body}</body></html>"), title)]


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Envoys return to Doha</h1><time datetime='2019-09-07T10:00:00Z'>Saturday</time>",
        "<h1>Envoys return to Doha</h1><p>By Ana Lima</p><time>2019-09-07T10:00:00Z</time>",
        "<h1>Envoys return to Doha</h1><p>2019-09-07T10:00:00Z</p>",
        "<p>2019-09-07T10:00:00Z</p><h1>Envoys return to Doha</h1>",
        "<h1>Envoys return to Doha <small>2019-09-07T10:00:00Z</small></h1>",
        "<h1>The Courier</h1><h2>Envoys return to Doha</h2><div><br>2019-09-07T10:00:00Z<br></div>",
    ],
    ids=["attribute", "text of a time", "line", "above", "within", "below a logo"],
)
def test_a_date_beside_the_headline_is_found(body: str) -> None:
    assert texts(body) == ["2019-09-07T10:00:00Z"]


def test_the_nearest_date_comes_first() -> None:
    body = "<p>6.9.2019</p><p>Politics</p><h1>Envoys return to Doha</h1><p>7.9.2019</p><p>x</p><p>8.9.2019</p>"
    assert texts(body) == ["7.9.2019", "6.9.2019", "8.9.2019"]


def test_the_headline_is_the_heading_that_the_title_repeats() -> None:
    body = "<h1>Courier</h1><p>1.1.2020</p>" + "<p>Menu</p>" * 70 + "<h2>Envoys return to Doha</h2><p>7.9.2019</p>"
    assert texts(body) == ["7.9.2019"]


def test_without_a_headline_nothing_is_beside_it() -> None:
    assert texts("<p>7.9.2019</p>") == []


def test_what_is_far_away_is_another_article_s() -> None:
    assert texts("<h1>Envoys return to Doha</h1>" + "<p>Text</p>" * (BEHIND + 1) + "<p>7.9.2019</p>") == []


def test_a_sentence_that_names_a_date_is_no_dateline() -> None:
    sentence = "They had agreed on 7 September 2019 to meet again before the winter, and nobody came."
    assert texts(f"<h1>Envoys return to Doha</h1><p>{sentence}</p>") == []


@pytest.mark.parametrize(
    ("element", "is_change"),
    [
        ("<p>Updated: 7.9.2019</p>", True),
        ("<p>Aktualisiert am 7.9.2019</p>", True),
        ("<p>7.9.2019, updated 8.9.2019</p>", False),
        ("<time class='updated' datetime='2019-09-07'></time>", True),
        ("<time class='published updated' datetime='2019-09-07'></time>", False),
        ("<p>7.9.2019</p>", False),
    ],
    ids=["English", "German", "both", "name", "two names", "plain"],
)
def test_the_date_of_a_change_is_known_by_its_name(element: str, is_change: bool) -> None:
    tree = tree_of(f"<html><body><h1>Envoys return to Doha</h1>{element}</body></html>")
    assert [one.is_change for one in shown(tree, TITLE)] == [is_change]


def test_microdata_are_found_wherever_they_stand() -> None:
    tree = tree_of(
        "<html><body><meta itemprop='datePublished' content='2018-01-01'>"
        "<span itemprop='name datePublished' content='2019-09-07T10:00Z'>Saturday</span>"
        "<i itemprop='dateModified'>2019-09-08</i></body></html>"
    )
    assert marked(tree, "datePublished") == ["2019-09-07T10:00Z"]
    assert marked(tree, "dateModified") == ["2019-09-08"]


@given(st.lists(st.sampled_from(["<h1>", "</h1>", "<time>", "</time>", "<p>", "7.9.2019", "x", "<h2>Envoys", "<b>"])))
def test_any_page_is_read(parts: list[str]) -> None:
    try:
        tree = tree_of(f"<html><body>{''.join(parts)}</body></html>")
    except Rejected:
        return
    assert all(isinstance(one.text, str) for one in shown(tree, TITLE))


def test_a_page_of_nothing_but_dates_costs_no_more_than_those_near_the_headline() -> None:
    assert len(texts("<h1>Envoys return to Doha</h1>" + "<p>7.9.2019</p>" * 20_000)) == BEHIND
