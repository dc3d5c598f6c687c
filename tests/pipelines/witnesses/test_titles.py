from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.witnesses.titles import MAX_LENGTH, bare, title_of

TALKS = "Envoys resume talks in Doha after a week"
OTHER = "Doha talks go on: what the envoys want"


def chosen(headline: str = "", og: str = "", h1: str = "", tag: str = "", announced: str = "", site: str = "") -> str:
    return title_of(headline=headline, og=og, headings=[h1] if h1 else [], tag=tag, announced=announced, site=site)


@pytest.mark.parametrize(
    ("witnesses", "expected"),
    [
        ({"headline": TALKS, "og": OTHER}, TALKS),
        ({"headline": OTHER, "og": TALKS, "h1": TALKS}, TALKS),
        ({"headline": OTHER, "og": TALKS, "announced": TALKS}, TALKS),
        ({"headline": TALKS, "og": OTHER, "h1": OTHER, "tag": TALKS}, TALKS),
        ({"og": OTHER, "h1": TALKS, "tag": f"{TALKS} | The Courier"}, TALKS),
        ({"og": OTHER, "h1": TALKS}, OTHER),
        ({"tag": f"{TALKS} - The Courier", "site": "The Courier"}, TALKS),
        ({"headline": f"{TALKS} | World", "h1": TALKS}, TALKS),
        ({"og": f"{TALKS}-World｜Courier", "announced": TALKS}, TALKS),
        ({"announced": TALKS}, TALKS),
        ({}, ""),
    ],
    ids=[
        "JSON-LD first", "two against it", "the feed is a witness", "not two against two", "a majority", "order",
        "the site's name", "what another shows bare", "a dash without spaces", "the feed alone", "nothing",
    ],
)  # fmt: skip
def test_the_headline_is_what_the_witnesses_say(witnesses: dict[str, str], expected: str) -> None:
    assert chosen(**witnesses) == expected


def test_spelling_makes_no_two_titles_of_one() -> None:
    curly = "Envoys’ talks – “no truce yet”"
    assert chosen(headline=OTHER, og=curly, h1='ENVOYS\' TALKS - "NO TRUCE YET"') == curly


@pytest.mark.parametrize(
    "title",
    ["Kabul - Doha - Moscow: where the talks went", "Truce | No truce", "Heat: the city that never cools"],
)
def test_a_dash_within_a_headline_stays(title: str) -> None:
    assert bare(title, [title, OTHER], "The Courier") == title


def test_a_short_word_is_no_headline_that_a_longer_one_repeats() -> None:
    assert bare("Kabul - a city waits", ["Kabul"], "") == "Kabul"
    assert bare("Kabul: a city waits", ["Kabul"], "") == "Kabul: a city waits"


TITLES = st.text(st.sampled_from("ab -|–:"), max_size=12).map(str.strip)


@given(st.tuples(TITLES, TITLES, TITLES, TITLES, TITLES), TITLES)
def test_the_headline_is_the_beginning_of_a_witness(texts: tuple[str, str, str, str, str], site: str) -> None:
    title = chosen(*texts, site)
    assert any(text.startswith(title) for text in texts)
    assert title or not any(texts)
    assert len(title) <= MAX_LENGTH
