from __future__ import annotations

import pytest

from archive.pages.wanted import bare, timeless, wanted
from archive.questions.question import parse


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
