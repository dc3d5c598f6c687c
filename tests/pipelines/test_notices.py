from __future__ import annotations

import pytest

from pipelines.notices import SHORT, asks_consent, notice_in

PROSE = "The envoys met again on Tuesday, and both sides said that the talks would go on in the autumn. "


@pytest.mark.parametrize(
    "title",
    [
        "404", "Error 404", "404 Not Found", "Not found", "Page not found", "Sorry, this page can’t be found",
        "The article you requested no longer exists", "This story is no longer available", "Seite nicht gefunden",
        "Page introuvable", "Página no encontrada", "Pagina non trovata", "Página não encontrada",
        "Sayfa bulunamadı", "Страница не найдена", "الصفحة غير موجودة", "صفحه مورد نظر یافت نشد", "页面不存在",
    ],
)  # fmt: skip
def test_a_page_that_is_not_there_says_so_in_its_title(title: str) -> None:
    assert "soft 404" in notice_in(title, "Try the search, or go to our front page.")


@pytest.mark.parametrize(
    "text",
    [
        "This article has been removed.", "This story, first published in May, was withdrawn by the agency.",
        "The page you are looking for has been removed.", "Dieser Artikel ist leider nicht mehr verfügbar.",
        "Cet article n’est plus disponible.", "Este artículo ya no está disponible.", "Эта статья была удалена.",
    ],
)  # fmt: skip
def test_a_removal_says_so_in_its_text(text: str) -> None:
    assert "removed" in notice_in("Envoys resume talks", text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Missing hikers not found after a week", PROSE),
        ("Weapons not found, inspectors say", PROSE),
        ("Route 404 reopens", PROSE),
        ("Envoys resume talks", "The statue was removed from the square on Sunday, two years after the vote."),
        ("Page not found: how a library burnt", PROSE * (SHORT // len(PROSE) + 1)),
        ("Envoys resume talks", PROSE * 7 + "This article has been removed."),
        ("Law asks sites to enable JavaScript for all", PROSE),
    ],
    ids=["hikers", "weapons", "route", "statue", "long enough", "deep in the text", "JavaScript"],
)
def test_a_short_article_is_no_notice(title: str, text: str) -> None:
    assert notice_in(title, text) == ""


def test_a_shell_asks_for_scripts() -> None:
    assert "scripts" in notice_in("News", "You need to enable JavaScript to run this app.")


def test_a_page_that_wants_consent_says_more_than_one_word_of_it() -> None:
    assert asks_consent("We and our 812 partners store data. Accept all. Manage choices.")
    assert not asks_consent(f"{PROSE} Cookie policy")
    assert not asks_consent("We and our 812 partners. Accept all." + PROSE * 20)
