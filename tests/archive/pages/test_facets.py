from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from archive.catalogue.results import Facet, Results, Value
from archive.pages.facets import MOST, ROOM, Choice, Menu, chips, label, menus
from archive.pages.wanted import wanted
from archive.questions.question import parse


def results(typed: str, *facets: Facet, articles: int = 9) -> Results:
    return Results(
        question=parse(typed), order="newest", articles=articles, listed=articles, ids=(), found=(), page=1, pages=1,
        facets=facets, months=(), ranked=0, searched=articles,
    )  # fmt: skip


def facet(field: str, *values: tuple[str, int], chosen: str = "", further: int = 0) -> Facet:
    made = tuple(
        Value(value=value, label=value.title(), count=count, is_chosen=value == chosen) for value, count in values
    )
    return Facet(field=field, values=made, further=further)


def shown(typed: str, *facets: Facet, articles: int = 9) -> tuple[Menu, ...]:
    return menus(wanted({"q": typed}), results(typed, *facets, articles=articles))


def asked(choice: Choice) -> str:
    return parse_qs(choice.query).get("q", [""])[0]


def test_a_value_is_added_by_a_click_and_taken_off_by_another() -> None:
    (menu,) = shown("truce kind:video", facet("kind", ("video", 3), ("article", 2), chosen="video"))
    assert [one.label for one in menu.choices] == ["Video", "Article"]
    assert parse(asked(menu.choices[0])) == parse("truce")
    assert {one.value for one in parse(asked(menu.choices[1])).filters} == {"video", "article"}


@pytest.mark.parametrize(
    ("one", "is_shown"),
    [
        (facet("kind"), False),
        (facet("kind", ("article", 9)), False),
        (facet("author", ("ada", 4)), True),
        (facet("kind", ("article", 9), chosen="article"), True),
        (facet("kind", ("article", 8), ("video", 1)), True),
    ],
    ids=["no value", "all have it", "some have it", "chosen", "two"],
)
def test_a_facet_that_tells_nothing_is_left_out(one: Facet, *, is_shown: bool) -> None:
    assert bool(shown("", one)) is is_shown


def test_one_or_two_values_more_are_shown_rather_than_counted() -> None:
    for more, hidden in ((2, 0), (3, 3)):
        (menu,) = shown("", facet("outlet", *((f"o{one}.example", 5) for one in range(MOST["outlet"] + more))))
        assert (len(menu.choices), menu.further) == (MOST["outlet"] + more - hidden, hidden)


def test_values_are_bounded_and_the_rest_is_counted() -> None:
    many = facet("outlet", *((f"o{number}.example", 50 - number) for number in range(20)), further=5)
    (menu,) = shown("", many)
    assert len(menu.choices) == MOST["outlet"]
    assert menu.further == 20 - MOST["outlet"] + 5


def test_months_stand_in_the_order_of_time() -> None:
    (menu,) = shown("", facet("month", ("2019-01", 5), ("2019-03", 4), ("2018-12", 3)))
    assert [one.label for one in menu.choices] == ["March 2019", "January 2019", "December 2018"]


def test_links_of_a_long_question_stay_within_their_room() -> None:
    typed = "word" * 200
    facets = [
        facet(field, *((f"v{number}", 9 - number) for number in range(9))) for field in ("outlet", "author", "kind")
    ]
    made = shown(typed, *facets)
    assert 0 < sum(len(one.query) for menu in made for one in menu.choices) < ROOM


def test_filters_are_said_in_words() -> None:
    typed = "truce -outlet:a.example verdict:review language:de month:2019-02 since:2019-01 until:2019-03"
    found = results(typed, facet("outlet", ("a.example", 3)))
    told = [one.text for one in chips(wanted({"q": typed}), found)]
    assert set(told) == {
        "Outlet not: A.Example", "Judgement: to review", "Language: German", "Month: February 2019",
        "From 1 January 2019", "Until 31 March 2019",
    }  # fmt: skip


def test_every_chip_takes_its_own_filter_off_and_no_other() -> None:
    typed = "truce -outlet:a.example kind:video since:2019-01"
    asked_for = parse(typed)
    for chip in chips(wanted({"q": typed}), results(typed)):
        left = parse(chip.typed)
        assert left.words == asked_for.words
        assert len(left.filters) + bool(left.since) == len(asked_for.filters) + bool(asked_for.since) - 1


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("month", "2019-02", "February 2019"), ("month", "odd", "odd"), ("language", "pt-BR", "Portuguese (BR)"),
        ("language", "xx", "xx"), ("verdict", "keep", "on the topic"), ("outlet", "a.example", "a.example"),
    ],
)  # fmt: skip
def test_values_are_said_as_people_read_them(field: str, value: str, told: str) -> None:
    assert label(field, value) == told
