from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.cells import LONGEST, guarded, is_harmless

FORMULA = "=1+1"
SEPARATORS = ",;|\t\r\n"


def begins_formula(cell: str) -> bool:
    """As a spreadsheet may look at a cell: spaces and invisible characters gone, wide forms folded."""
    seen = [
        char for char in cell if char != '"' and unicodedata.category(char) not in {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"}
    ]
    return unicodedata.normalize("NFKC", "".join(seen))[:1] in set("=+-@")


@pytest.mark.parametrize(
    "text",
    [
        FORMULA, "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\n=1", "\r\n=1", "\x00=1", "\x0b=1", "\xa0=1", "\u3000=1",
        "\u200b=1", "\ufeff=1", "\u202e=1", "\u2028=1", "＝1", "＋1", "－1", "＠SUM(A1)", "\u3000＝1", "﹦1", "﹣1",
        "⁺1", "−1", '"=1', ' " =1', "\ufe0f=1", "a;=1", "a, =1", "a|=1", "a\n=1", "a\t\t=1", 'a","=1', "a;\u200b＝1",
    ],
)  # fmt: skip
def test_no_cell_of_any_locale_begins_a_formula(text: str) -> None:
    cell = guarded(text)
    parts = [cell]
    for separator in SEPARATORS:
        parts = [piece for part in parts for piece in part.split(separator)]
    assert not any(begins_formula(part) for part in [cell, *parts])


@pytest.mark.parametrize(
    "text", ["Talks resume", "a - b", "5-4", "Kabul (AP) – three hurt", "x@y.example", "", "1 + 1 = 2"]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@given(st.text(st.sampled_from("=+-@＝−;,|\"'\t\n\r \u200b\u3000\x00ab1"), max_size=30))
def test_guarding_holds_for_every_mixture(text: str) -> None:
    cell = guarded(text)
    parts = [cell]
    for separator in SEPARATORS:
        parts = [piece for part in parts for piece in part.split(separator)]
    assert not any(begins_formula(part) for part in parts)
    assert guarded(cell) == cell


@given(st.text(max_size=80))
def test_nothing_but_apostrophes_is_added(text: str) -> None:
    def bare(one: str) -> str:
        return "".join(char for char in one if char != "'" and unicodedata.category(char) != "Cc" and char != " ")

    assert bare(guarded(text)) == bare(text)


def test_a_long_text_is_cut_where_a_cell_ends() -> None:
    assert len(guarded("=" + "x" * 2 * LONGEST)) == LONGEST


RUNS = {"ends": "\n" * 300_000, "spaces": " " * 300_000 + "x", "starts": "\n =" * 100_000, "words": "a " * 150_000}


@pytest.mark.parametrize("text", RUNS.values(), ids=RUNS.keys())
def test_hostile_runs_are_read_once(text: str) -> None:
    # Quadratic backtracking over these would take hours, and the suite's time-out would say so.
    assert len(guarded(text)) <= LONGEST


@given(st.lists(st.text(st.sampled_from("=+-@＝−;,|\"'\t\n\r \u200b\u3000\x00ab1"), max_size=6), max_size=5))
def test_texts_that_are_harmless_together_are_so_each(texts: list[str]) -> None:
    if is_harmless(";".join(texts)):
        assert [guarded(text) for text in texts] == texts


def test_ordinary_texts_are_harmless_and_others_are_not() -> None:
    assert is_harmless("Talks resume;Kabul (AP) – three hurt;x@y.example;2019-03-12T09:30:00Z")
    assert not any(is_harmless(text) for text in ("a;=1", "-1", "a\x00b", "a" * (LONGEST + 1)))
