from __future__ import annotations

from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.questions.typed import FIELDS, TIMES
from archive.questions.values import KINDS, MAX_VALUE, UnclearValueError, after, first, meant
from pipelines.items import Kind


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("wire.example", "wire.example"),
        ("WWW.Wire.Example", "wire.example"),
        ("https://wire.example", "wire.example"),
        ("http://user:word@www.wire.example/a?b#c", "wire.example"),
        ("//wire.example/", "wire.example"),
        ("wire.example/world", "wire.example"),
        ("wire.example.", "wire.example"),
        ("wire.example:8080", "wire.example:8080"),
        ("www.gov.uk", "www.gov.uk"),
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("www.com", "www.com"),
        ("localhost", "localhost"),
        ("[::1]", "[::1]"),
        ("Zeitung-Köln.example", "xn--zeitung-kln-zfb.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
    ],
)
def test_an_outlet_is_its_domain_however_it_is_written(typed: str, domain: str) -> None:
    assert meant("outlet", typed) == domain
    assert meant("outlet", domain) == domain


@pytest.mark.parametrize(
    ("typed", "tag"),
    [("EN", "en"), ("en-gb", "en-GB"), ("en_GB", "en-GB"), ("zh-hant-tw", "zh-hant-TW"), ("fil", "fil")],
)
def test_a_language_is_a_tag_with_its_region_in_capitals(typed: str, tag: str) -> None:
    assert meant("language", typed) == tag


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2019", "2019"),
        ("2019-2", "2019-02"),
        ("2019/02/03", "2019-02-03"),
        ("2019.2.3", "2019-02-03"),
        ("12 February 2019", "2019-02-12"),
        ("12. feb 2019", "2019-02-12"),
        ("February 2019", "2019-02"),
        ("Sept 3, 2019", "2019-09-03"),
        ("2020-02-29", "2020-02-29"),
    ],
)
def test_a_date_is_as_exact_as_it_was_said(typed: str, said: str) -> None:
    assert meant("since", typed) == said
    assert meant("until", said) == said


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("since", "2019-02-29"), ("since", "2019-13"), ("since", "0999"), ("until", "9999"), ("since", "19"),
        ("since", "12 Nonsense 2019"), ("since", "12 a 2019"), ("since", "٢٠١٩"), ("since", ""), ("month", "2019"),
        ("month", "2019-00"), ("kind", "poem"), ("verdict", "yes"), ("outlet", "two words"), ("outlet", "https://"),
        ("outlet", "-"), ("language", "e"), ("language", "english"), ("author", "a" * (MAX_VALUE + 1)),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused_with_what_to_write(field: str, typed: str) -> None:
    with pytest.raises(UnclearValueError):
        meant(field, typed)


def test_the_kinds_are_those_that_pages_are_told_by() -> None:
    assert get_args(Kind) == KINDS


@pytest.mark.parametrize(
    ("said", "begins", "ends"),
    [
        ("2019", "2019-01-01", "2020-01-01"),
        ("2019-12", "2019-12-01", "2020-01-01"),
        ("2020-02", "2020-02-01", "2020-03-01"),
        ("2019-01", "2019-01-01", "2019-02-01"),
        ("2019-12-31", "2019-12-31", "2020-01-01"),
    ],
)
def test_a_date_lasts_until_the_next_of_its_length(said: str, begins: str, ends: str) -> None:
    assert (first(said), after(said)) == (f"{begins}T00:00:00Z", f"{ends}T00:00:00Z")


@given(st.sampled_from((*FIELDS, *TIMES)), st.text(max_size=40))
def test_a_value_is_understood_for_good_or_refused(field: str, typed: str) -> None:
    said = None
    with suppress(UnclearValueError):
        said = meant(field, typed)
    assert said is None or meant(field, said) == said
