from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.typography import is_recased, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("“Nothing is agreed,” he said – again…", '"Nothing is agreed," he said - again...', id="quotes"),
        pytest.param("»Ja«, sagte sie", "„Ja“, sagte sie", id="german quotes"),
        pytest.param("Le ministre a dit\u00a0: «\u202fNon\u202f»", "Le ministre a dit: “Non”", id="french spaces"),
        pytest.param("the final offer", "the ﬁnal oﬀer", id="ligatures"),
        pytest.param("wa\u00adter on the ta\u200bble\ufeff", "water on the table", id="unseen characters"),
        pytest.param("the cafe\u0301", "the café", id="composed letters"),
        pytest.param("• A truce", "- A truce", id="bullets"),
        pytest.param("a\t truce \n of  three", "a truce of three", id="white space"),
        pytest.param("在 2019 年 3 月", "在2019年3月", id="spaces beside Chinese"),
        pytest.param("ＡＢＣ１２，", "ABC12,", id="wide letters"),
        pytest.param("قُتل ١٢", "قُتل 12", id="digits of another script"),
        pytest.param("up 5 %", "up 5%", id="per cent"),
        pytest.param("the talks -- again", "the talks—again", id="dashes"),
    ],
)
def test_what_printers_choose_makes_no_difference(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("10² metres", "102 metres", id="a raised number"),
        pytest.param("½ of it", "12 of it", id="a fraction"),
        pytest.param("5′ long", "5″ long", id="feet and inches"),
        pytest.param("a “peace” plan", "a peace plan", id="quotes that doubt"),
        pytest.param("they told us", "they told US", id="capitals in a text"),
        pytest.param("it fell to -5", "it fell to 5", id="a minus"),
        pytest.param("their talks", "their talks?", id="a question"),
        pytest.param("아버지가 방에", "아버지 가방에", id="spaces between Korean words"),
        pytest.param("resume", "résumé", id="accents"),
    ],
)
def test_what_a_reader_would_notice_does(one: str, other: str) -> None:
    assert plain(one) != plain(other)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Envoys meet in Doha again", "Envoys Meet in Doha Again", True),
        ("Envoys meet in Doha", "ENVOYS MEET IN DOHA", True),
        ("Envoys tell us of talks", "Envoys tell US of talks", False),
        ("Envoys meet in Doha", "Envoys meet in Doha", False),
        ("Envoys meet in Doha", "Envoys Meet In Kabul", False),
    ],
)
def test_a_headline_in_other_capitals_is_the_same_unless_one_word_alone_is(
    one: str, other: str, expected: bool
) -> None:
    assert is_recased(one, other) is expected


@given(st.text())
def test_any_text_has_a_plain_form_that_is_its_own(text: str) -> None:
    made = plain(text)
    assert made == unicodedata.normalize("NFC", made)
    assert "\n" not in made
    assert "  " not in made
