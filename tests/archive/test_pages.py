"""Pages of a hostile archive in a real browser: they fit a phone, are light or dark, and break none of their rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import PHONE, opened, served, width
from tests.filling import fill

pytestmark = pytest.mark.browser

PAGES = (
    "/", "/search?q=doha", "/search?q=zxcvb+outlet:wire.example", "/article/1", "/article/5", "/article/4/changes",
    "/story/1", "/stories", "/changes", "/news/widest", "/news/to_review", "/news", "/news/candidates",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(fill(tmp_path_factory.mktemp("site"))) as address:
        yield address


def test_pages_fit_a_phone_are_light_or_dark_and_break_no_rule_of_their_own(site: str, browser: Browser) -> None:
    with opened(browser, site, viewport=PHONE, is_mobile=True) as page:
        for path in PAGES:
            page.emulate_media(color_scheme="light")
            page.goto(path)
            assert width(page) <= PHONE["width"], path
            assert page.evaluate("document.styleSheets[0].cssRules.length") > 50
            paper, ink = shades(page)
            assert (paper > 700, ink < 300) == (True, True), path
            page.emulate_media(color_scheme="dark")
            paper, ink = shades(page)
            assert (paper < 150, ink > 550) == (True, True), path


def shades(page: Page) -> list[int]:
    """How light the paper of a page is, and its ink: from 0, black, to 765."""
    told = "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    return [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in page.evaluate(told)]


def test_a_live_blog_shows_its_posts_with_their_times_and_what_the_page_contradicts(
    site: str, browser: Browser
) -> None:
    with opened(browser, site) as page:
        page.goto("/article/4")
        posts = page.locator(".body .post").all_inner_texts()
        assert [re.sub(r"\s+", " ", post).strip() for post in posts] == [
            "3 February 2019, 08:00 UTC First stalls",
            "3 February 2019, 17:00 UTC",
        ]
        expect(page.locator(".captions li")).to_have_count(2)
        expect(page.locator(".claim")).to_have_text("og: Market in Kabul <opens> again")
        expect(page.locator(".note").first).to_contain_text("the document has no end")
