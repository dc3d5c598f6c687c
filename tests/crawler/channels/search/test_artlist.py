from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.search.artlist import art_entry, tidied

NOW = datetime(2019, 9, 18, tzinfo=UTC)


def test_an_article_announces_link_title_and_the_time_at_which_it_was_seen() -> None:
    entry = art_entry(
        {"url": " https://daily.example/1 ", "title": "A &amp; B <b>,</b> C", "seendate": "20190903T031500Z"}, NOW
    )
    assert (entry.url, entry.title) == ("https://daily.example/1", "A & B, C")
    assert entry.published == datetime(2019, 9, 3, 3, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "seen", ["", "20010101T000000Z", "20300101T000000Z", "20190231T000000Z", "soon", "99999999T999999Z", 7]
)
def test_a_date_that_cannot_be_is_none(seen: object) -> None:
    assert art_entry({"url": "https://daily.example/1", "seendate": seen}, NOW).published is None


TITLES = {
    "commas and stops": ("Talks , he said .", "Talks, he said."),
    "question": ("Is it over ?", "Is it over?"),
    "possessive": ("Kabul 's envoy", "Kabul's envoy"),
    "contraction": ("Trump won 't meet them", "Trump won't meet them"),
    "parentheses": ("The deal ( in full ) stands", "The deal (in full) stands"),
    "money and thousands": ("$ 14 , 000 a day", "$14,000 a day"),
    "decimals": ("Rates at 3 . 5 %", "Rates at 3.5%"),
    "a list of years stays": ("In 2018 , 20 died", "In 2018, 20 died"),
    "a dash stays": ("Kabul - a city", "Kabul - a city"),
    "a word that begins with a stop": ("Microsoft .NET again", "Microsoft .NET again"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("title", "tidy"), TITLES.values(), ids=TITLES.keys())
def test_titles_lose_the_blanks_around_their_marks(title: str, tidy: str) -> None:
    assert tidied(title) == tidy


@given(st.text(st.sampled_from("a 1,.;:!?()[]'$ “”-"), max_size=60))
def test_tidying_takes_blanks_alone_and_comes_to_an_end(title: str) -> None:
    tidy = tidied(title)
    assert tidy.replace(" ", "") == title.replace(" ", "")
    assert len(tidy) <= len(title)
