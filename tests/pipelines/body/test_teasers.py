from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.body.teasers import without_teasers
from pipelines.tree import links_of
from tests.trees import tree_of

TEXT = [f"Paragraph {number} tells at some length what the envoys said on Tuesday evening." for number in range(1, 9)]
HEADLINES = ["Bakers say that bread is dear", "A ferry runs aground at dawn", "Children get a reading room"]
BLURBS = ["They cannot bear it any longer.", "Nobody was hurt off the cape.", "They had asked for it in letters."]


def left(lines: list[str], markup: str) -> list[str]:
    return without_teasers(lines, links_of(tree_of(f"<html><body>{markup}</body></html>")))


def test_a_paragraph_of_a_link_that_holds_others_is_a_teaser() -> None:
    cards = "".join(
        f"<a href=/{at}><div><h3>{headline}</h3><p>{blurb * 2}</p></div></a>"
        for at, (headline, blurb) in enumerate(zip(HEADLINES, BLURBS, strict=True))
    )
    teasers = [line for headline, blurb in zip(HEADLINES, BLURBS, strict=True) for line in (headline, f"- {blurb * 2}")]
    assert left([*TEXT, *teasers], cards) == TEXT


def test_a_long_link_within_a_sentence_is_no_card() -> None:
    link = f"{TEXT[0]} And so on, for as long as it takes"
    assert left(TEXT, f"<p><a href=/a>{link} <b>and on</b></a></p>") == TEXT
    assert left(TEXT, f"<p><a href=/a><b>{TEXT[0]}</b></a></p>") == TEXT


@pytest.mark.parametrize("space", ["", "\n   "])
def test_a_list_whose_elements_begin_with_headlines_of_others_is_no_text(space: str) -> None:
    links = "".join(f"<li><a href=/{at}>{space}{one}{space}</a> x</li>" for at, one in enumerate(HEADLINES))
    teasers = [f"- {headline} {blurb}" for headline, blurb in zip(HEADLINES, BLURBS, strict=True)]
    assert left([*TEXT, *teasers], links) == TEXT
    assert left([*teasers, *TEXT], links) == TEXT


@pytest.mark.parametrize(
    ("elements", "links"),
    [
        (["- Ana Maria Lima, from Kabul", "- Jon Berg Larsen, from Doha", "- Eva Stern Holm, from Oslo"],
         ["Ana Maria Lima", "Jon Berg Larsen", "Eva Stern Holm"]),
        (["- Lactose, dried milk", "- Wheat starch, ground", "- Magnesium stearate, pure"],
         ["Lactose, dried", "Wheat starch", "Magnesium stearate"]),
        ([f"- {HEADLINES[0]} {BLURBS[0]}", f"- {HEADLINES[1]} {BLURBS[1]}"], HEADLINES),
        ([f"- Before that: {one} and more" for one in HEADLINES], HEADLINES),
        ([f"{one} {blurb}" for one, blurb in zip(HEADLINES, BLURBS, strict=True)], HEADLINES),
    ],
    ids=["people", "products", "two", "links within", "no list"],
)  # fmt: skip
def test_a_list_of_the_article_s_own_stays(elements: list[str], links: list[str]) -> None:
    markup = "".join(f"<a href=/{at}>{text}</a> x " for at, text in enumerate(links))
    assert left([*TEXT, *elements], markup) == [*TEXT, *elements]


def test_a_list_that_is_the_article_stays() -> None:
    links = "".join(f"<li><a href=/{at}>{one}</a> x</li>" for at, one in enumerate(HEADLINES))
    elements = [f"- {headline} {blurb}" for headline, blurb in zip(HEADLINES, BLURBS, strict=True)]
    assert left(["Today in short:", *elements], links) == ["Today in short:", *elements]


@given(st.lists(st.text(max_size=60) | st.sampled_from([*TEXT, *(f"- {one}!" for one in HEADLINES)]), max_size=12))
def test_lines_are_only_ever_taken_away(lines: list[str]) -> None:
    markup = "".join(f"<a href=/{at}><p>{one}</p><p>{TEXT[at]}</p></a>" for at, one in enumerate(HEADLINES))
    kept = left(lines, markup)
    place = iter(lines)
    assert all(line in place for line in kept)
    assert len("".join(kept)) >= 0.4 * len("".join(lines)) - 1


def test_many_links_and_many_lines_are_compared_within_bounds() -> None:
    markup = "".join(f"<a href=/{at}><p>Head {at}</p><p>{TEXT[0]} {at}</p></a>" for at in range(8_000))
    lines = [f"- Head {at} {TEXT[1]} {at}" for at in range(8_000)]
    assert left(lines, markup)
