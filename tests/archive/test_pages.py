"""Pages of a hostile archive in a real browser: they fit a phone, are light or dark, and break none of their rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import PHONE, opened, served, width
from tests.filling import fill

pytestmark = pytest.mark.browser

PAGES = (
    "/", "/search?q=doha", "/search?q=zxcvb+outlet:wire.example", "/article/1", "/article/5", "/article/4/changes",
    "/story/1", "/news/widest", "/news/to_review", "/news", "/news/candidates",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(fill(tmp_path_factory.mktemp("site"))) as address:
        yield address


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone_is_light_or_dark_and_breaks_no_rule_of_its_own(
    site: str, browser: Browser, path: str
) -> None:
    shades = {}
    with opened(browser, site, viewport=PHONE, is_mobile=True) as page:
        page.goto(path)
        assert width(page) <= PHONE["width"]
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 50
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            colours = page.evaluate(
                "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
            )
            paper, ink = (sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours)
            assert abs(paper - ink) > 400
            shades[scheme] = paper
    assert shades["light"] > 700
    assert shades["dark"] < 150


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
