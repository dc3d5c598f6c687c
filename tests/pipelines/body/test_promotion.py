from __future__ import annotations

import unicodedata
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.body.lines import Surroundings, own_lines
from pipelines.body.promotion import PHRASES, Phrases, folded, read_phrases


@pytest.mark.parametrize(
    "line",
    [
        "Read more: what the envoys want", "READ ALSO", "- Sign up for our morning newsletter", "[Read more]",
        ">> Lesen Sie auch: mehr", "(Foto: A. Lima)",
        "Abonnez-vous pour lire la suite", "Suscríbete para seguir leyendo", "Leggi anche", "Leia também: a trégua",
        "Lees ook", "Läs mer om förhandlingarna", "Les også: Samtalene går videre", "Lue myös", "Czytaj także: rozmowy",
        "İlginizi çekebilir", "Читайте также: переговоры", "Читайте також", "اقرأ أيضا", "بیشتر بخوانید", "यह भी पढ़ें",
        "Baca juga: perundingan", "関連記事はこちら", "延伸閱讀", "Photo: A. Lima/Wire", "© 2019 The Courier",
        "Comments", "[Share this article]", "Don’t miss our live blog", "4 min read", "17 Comments",
        "The Courier's politics desk writes every morning. Sign up for our briefing here.",
        "The Courier has a channel of its own: folgen Sie uns auf allen Wegen.", "Follow the Courier on Instagram",
        "Folgst du dem Courier schon auf WhatsApp?", "Obserwuj Kurier na Facebooku i Twitter",
        "速報は無料の会員登録でお届けします", "čtěte také: jednání", "διαβάστε επίσης", "Taip pat skaitykite: derybos",
    ],
)  # fmt: skip
def test_promotion_is_known_in_many_languages(line: str) -> None:
    assert PHRASES.found(line)


@pytest.mark.parametrize(
    "line",
    [
        "Readers of the report will find little new in it.", "Shares fell by three per cent on Tuesday.",
        "“Read more books,” the teacher told them.", "Subscribers to the plan pay more.", "The comments were deleted.",
        "Photographers waited outside.", "Watching the talks, diplomats saw no hurry.", "Mehrere Tote nach Unwetter",
        "Signing up took an hour.", "Advertisement revenue fell again.", "Related parties met on Friday.",
        "Kommentare des Ministers sorgten für Ärger.", "Fotos zeigen den Brand.", "",
        "Follow the money, the prosecutor said.", "The talks end on Friday, with more to follow in May.",
        "The minister posted it on Facebook.",
    ],
)  # fmt: skip
def test_a_sentence_of_an_article_is_none(line: str) -> None:
    assert PHRASES.found(line) is None


def test_a_phrase_counts_where_it_stands() -> None:
    phrases = Phrases(
        {"begins": ["see"], "holds": ["our list"], "whole": ["0 notes!"], "follows": ["go"], "networks": ["net"]}
    )
    found = [
        phrases.found(line) for line in ("See it", "I see", "It is our list.", "12 Notes", "12 Notes on it", "Go!")
    ]
    assert found == [("begins", "see"), None, ("holds", "our list"), ("whole", "0 notes!"), None, None]
    assert phrases.found("Go to the Net") == ("follows", "go")
    assert phrases.found("It is our lists") is phrases.found("Our own list") is None


def test_a_long_line_has_something_of_its_own_to_say() -> None:
    line = "Read more: " + "x" * 400
    assert own_lines([line, "The envoys met."], Surroundings()) == [line, "The envoys met."]


def test_the_list_is_in_order() -> None:
    sections = read_phrases(files("pipelines.body").joinpath("promotions.txt").read_text(encoding="utf-8"))
    for section, phrases in sections.items():
        assert len(phrases) > 15, section
        assert [one for one in phrases if phrases.count(one) > 1 or one != folded(one).strip()] == []
        assert [one for one in phrases if one != unicodedata.normalize("NFC", one)] == []
        assert all(PHRASES.found(phrase) for phrase in phrases if section in {"begins", "holds", "whole"})


@given(st.text(max_size=80))
def test_any_line_is_judged(line: str) -> None:
    found = PHRASES.found(line)
    assert found is None or found[1] in PHRASES.sections[found[0]]
