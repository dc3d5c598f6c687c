from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.pages.definition import LARGEST, OTHERS, RAW, SOURCES, TERMS, definition
from tests.placed import DEFINITION


def test_what_the_file_says_is_told_heaviest_terms_first() -> None:
    told = definition(DEFINITION)
    assert told.is_read
    assert told.terms == (("doha", 5.0), ("<i>talks</i>", 2.5))
    assert (told.since, told.until, told.keep, told.review) == ("2018-12-01", "2019-06-30", 0.5, 0.3)
    assert told.sources == (("Gulf Wire", "feeds, sitemaps"), ("anywhere", "gdelt"))
    assert told.never == ("cricket",)
    assert told.raw == DEFINITION


def test_a_seed_that_is_a_file_of_the_owner_is_not_told() -> None:
    assert definition(DEFINITION).seeds == ("https://wire.example/seed",)


@pytest.mark.parametrize(
    "text",
    [
        "", "no [ toml", "x = " + "[" * 5000, "terms = 3\nsources = [1, 2]\nwindow = 'x'\nseeds = 7",
        "[terms]\na = nan\nb = inf\nc = -1\nd = true\ne = 'x'", "a = 1\n" * 2, "x" * (LARGEST + 1),
        "a = 9" + "9" * 5000,
        "[window]\nsince = 2019-01-01T00:00:00Z\nuntil = 5",
    ],
    ids=range(9),
)  # fmt: skip
def test_whatever_stands_in_the_file_is_no_fault(text: str) -> None:
    told = definition(text)
    assert told.raw == text[:RAW]
    assert told.is_cut == (len(text) > RAW)
    assert told.terms == ()


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_no_fault(text: str) -> None:
    assert definition(text).raw == text


def test_a_long_definition_is_cut() -> None:
    terms = "[terms]\n" + "\n".join(f'"term {number:04}" = {number % 9 + 1}' for number in range(500))
    sources = "\n".join(f'[[sources]]\nchannel = "feeds"\nurl = "https://n{number}.example/"' for number in range(90))
    queries = f"queries = {[str(number) * 500 for number in range(40)]}\n"
    told = definition(queries + terms + "\n" + sources)
    assert (len(told.terms), told.more_terms) == (TERMS, 500 - TERMS)
    assert (len(told.sources), told.more_sources) == (SOURCES, 90 - SOURCES)
    assert len(told.queries) == OTHERS
    assert max(map(len, told.queries)) <= 200
