from __future__ import annotations

import pytest

from archive.questions.narrowing import MOST, narrowing


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("", []),
        ("doha", []),
        ("since:2020", []),
        ("doha kabul", [("doha", "kabul"), ("kabul", "doha")]),
        ("doha outlet:a,b", [("outlet:a,b", "doha"), ("doha", "outlet:a,b")]),
        ("a1 OR b1 outlet:a lang:en outlet:b", [
            ("outlet:a outlet:b", "a1 OR b1 language:en"),
            ("language:en", "a1 OR b1 outlet:a outlet:b"),
            ("a1 OR b1", "outlet:a language:en outlet:b"),
        ]),
        ("doha -kabul since:2019-13", [("doha", "-kabul"), ("-kabul", "doha")]),
        ("outlet:a -outlet:b", [("outlet:a", "-outlet:b"), ("-outlet:b", "outlet:a")]),
    ],
)  # fmt: skip
def test_a_question_is_tried_without_each_of_its_parts(typed: str, parts: list[tuple[str, str]]) -> None:
    assert narrowing(typed) == parts


def test_of_very_many_parts_the_first_are_tried() -> None:
    assert len(narrowing(" ".join(f"word{number}" for number in range(30)))) == MOST
