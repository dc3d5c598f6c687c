from __future__ import annotations

import pytest

from pipelines.body.credits import is_caption, is_credit, is_life


@pytest.mark.parametrize(
    "line",
    [
        "Reporting by Ana Lima; Editing by Jon Berg", "(Additional reporting by Jon Berg in Doha)",
        "With files from the Wire", "—Wire writers Ana Lima and Jon Berg contributed to this report.",
        "mit Material von dpa", "Mit Informationen der Nachrichtenagenturen", "mit dpa", "(APA/sda/dpa)",
        "AFP/ab", "(Reuters)", "a.lima@courier.example", "Die Autorin ist Historikerin.",
        "The writer is a former diplomat.", "Rédigé par Ana Lima",
    ],
)  # fmt: skip
def test_who_reported_is_known(line: str) -> None:
    assert is_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        "Officials contributed to this sense of unease.", "The reporter was asked to leave.", "",
        "The agency Reuters said on Monday that the talks would go on.", "Editing by hand takes longer.",
        "Write to a.lima@courier.example by noon.", "The writers are on strike.",
    ],
)  # fmt: skip
def test_a_sentence_names_nobody_who_reported(line: str) -> None:
    assert not is_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        "The envoys in Doha. Photo: A. Lima", "(Foto: A. Lima/Wire)", "Der Saal, in dem verhandelt wird | A. Lima/dpa",
        "The room © A. Lima", "Jon Berg/AFP/Getty Images", "The empty table. Image credit: The Courier",
        "[사진=연합뉴스]",
    ],
)  # fmt: skip
def test_a_caption_ends_with_who_took_the_picture(line: str) -> None:
    assert is_caption(line)


@pytest.mark.parametrize(
    "line",
    [
        "She captioned the photo: 'What a day!'", "The minister got the picture: nobody would come.",
        "They met at 18:30 and parted at 19:00.", "The court was shown a photograph.", "The and/or question stays.",
        "| AFP | 17 |", "",
    ],
)  # fmt: skip
def test_a_sentence_about_pictures_is_no_caption(line: str) -> None:
    assert not is_caption(line)


def test_a_life_begins_near_the_name() -> None:
    authors = ["Ana Lima"]
    assert is_life("Ana Lima, is the Courier's correspondent.", authors, 60)
    assert is_life("Die Diplomatin Ana Lima ist Autorin mehrerer Bücher.", authors, 60)
    assert not is_life("Ana Lima left the room.", authors, 60)
    assert not is_life(
        "It was noon, and the room was all but empty, when at last Ana Lima is said to have", authors, 20
    )
    assert not is_life("Ana Lima is here.", ["Ana"], 60)
