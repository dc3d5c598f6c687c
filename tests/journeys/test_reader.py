"""A reader in a real browser before the archive of the demo: searching, reading, keys, phones, the dark, no scripts."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import DESK, PHONE, barriers, opened, served, width

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(demo_data: Path) -> Iterator[str]:
    with served(demo_data) as address:
        yield address


def one(data: Path, query: str) -> str:
    """The one value that a query of the archive finds."""
    with closing(sqlite3.connect(f"file:{data / 'news.db'}?mode=ro", uri=True)) as db:
        return str(db.execute(query).fetchone()[0])


CHANGED = "SELECT article_id FROM versions ORDER BY 1 LIMIT 1"
CARRIED = "SELECT id FROM stories ORDER BY size DESC, id LIMIT 1"
PROLIFIC = "SELECT byline FROM articles WHERE byline != '' GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1"
LARGEST = "SELECT domain FROM articles JOIN outlets AS o ON o.id = outlet_id GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT 1"
COPY = f"SELECT MAX(id) FROM articles WHERE story_id = ({CARRIED})"

PAGES = {
    "search": (
        "/", "/search", "/search?q=ceasefire", "/search?q=talks+outlet:{outlet}&order=oldest&copies=all",
        "/search?q=zxcvb",
    ),
    "reading": (
        "/article/{changed}", "/article/{changed}?marked=1", "/article/{changed}/changes", "/article/{changed}/kept",
        "/story/{story}", "/story/{story}/changes?article={copy}", "/stories", "/changes", "/article",
    ),
    "places": (
        "/outlet/{outlet}", "/author/{author}", "/month/2019-01", "/topic/us-taliban-peace-talks", "/overview",
        "/about",
    ),
    "data": (
        "/news", "/news/articles?_size=10", "/news/articles/1", "/news/widest", "/news/to_review",
        "/news/sources?_size=10", "/news/rejected",
    ),
}  # fmt: skip
CHIEF = {"/", "/search?q=ceasefire", "/article/{changed}", "/story/{story}", "/overview", "/news/articles?_size=10"}


@pytest.fixture(scope="module")
def named(demo_data: Path) -> dict[str, str]:
    """What the addresses above name."""
    names = {"changed": CHANGED, "story": CARRIED, "author": PROLIFIC, "outlet": LARGEST, "copy": COPY}
    return {name: quote(one(demo_data, query), safe="") for name, query in names.items()}


def found(page: Page) -> int:
    """How many articles a search says that it found."""
    told = re.search(r"[\d,]+", page.locator(".answer h1").inner_text())
    assert told
    return int(told[0].replace(",", ""))


def choice(page: Page) -> tuple[Locator, int]:
    """The first choice of the first menu from which nothing is chosen, and how many articles it promises."""
    item = page.locator(".facet:not(:has(.selected)) li").first
    count = re.search(r"[\d,]+\s*$", item.inner_text())
    assert count
    return item.locator("a"), int(count[0].replace(",", ""))


def typed(page: Page, words: str) -> None:
    """Search from where the reader is, by the keyboard."""
    box = page.locator("main input[type=search]")
    box.fill(words)
    box.press("Enter")
    page.wait_for_url("**/search?**")


def test_a_search_is_typed_narrowed_twice_and_widened_again(site: str, browser: Browser) -> None:
    with opened(browser, site) as page:
        page.goto("/")
        typed(page, "talks")
        everything = found(page)
        assert everything > 20
        for chosen in (1, 2):
            link, promised = choice(page)
            link.click()
            expect(page.locator(".chips a.chip")).to_have_count(chosen)
            assert found(page) == promised <= everything
        expect(page.locator("main input[type=search]")).to_have_value(re.compile(r"^talks \w+:\S+ \w+:\S+$"))
        page.locator(".chips a.chip").first.click()
        expect(page.locator(".chips a.chip")).to_have_count(1)
        assert promised <= found(page) <= everything
        page.go_back()
        expect(page.locator(".chips a.chip")).to_have_count(2)


def test_an_article_is_opened_and_leads_to_its_changes_and_to_its_story(
    site: str, browser: Browser, named: dict[str, str]
) -> None:
    with opened(browser, site) as page:
        page.goto("/search?q=ceasefire")
        title = page.locator(".entries h3 a").first
        told = title.inner_text()
        title.click()
        expect(page.locator("h1")).to_have_text(told)
        assert page.locator(".body p").count() > 1

        page.goto(f"/article/{named['changed']}")
        page.get_by_role("link", name="what changed").click()
        expect(page.locator("h1")).to_have_text("What changed")
        assert page.locator("main ins, main del").count() > 0

        page.goto(f"/story/{named['story']}")
        assert page.locator(".timeline li").count() > 2
        page.locator(".timeline h2 a").nth(1).click()
        page.locator(".around").get_by_role("link", name="story").first.click()
        assert urlsplit(page.url).path == f"/story/{named['story']}"


def test_keys_move_through_results_open_one_and_are_text_in_a_field(site: str, browser: Browser) -> None:
    focused = "document.activeElement.textContent"
    with opened(browser, site) as page:
        page.goto("/search?q=talks")
        titles = page.locator(".entries h3 a").all_text_contents()
        for key, place in (("j", 0), ("j", 1), ("k", 0), ("j", 1)):
            page.keyboard.press(key)
            assert page.evaluate(focused) == titles[place]
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("/")
        page.keyboard.type(" jk")
        page.keyboard.press("Escape")
        assert page.locator("main input[type=search]").input_value().endswith("jk")
        page.keyboard.press("?")
        expect(page.locator("dialog[open] dt")).to_have_count(6)
        assert barriers(page) == []
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
        page.keyboard.press("j")
        page.keyboard.press("o")
        page.wait_for_url("**/article/*")
        for path, headline in (("/stories", ".entries h2 a"), ("/month/2019-03", ".briefs h3 a")):
            page.goto(path)
            page.keyboard.press("j")
            assert page.evaluate(focused) == page.locator(headline).first.text_content()


def test_without_scripts_everything_works(site: str, browser: Browser) -> None:
    with opened(browser, site, java_script_enabled=False) as page:
        page.goto("/")
        typed(page, "talks")
        everything = found(page)
        assert page.locator(".keys").count() == 0 or not page.locator(".keys").first.is_visible()
        page.locator(".facet a").first.click()
        assert 0 < found(page) <= everything
        page.locator(".entries h3 a").first.click()
        assert page.locator(".body p").count() > 0
        page.locator("summary", has_text="BibTeX").click()
        expect(page.locator("pre", has_text="@")).to_be_visible()


def test_what_a_search_gives_to_programs_is_just_what_it_shows(
    site: str, browser: Browser, named: dict[str, str]
) -> None:
    with opened(browser, site) as page:
        page.goto(f"/search?q={quote('talks outlet:')}{named['outlet']}&copies=all")
        count = found(page)
        assert 1 < count <= 20
        shown = page.locator(".entries h3 a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        links = {link.inner_text().strip(): link.get_attribute("href") or "" for link in page.locator(".forms a").all()}
        assert set(links) == {"CSV", "Spreadsheet", "JSON", "Atom"}
        got = {name: page.context.request.get(address) for name, address in links.items()}
        assert all(reply.ok for reply in got.values())
        for name in ("CSV", "Spreadsheet"):
            rows = list(csv.DictReader(io.StringIO(got[name].body().decode("utf-8-sig"))))
            assert len(rows) == count == len(shown)
        entries = ET.fromstring(got["Atom"].body()).findall("{http://www.w3.org/2005/Atom}entry")
        assert len(entries) == count
        assert got["JSON"].json()["articles"] == count


@pytest.mark.parametrize("pages", PAGES.values(), ids=PAGES)
def test_pages_are_quiet_fit_a_phone_and_have_no_barriers_in_the_light_and_in_the_dark(
    site: str, browser: Browser, named: dict[str, str], pages: tuple[str, ...]
) -> None:
    with opened(browser, site) as page:
        for path in pages:
            page.set_viewport_size(DESK)
            page.emulate_media(color_scheme="light")
            page.goto(path.format(**named))
            assert width(page) <= DESK["width"], page.url
            assert barriers(page) == [], page.url
            light = page.evaluate("getComputedStyle(document.body).backgroundColor")
            page.emulate_media(color_scheme="dark")
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
            page.set_viewport_size(PHONE)
            assert width(page) <= PHONE["width"], page.url
            assert path not in CHIEF or barriers(page) == [], page.url


def test_a_printed_article_is_the_article(site: str, browser: Browser, named: dict[str, str]) -> None:
    with opened(browser, site) as page:
        page.goto(f"/article/{named['changed']}")
        for part in ("header.top nav", "form.find"):
            assert page.locator(part).first.is_visible()
        page.emulate_media(media="print")
        for part in ("header.top nav", "form.find"):
            assert not page.locator(part).first.is_visible()
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".body p").first).to_be_visible()


def test_an_address_of_nothing_is_a_page_without_barriers(site: str, browser: Browser) -> None:
    with closing(browser.new_context(base_url=site)) as context:
        page = context.new_page()
        assert (reply := page.goto("/nowhere/talks")) is not None
        assert reply.status == 404
        assert barriers(page) == []
        assert parse_qs(urlsplit(page.url).query) == {}
