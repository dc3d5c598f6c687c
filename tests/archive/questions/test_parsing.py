from __future__ import annotations

import pytest

from archive.questions.parsing import MAX_FILTERS, MAX_TERMS, MAX_TYPED, MAX_WORDS, MOST_SENTENCES, read
from archive.questions.typed import written


def test_of_very_many_words_the_first_are_looked_for() -> None:
    reading = read(" ".join(f"w{number}" for number in range(MAX_TERMS + 5)))
    assert len(reading.parts) == MAX_TERMS
    assert reading.unclear


def test_a_phrase_of_very_many_words_is_left_out() -> None:
    reading = read(f'doha "{" ".join("a" * MAX_WORDS)}" kabul')
    assert written(reading.parts) == "doha kabul"
    assert reading.unclear


def test_an_or_does_not_join_the_neighbours_of_what_was_left_out() -> None:
    reading = read(f'doha "{" ".join("a" * MAX_WORDS)}" OR kabul')
    assert written(reading.parts) == "doha kabul"


def test_of_very_many_values_the_first_count() -> None:
    (part,) = read("author:" + ",".join(map(str, range(100)))).parts
    assert part.values == tuple(map(str, range(MAX_FILTERS)))


def test_of_very_many_filters_the_first_count() -> None:
    reading = read(" ".join(f"author:a{number}" for number in range(MAX_FILTERS + 5)))
    assert len(reading.parts) == MAX_FILTERS
    assert reading.unclear


@pytest.mark.parametrize("typed", ["author:" + ",".join(map(str, range(200))), "since:x " * 100, "outlet: " * 100])
def test_no_list_grows_without_end(typed: str) -> None:
    reading = read(typed)
    assert sum(len(part.values) or 1 for part in reading.parts) <= MAX_FILTERS
    assert len(reading.unclear) <= MOST_SENTENCES
    assert all(len(sentence) < 200 for sentence in reading.unclear)


def test_quotes_that_are_written_anew_do_not_grow_over_the_bound() -> None:
    assert len(written(read('"a"b' * 300).parts)) <= MAX_TYPED


@pytest.mark.parametrize("typed", ["doha OR", "OR doha", "doha OR lang:en", "lang:en OR kind:video", "doha OR -kabul"])
def test_an_or_that_joins_nothing_is_told_and_goes(typed: str) -> None:
    reading = read(typed)
    assert len(reading.unclear) == 1
    assert " OR " not in written(reading.parts)


@pytest.mark.parametrize("typed", ["doha AND kabul", "a1 OR 🎈 OR b1", "lang:en OR lang:fa", "doha -", "() doha"])
def test_what_is_clear_is_not_told(typed: str) -> None:
    assert not read(typed).unclear
