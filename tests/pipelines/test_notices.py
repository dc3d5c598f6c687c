from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.notices import ENTRIES, KINDS, LONGEST, QUOTED, notice_in

LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "tr", "ru", "uk", "el", "ar", "fa",
    "he", "hi", "id", "vi", "zh", "ja", "ko",
)  # fmt: skip
PROSE = "The envoys met again on Tuesday, and both sides said that the talks would go on in the autumn. "


class Shown(NamedTuple):
    """A page as a reader sees it, the kind of notice that it is, and its language."""

    kind: str
    language: str
    title: str
    text: str


def shown_pages() -> list[Shown]:
    lines = Path(__file__).with_name("notice_pages.txt").read_text("utf-8").splitlines()
    found = []
    for line in lines:
        if not line.startswith("#"):
            kind, language, *titles, text = line.split(" | ")
            found.append(Shown(kind, language, " | ".join(titles), text.replace("¶", "\n")))
    return found


@pytest.mark.parametrize("page", shown_pages(), ids=lambda page: f"{page.kind} {page.language}")
def test_a_notice_is_known_in_the_languages_of_newspapers(page: Shown) -> None:
    notice = notice_in(page.title, page.text)
    assert notice is not None
    assert notice.kind.name == page.kind


def test_every_kind_has_phrases_and_an_example_in_every_language() -> None:
    examples = {(page.kind, page.language) for page in shown_pages()}
    for kind in KINDS:
        assert {entry.language for entry in ENTRIES[kind.name]} >= set(LANGUAGES), kind.name
        assert [language for language in LANGUAGES if (kind.name, language) not in examples] == [], kind.name


@pytest.mark.parametrize(
    "title",
    [
        "404", "Error 404", "404 Not Found", "Not found", "Page not found", "Sorry, this page can’t be found",
        "The article you requested no longer exists", "Page not found (404) | The Harbour Gazette",
        "404 - Page not found", "Oops! That page can't be found.", "The Harbour Gazette: Page not found",
        "The Harbour Gazette » Page not found", "Η ΣΕΛΙΔΑ ΔΕΝ ΒΡΕΘΗΚΕ", "SAYFA BULUNAMADI", "Page non trouvee",
        "صفحه‌ای که می‌خواهید یافت نشد", "صفحة غير موجودة",
    ],
)  # fmt: skip
def test_a_page_that_is_not_there_says_so_in_its_title_alone(title: str) -> None:
    notice = notice_in(title, "Try the search, or go to our front page.")
    assert notice is not None
    assert "soft 404" in notice.rejection.reason


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Missing hikers not found after a week", PROSE),
        ("Weapons not found, inspectors say", PROSE),
        ("Route 404 reopens", PROSE),
        ("404 – how a number became a joke", PROSE),
        ("Page not found: how a library burnt", PROSE * 7),
        ("Page not found: how a library burnt", PROSE),
        ("Envoys resume talks", "The statue was removed from the square on Sunday, two years after the vote."),
        ("Envoys resume talks", PROSE * 7 + "This article has been removed."),
        ("Minister deletes post", "The minister called the strike illegal. The post was deleted within an hour."),
        ("Paper apologises", "The paper said sorry on Monday. “This article has been removed,” it told its readers."),
        ("Law asks sites to enable JavaScript for all", PROSE),
        ("Sites down for hours", "Two banks could not be reached on Friday. The site is down, one wrote at noon."),
        ("Accept all cookies, said the law", f"Banners must go, the court ruled. {PROSE}“Accept all” is no consent."),
        ("We value your privacy", f"{PROSE}“We and our partners use cookies,” say the banners.\nAccept all"),
        ("Login data stolen", "Hackers took the passwords of 2,000 readers. Customers must log in again, a bank said."),
        ("Are you a robot?", PROSE * 2),
        ("Just a moment", f"She paused before she spoke. {PROSE}"),
        ("Video vanishes", f"This video is not available in your country.\nIt showed a raid on the port. {PROSE}"),
        ("Talks resume", f"{PROSE}\nSubscribe to continue reading."),
        ("Brückensperrung", "Wegen Wartungsarbeiten ist die Brücke am Montag gesperrt. Der Verkehr wird umgeleitet."),
        ("Suche geht weiter", "Der gesuchte Mann wurde am Montag nicht gefunden, teilte die Polizei am Abend mit."),
        ("Gelöschter Beitrag", "Der Beitrag wurde nach einer Stunde gelöscht. Der Minister bat um Entschuldigung."),
        ("Störung bei der Bahn", "Ein technischer Fehler legte die Stellwerke lahm. Fahrgäste warteten lange."),
        ("Le Sénat supprime l'article 7", "Cet article a été supprimé par 180 voix contre 40, après un long débat."),
        ("Cookies : une amende", "La Cnil a infligé une amende au site. « Nous utilisons des cookies », disait-il."),
        ("Borran un mensaje", "El ministro borró el mensaje. La página de Facebook no existe desde hace dos años."),
        ("Rimosso il direttore", "Il direttore del museo è stato rimosso lunedì. La nomina spetta ora al ministro."),
        ("Página 12 não existe", "O processo tem falhas, disse o juiz. A página 12 nunca foi juntada aos autos."),
        ("Saken er trukket", "Påtalemyndigheten trakk saken mandag. Saken er trukket, bekrefter advokaten."),
        ("Storing op het spoor", "Er is een storing bij het spoor. Reizigers moeten rekening houden met vertraging."),
        ("Trwa liczenie", "Trwa weryfikacja wyników w dwóch okręgach. Komisja poda je we wtorek rano w stolicy."),
        ("Ошибка в расчётах", "Произошла ошибка в расчётах за тепло, сообщила мэрия. Жителям вернут деньги в марте."),
        ("Сайт мэрии", "Сайт мэрии временно недоступен, сообщили в пресс-службе. Работы идут до вечера пятницы."),
        ("Η σελίδα του δήμου", "Η σελίδα έχει δέκα χιλιάδες ακόλουθους. Ο δήμαρχος την άνοιξε πριν από έναν χρόνο."),
        ("Mesaj silindi", "Bakan mesajı bir saat sonra sildi. Haber ajansları kararı akşam saatlerinde duyurdu."),
        ("حذف تغريدة", "حذف الوزير تغريدته بعد ساعة. وقالت الوزارة إن الرسالة لم تكن دقيقة وإنها تعتذر عنها."),
        ("两千密码被盗", "警方周二通报，黑客盗取了两千名读者的密码。银行要求客户重新登录并更改密码。"),
        ("不審なアクセス", "不審なアクセスが相次ぎ、市は火曜日に窓口を閉じた。約二千人の情報が漏れた恐れがある。"),
        ("가짜 페이지", "경찰은 화요일 가짜 은행 페이지를 찾아냈다고 밝혔다. 피해자는 이천 명에 이른다."),
        ("", ""),
    ],
    ids=lambda text: text[:24],
)  # fmt: skip
def test_a_short_article_is_no_notice(title: str, text: str) -> None:
    assert notice_in(title, text) is None


def test_an_article_about_notices_in_all_languages_is_none() -> None:
    """A line of news beside what a notice says makes it news: two sentences of it are enough."""
    for page in shown_pages():
        if page.kind in {"outage", "login", "paywall", "script", "region", "consent"}:
            assert notice_in("Talks go on", f"{PROSE * 2}\n{page.text}") is None, page


def test_what_becomes_of_a_page_is_its_kinds() -> None:
    states = {kind.name: (kind.state, kind.retry) for kind in KINDS}
    assert states == {
        "robot": ("refused", False), "region": ("refused", False), "consent": ("refused", False),
        "login": ("refused", False), "paywall": ("refused", False), "outage": ("failed", True),
        "removed": ("not-an-article", False), "missing": ("not-an-article", False), "script": ("not-an-article", False),
    }  # fmt: skip
    notice = notice_in("Site maintenance", "We'll be back soon.")
    assert notice is not None
    assert (notice.rejection.state, notice.rejection.retry) == ("failed", True)


def test_the_words_of_a_removal_are_its_reason_clean_and_cut() -> None:
    words = "This article has been\u202e removed.  We found errors in it" + ", and more errors" * 12 + "."
    notice = notice_in("Envoys resume talks", f"Home\n{words}")
    assert notice is not None
    reason = notice.rejection.reason
    assert reason.startswith("a notice that it was removed: This article has been removed. We found errors in it, and")
    assert reason.endswith("…")
    assert len(reason) < QUOTED + 60


def test_a_login_is_known_by_its_title_and_a_field_for_the_password() -> None:
    text = (
        "Welcome back to the Harbour Gazette, dear reader.\nIt takes a minute, and it costs you nothing to join us.\n"
    )
    assert notice_in("Log in", text) is None
    assert notice_in("Log in", text, asks_password=True) is not None
    assert notice_in("Envoys resume talks", text, asks_password=True) is None


def test_a_page_that_says_it_twice_may_list_other_articles() -> None:
    teasers = "\n".join(f"Headline {number}: the harbour is to grow by another pier" for number in range(20))
    assert notice_in("Page not found", f"{teasers}") is None
    assert notice_in("Page not found", f"We couldn't find the page you were looking for.\n{teasers}") is not None


def test_a_long_text_is_no_notice_whatever_it_says() -> None:
    assert notice_in("404", "x " * LONGEST) is None


@given(st.text(max_size=300), st.text(max_size=1_000))
def test_any_text_is_judged(title: str, text: str) -> None:
    notice = notice_in(title, text)
    assert notice is None or notice.rejection.reason


@pytest.mark.parametrize(
    "piece", ["this page ", "we and our ", "sorry, ", "404 ", "!", "a\n", "页面", "die seite, die sie "]
)
def test_work_is_in_proportion_to_the_text(piece: str) -> None:
    for text in (piece * (LONGEST // len(piece)), piece * 29):
        notice_in(text, text)
