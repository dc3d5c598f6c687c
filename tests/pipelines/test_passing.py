from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.passing import kind_of, without_moments, without_passing
from pipelines.typography import plain

AGO = """
2 hours ago|an hour ago|1 hour 5 minutes ago|just now|Updated 2 hours ago|vor 2 Stunden|Vor einer Stunde|vor 5 Min.
il y a 3 heures|à l'instant|hace 5 minutos|hace un momento|2 ore fa|há 2 horas|2 horas atrás|2 uur geleden|fa 2 hores
för 2 timmar sedan|for 2 timer siden|2 tuntia sitten|2 godz. temu|przed chwilą|před 3 hodinami|pred 2 hodinami
2 órája|acum 2 ore|преди 2 часа|пре 2 сата|2 години тому|2 часа назад|час назад|πριν από 2 ώρες|2 saat önce
منذ 3 ساعات|قبل ساعتين|۲ ساعت پیش|2 گھنٹے پہلے|לפני 2 שעות|२ घंटे पहले|২ ঘণ্টা আগে|2 jam yang lalu|2 giờ trước
2 ชั่วโมงที่แล้ว|3小时前|刚刚|3時間前|2시간 전|방금|2 weeks ago|vor 3 Tagen
"""
STAMPS = """
Updated: 12 March 2019, 14:05 GMT|Last updated on Tuesday at 5pm ET|Stand: 12. März 2019, 14:05 Uhr
Mis à jour le 12 mars 2019 à 14h05|Actualizado a las 14:05 h|Aggiornato il 12 marzo 2019 alle 14:05
Atualizado em 12/03/2019 às 14h05|Обновлено 12 марта 2019 в 14:05|Son güncelleme: 12 Mart 2019 14:05
آخر تحديث: 12 مارس 2019|更新：2019年3月12日 14:05|最終更新 2019年3月12日(火) 14時05分|입력 2019.03.12 14:05
This article was last updated on 12 March 2019 at 14:05|Updated today
"""
COUNTERS = """
12 comments|Comments (12)|1,204 shares|1.2K views|3 min read|3-minute read|Reading time: 4 minutes|Photo 3 of 12
No comments yet|12 Kommentare|Lesezeit: 3 Minuten|12 commentaires|Temps de lecture : 3 min|3 comentarios|12 commenti
12 reacties|12 комментариев|12 yorum|12 تعليق|12条评论|コメント 12件|댓글 12
"""
NEWS = """
12 people died|Updated: 12 dead|Updated: Police now say 14 people died|Published: 1984|12 March 2019|14:05|12 votes
He left 2 hours ago|1 comment from the minister|Posted at the gates on Monday at 9:00 was a list|Two killed|Doha
The talks resumed two hours ago.|Stand by: 12|12|Monday|vor 2 Stunden starb er|3小时前往|5 readers
"""


def cases(text: str) -> list[str]:
    return [part for line in text.split("\n") for part in line.split("|") if part]


@pytest.mark.parametrize("line", [one for one in cases(AGO) if one != "2 órája"])
def test_how_long_ago_something_was_passes(line: str) -> None:
    assert kind_of(line) == "relative time"


@pytest.mark.parametrize("line", cases(STAMPS))
def test_stamps_of_changes_pass(line: str) -> None:
    assert kind_of(line) == "stamp"


@pytest.mark.parametrize("line", cases(COUNTERS))
def test_counters_of_readers_pass(line: str) -> None:
    assert kind_of(line) == "counter"


@pytest.mark.parametrize("line", cases(NEWS))
def test_what_may_be_news_does_not(line: str) -> None:
    assert kind_of(line) is None


def test_a_line_is_left_with_the_parts_that_say_something() -> None:
    assert without_passing("By Mina Rahimi · 2 hours ago | 3 min read") == (
        "By Mina Rahimi", {"relative time", "counter"}
    )  # fmt: skip
    assert without_passing("12 comments | 14 shares") == ("", {"counter"})
    assert without_passing("| 12 comments | 14 shares |") == ("| 12 comments | 14 shares |", set())
    told = "The last talks were in May - 15 weeks ago - when both sides left early."
    assert without_passing(told) == (told, set())
    assert without_passing("The talks - the fifth - ended") == ("The talks - the fifth - ended", set())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("He spoke 2 hours ago, in Doha.", "He spoke ⟨ago⟩, in Doha."),
        ("Er sprach vor 2 Stunden in Köln.", "Er sprach ⟨ago⟩ in Köln."),
        ("Elle a parlé il y a 3 heures à Genève.", "Elle a parlé ⟨ago⟩ à Genève."),
        ("3小时前,他说话了。", "⟨ago⟩,他说话了。"),
        ("He died 2 days ago.", "He died 2 days ago."),
        ("It lasts 30分前後です", "It lasts 30分前後です"),
        ("The 12 hours ago.", "The ⟨ago⟩."),
        ("He spoke two hours ago.", "He spoke two hours ago."),
    ],
)
def test_only_moments_pass_within_a_sentence(line: str, expected: str) -> None:
    assert without_moments(plain(line)) == plain(expected)


@given(st.text(max_size=200))
def test_any_line_can_be_asked(line: str) -> None:
    left, kinds = without_passing(line)
    assert kinds or left == line
    without_moments(line)
    kind_of(line)


@pytest.mark.parametrize("line", ["1 " * 900, "1," * 900, "vor " * 400, "a " * 900, "updated " * 200, "ä1 h " * 300])
def test_lines_that_are_made_to_take_long_do_not(line: str) -> None:
    assert without_moments(line) == line
    assert kind_of(line) is None
    assert kind_of(line[:80]) is None
