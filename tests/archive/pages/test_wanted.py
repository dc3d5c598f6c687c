from __future__ import annotations

import pytest

from archive.pages.wanted import bare, chosen, timeless, wanted
from archive.question import adding, parse


def test_a_search_is_written_back_as_it_was_asked() -> None:
    asked = wanted({"q": "truce outlet:a.example", "order": "oldest", "copies": "all", "page": "3"})
    assert asked.query(page=3) == "q=truce+outlet:a.example&order=oldest&copies=all&page=3"
    assert asked.query(typed="talks") == "q=talks&order=oldest&copies=all"
    assert asked.query(order="best", is_folded=True) == "q=truce+outlet:a.example&order=best"
    assert wanted({}).query() == ""


@pytest.mark.parametrize(
    ("args", "order"),
    [
        ({"q": "truce", "order": "best"}, "best"),
        ({"q": "kind:video", "order": "best"}, None),
        ({"order": "newest"}, "newest"),
        ({"order": "nonsense"}, None),
    ],
)
def test_an_order_that_cannot_be_is_no_order(args: dict[str, str], order: str | None) -> None:
    assert wanted(args).order == order


@pytest.mark.parametrize("page", ["", "0", "-2", "1.5", "²", "٣", "9" * 30])
def test_a_page_that_is_no_number_is_the_first(page: str) -> None:
    assert wanted({"page": page}).page == 1


def test_filters_are_taken_off_all_at_once() -> None:
    typed = 'truce kind:"live blog" -outlet:a.example since:2019 until:2020 month:2019-02'
    assert parse(bare(typed)) == parse("truce")
    assert {one.field for one in parse(timeless(typed)).filters} == {"kind", "outlet"}


@pytest.mark.parametrize(
    "typed",
    ["", "truce", "a OR", "-", '"peace talks', "kind:video -outlet:b.example", "since:soon", "title:", "OR OR",
     "a b* -c", "outlet:b.example", "-outlet:a.example", "(", 'a -"b c', "NOT", "word " * 40],
)  # fmt: skip
def test_a_value_is_chosen_as_if_it_had_been_typed(typed: str) -> None:
    question = parse(typed)
    for field, value in (("outlet", "a.example"), ("author", "Ada B. Lovelace"), ("kind", "live blog")):
        quick, whole = parse(chosen(question, field, value)), parse(adding(question.typed, field, value))
        assert (quick.words, quick.unwanted, quick.filters) == (whole.words, whole.unwanted, whole.filters)
