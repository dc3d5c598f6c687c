from __future__ import annotations

import pytest

from crawler.channels.pages.headlines import better, is_headline, sensible


@pytest.mark.parametrize(
    "text",
    [
        "Read more", "READ MORE »", "12 Comments", "Comments (3)", "Weiterlesen …", "Leer más", "Lire la suite →",
        "Подробнее", "اقرأ المزيد", "ادامه مطلب", "続きを読む", "더보기", "और पढ़ें", "1", "»", "3:45", "",
    ],
)  # fmt: skip
def test_a_call_to_click_is_no_title(text: str) -> None:
    assert sensible(text) == ""


@pytest.mark.parametrize(
    "text", ["Read more books, study says", "Camerata Telese!", "Kabul", "2020: a hard year", "和平"]
)
def test_any_other_text_may_be_a_title(text: str) -> None:
    assert sensible(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Envoys meet again in Doha", True),
        ("Arts and Culture", False),
        ("Go to top of page", False),
        ("Go on and see it", False),
        ("Переговоры в Дохе начались снова", True),
        ("阿富汗和平谈判在多哈举行", True),
        ("国际新闻", False),
        ("การเจรจาสันติภาพอัฟกานิสถานเริ่มขึ้นอีกครั้ง", True),
        ("ข่าวต่างประเทศ", False),
        ("နိုင်ငံတကာ", False),
    ],
)
def test_a_headline_is_long_enough_in_its_own_script(text: str, expected: bool) -> None:
    assert is_headline(text) is expected


def test_the_longer_text_is_the_better_title_unless_it_is_a_whole_teaser() -> None:
    assert better("Envoys", "Envoys meet") == "Envoys meet"
    assert better("Envoys meet", "Envoys meet " + "and spoke " * 30) == "Envoys meet"
    assert better("", "word " * 60) == "word " * 60
