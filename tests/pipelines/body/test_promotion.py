from __future__ import annotations

from importlib.resources import files

import pytest

from pipelines.body.promotion import LONGEST, is_promotion


@pytest.mark.parametrize(
    "line",
    [
        "Read more: what the envoys want", "READ ALSO", "- Sign up for our morning newsletter",
        ">> Lesen Sie auch: mehr",
        "Abonnez-vous pour lire la suite", "Suscríbete para seguir leyendo", "Leggi anche", "Leia também: a trégua",
        "Lees ook", "Läs mer om förhandlingarna", "Les også: Samtalene går videre", "Lue myös", "Czytaj także: rozmowy",
        "İlginizi çekebilir", "Читайте также: переговоры", "Читайте також", "اقرأ أيضا", "بیشتر بخوانید", "यह भी पढ़ें",
        "Baca juga: perundingan", "関連記事はこちら", "延伸閱讀", "Photo: A. Lima/Wire", "© 2019 The Courier",
        "Comments", "[Share this article]", "Don’t miss our live blog",
    ],
)  # fmt: skip
def test_promotion_is_known_in_many_languages(line: str) -> None:
    assert is_promotion(line)


@pytest.mark.parametrize(
    "line",
    [
        "Readers of the report will find little new in it.", "Shares fell by three per cent on Tuesday.",
        "“Read more books,” the teacher told them.", "Subscribers to the plan pay more.", "The comments were deleted.",
        "Photographers waited outside.", "Watching the talks, diplomats saw no hurry.", "Mehrere Tote nach Unwetter",
        "Signing up took an hour.", "Advertisement revenue fell again.", "Related parties met on Friday.",
        "Kommentare des Ministers sorgten für Ärger.", "Fotos zeigen den Brand.", "",
    ],
)  # fmt: skip
def test_a_sentence_of_an_article_is_none(line: str) -> None:
    assert not is_promotion(line)


def test_a_long_line_has_something_of_its_own_to_say() -> None:
    assert not is_promotion("Read more: " + "x" * LONGEST)


def test_the_list_is_in_order() -> None:
    lines = files("pipelines.body").joinpath("promotions.txt").read_text(encoding="utf-8").splitlines()
    phrases = [line for line in lines if line and not line.startswith("#")]
    begins, whole = phrases[1 : phrases.index("[whole]")], phrases[phrases.index("[whole]") + 1 :]
    for section in (begins, whole):
        assert len(section) > 50
        assert [phrase for phrase in section if section.count(phrase) > 1 or phrase != phrase.strip().lower()] == []
