from __future__ import annotations

import re

import pytest

from pipelines.notices import ENTRIES, KINDS
from pipelines.phrasebook import Entry, Phrasebook, folded, sections_of


def rest(phrase: str, sentence: str) -> int | None:
    """How far a sentence goes on after a phrase; None where it is another."""
    return Phrasebook({"kind": [Entry("en", phrase)]}).kinds_of(folded(sentence)).get("kind")


@pytest.mark.parametrize(
    ("phrase", "sentence", "expected"),
    [
        ("page not found", "Page Not Found", 0),
        ("page not found", "page not found in time", None),
        ("page not found …", "page not found in time", 8),
        ("page not found …", "page not founded", None),
        ("page … missing", "page is missing", 0),
        ("page … missing", "pages missing", None),
        ("page … missing", "page " + "x" * 90 + " missing", None),
        ("kumppani… ovat", "kumppanimme ovat", 0),
        ("(this/the) page (is /)gone", "the page gone", 0),
        ("(this/the) page (is /)gone", "This page is gone", 0),
        ("(this/the) page (is /)gone", "a page is gone", None),
        ("página não encontrada", "PAGINA NAO ENCONTRADA", 0),
        ("kaldırıldı", "KALDIRILDI", 0),
        ("нет такой ещё", "НЕТ ТАКОЙ ЕЩЕ", 0),
        ("η σελίδα", "Η ΣΕΛΙΔΑ", 0),
        ("صفحه ای", "صفحه‌ای", 0),
        ("cet article n'est plus", "Cet article n’est plus", 0),
        ("ページ…ません", "ページが見つかりません", 0),
        ("你", "你", 0),
    ],
)
def test_a_phrase_is_compared_with_whole_sentences(phrase: str, sentence: str, expected: int | None) -> None:
    assert rest(phrase, sentence) == expected


def test_sections_and_languages_are_read() -> None:
    assert sections_of("# a remark\n[missing]\nen: page not found\n\n[missing title]\nde: fehler\n") == {
        "missing": [Entry("en", "page not found")],
        "missing title": [Entry("de", "fehler")],
    }


@pytest.mark.parametrize("line", ["page not found", "EN: page", "[Missing]", "en:page"])
def test_a_line_that_is_no_entry_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        sections_of(f"[missing]\n{line}")


def test_the_sections_of_notices_are_those_of_its_kinds() -> None:
    parts = ("", " title", " words", " address", " host")
    assert set(ENTRIES) <= {"openers"} | {f"{kind.name}{part}" for kind in KINDS for part in parts}


@pytest.mark.parametrize("section", sorted(ENTRIES))
def test_the_phrases_of_notices_are_in_order(section: str) -> None:
    entries = ENTRIES[section]
    assert [entry for entry in entries if entries.count(entry) > 1] == []
    for _, phrase in entries:
        assert phrase == phrase.strip().lower().replace("İ", "i"), phrase
        assert "  " not in phrase, phrase
        assert all("/" in choice for choice in re.findall(r"\(([^()]*)\)", phrase)), phrase
        bare = re.sub(r"\([^()]*\)", "", phrase)
        assert not set("()/|") & set(bare), phrase
        gaps = re.sub(r"\([^()]*\)", lambda choice: "…" if "…" in choice[0] else "", phrase)
        assert gaps.rstrip(" …").count("…") <= 2, phrase
        assert not phrase.startswith("…"), phrase
