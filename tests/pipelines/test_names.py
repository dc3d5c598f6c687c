from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.names import names_in

COMMON = frozenset(["minister", "talks", "water", "people", "the", "troops", "john", "officials", "meanwhile", "new"])


def names(text: str) -> set[str]:
    return {" ".join(name) for name in names_in(text, COMMON.__contains__)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("We met Ada Marlow in Port Selby, as was planned.", {"Ada Marlow", "Port Selby"}, id="runs"),
        pytest.param("The rain fell as Prime Minister Ada Marlow spoke.", {"Ada Marlow"}, id="titles"),
        pytest.param("The acting Secretary of Water Jon Reed left with them.", {"Jon Reed"}, id="fields of titles"),
        pytest.param(
            "They met Gen. Ada Marlow and J. K. Reed there, they said.", {"Ada Marlow", "J K Reed"}, id="abbreviations"
        ),
        pytest.param(
            "The fighters of al Shabaz and Omar bin Hadi left for the day.",
            {"al Shabaz", "Omar bin Hadi"},
            id="particles",
        ),
        pytest.param("They read Marlow’s Selby plan and the rest.", {"Marlow", "Selby"}, id="a possessive ends a name"),
        pytest.param("Talks went on. Water was short here.", set(), id="common words that begin sentences"),
        pytest.param("Ferrymen wait here. The ferrymen are many.", set(), id="a rare word written small elsewhere"),
        pytest.param("Khost is far away. The rest is near.", {"Khost"}, id="a rare word that begins a sentence"),
        pytest.param("Meanwhile the rain fell. Here the sun of Meanwhile shone.", {"Meanwhile"}, id="seen inside"),
        pytest.param("Related Content\nMore Top Stories From Selby", set(), id="headings"),
        pytest.param(
            "They saw One Two Three Four Five Six there, we were told.", {"Three Four Five Six"}, id="openers"
        ),
        pytest.param("", set(), id="nothing"),
    ],
)
def test_names_are_read_from_capitals(text: str, expected: set[str]) -> None:
    assert names(text) == expected


def test_a_long_run_is_cut_to_the_person_whose_surname_stands_alone() -> None:
    text = "The envoy for River Accord Ada Marlow came by. Later it was Marlow who spoke of the Accord."
    found = names_in(text, COMMON.__contains__)
    assert found["Ada", "Marlow"] == 1
    assert found["Marlow",] == 1


def test_names_are_counted() -> None:
    assert names_in("We saw Selby, then Selby, then Port Selby once.", COMMON.__contains__) == {
        ("Selby",): 2,
        ("Port", "Selby"): 1,
    }


@given(st.text(max_size=400))
def test_any_text_has_names_of_capitalised_words_only(text: str) -> None:
    for name in names_in(text, COMMON.__contains__):
        assert name[-1][0].isupper()
