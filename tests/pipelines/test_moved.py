from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.moved import kind_of_address, leads_to_list
from pipelines.urls import canonical

SLUG = "envoys-resume-talks-after-two-years"


def moved(asked: str, answered: str) -> bool:
    return leads_to_list([canonical(f"https://a.example{asked}")], canonical(f"https://a.example{answered}"))


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (f"/politics/{SLUG}", "/"),
        (f"/politics/{SLUG}", "/index.html"),
        (f"/politics/{SLUG}", "/home"),
        (f"/politics/{SLUG}", "/archive"),
        (f"/en/politics/{SLUG}", "/en/"),
        (f"/politics/{SLUG}", "/de"),
        (f"/politics/{SLUG}", "/politics"),
        (f"/politics/{SLUG}", "/politics/index.html"),
        (f"/world/middle-east/{SLUG}.html", "/world/middle-east/"),
        (f"/world/middle-east/{SLUG}.html", "/world"),
        ("/politics/article-12345678", "/politics"),
        ("/politics/12345678", "/politics/"),
        (f"/2026/01/29/{SLUG}", "/2026/01/29/"),
        (f"/2026/01/{SLUG}", "/2026/"),
        (f"/politics/{SLUG}", "/?utm_source=x"),
    ],
)  # fmt: skip
def test_a_front_page_a_list_or_the_own_folder_is_no_article(asked: str, answered: str) -> None:
    assert moved(asked, answered)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (f"/politics/{SLUG}", f"/politics/{SLUG}/"),
        (f"/politics/{SLUG}", f"/world/{SLUG}"),
        (f"/{SLUG}/amp", f"/{SLUG}"),
        ("/envoys-talks/amp", "/envoys-talks"),
        ("/envoys-talks/print", "/envoys-talks"),
        ("/envoys-talks/2", "/envoys-talks"),
        ("/envoys-talks/page/2", "/envoys-talks"),
        ("/envoys-resume-talks/1234567", "/envoys-resume-talks"),
        (f"/article/1234567/{SLUG}", "/article/1234567"),
        (f"/politics/{SLUG}", "/sports"),
        (f"/politics/{SLUG}", "/politics?id=1234567"),
        (f"/politics/{SLUG}", "/?p=1234567"),
        ("/", "/"),
        ("/?p=1234567", "/"),
        ("/politics", "/politics/"),
        ("/short/abc", f"/politics/{SLUG}"),
    ],
)
def test_an_articles_own_address_is_none(asked: str, answered: str) -> None:
    assert not moved(asked, answered)


def test_no_redirect_leads_nowhere() -> None:
    assert not leads_to_list([], "https://a.example/")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example/login?next=/story", "login"),
        ("https://a.example/user/anmelden", "login"),
        ("https://a.example/404.html", "missing"),
        ("https://a.example/errors/page_not_found.aspx", "missing"),
        ("https://a.example/maintenance/index.html", "outage"),
        ("https://a.example/captcha", "robot"),
        ("https://a.example/eu-blocked", "region"),
        ("https://a.example/subscribe", "paywall"),
        ("https://a.example/cookie-consent", "consent"),
        ("https://a.example/2026/01/29/error", None),
        ("https://a.example/politics/login-data-stolen-from-bank", None),
        ("https://a.example/", None),
    ],
)
def test_a_page_is_known_by_its_name_after_a_redirect(url: str, name: str | None) -> None:
    kind = kind_of_address(url, is_moved=True)
    assert (kind.name if kind else None) == name
    assert kind_of_address(url, is_moved=False) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://consent.a.example/x", "consent"),
        ("https://myprivacy.a.example/x", "consent"),
        ("https://login.a.example/x", "login"),
        ("https://www.a.example/x", None),
        ("https://consent.com/story", None),
    ],
)
def test_a_host_that_serves_nothing_else_is_known_by_its_name(url: str, name: str | None) -> None:
    kind = kind_of_address(url, is_moved=False)
    assert (kind.name if kind else None) == name


@given(st.lists(st.text(max_size=40), max_size=3), st.text(max_size=60))
def test_any_addresses_are_judged(asked: list[str], answered: str) -> None:
    urls = [f"https://a.example/{path}" for path in asked]
    leads_to_list(urls, f"https://a.example/{answered}")
    kind_of_address(f"https://a.example/{answered}", is_moved=True)
