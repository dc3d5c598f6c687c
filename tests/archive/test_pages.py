"""Our pages in a real browser: they fit a phone, are light or dark as the reader is, and break none of their rules."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import Browser, browsing, chromium
from tests.filling import fill

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PAGES = (
    "/",
    "/search?q=doha",
    "/search?q=zxcvb+outlet:wire.example",
    "/article/1",
    "/article/5",
    "/article/4/changes",
    "/story/1",
    "/news/widest",
    "/news/to_review",
    "/news",
    "/news/candidates",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`dossier serve` as a reader starts it."""
    data = fill(tmp_path_factory.mktemp("site"))
    command = [sys.executable, "-m", "crawler.cli", "--data", str(data), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        yield found[0]
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        assert not os.environ.get("DOSSIER_REQUIRE_BROWSER"), "DOSSIER_REQUIRE_BROWSER is set, and there is no Chromium"
        pytest.skip("no Chromium on this machine")
    with browsing(program) as opened:
        yield opened


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone_and_breaks_no_rule_of_its_own(site: str, browser: Browser, path: str) -> None:
    browser.complaints.clear()
    browser.open(site + path, width=390, height=800)
    assert browser.value("document.documentElement.scrollWidth") <= 390
    assert browser.value("document.styleSheets[0].cssRules.length") > 50
    assert browser.complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_or_dark_as_the_reader_has_it_and_legible_in_both(
    site: str, browser: Browser, path: str
) -> None:
    shades = {}
    for scheme in ("light", "dark"):
        browser.open(site + path, scheme=scheme)
        colours = browser.value(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
        )
        paper, ink = (sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours)
        assert abs(paper - ink) > 400
        shades[scheme] = paper
    assert shades["light"] > 700
    assert shades["dark"] < 150


def test_a_reader_searches_from_the_front_page(site: str, browser: Browser) -> None:
    browser.open(site + "/")
    browser.loaded = False
    browser.value("document.querySelector('main input[name=q]').value = 'zither'; document.forms[0].submit()")
    while not browser.loaded:
        browser.next()
    assert browser.value("document.querySelectorAll('.entry').length") == 1
    assert browser.value("document.querySelector('mark').textContent") == "zither"
    assert browser.value("document.querySelector('.entry a').getAttribute('href')") == "/article/4"


def test_keys_move_through_results_and_are_text_in_a_field(site: str, browser: Browser) -> None:
    def press(key: str) -> str:
        text = {"text": key} if len(key) == 1 else {"windowsVirtualKeyCode": 27}
        browser.ask("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        browser.ask("Input.dispatchKeyEvent", type="keyUp", key=key)
        return str(browser.value("document.activeElement.textContent || document.activeElement.name || ''"))

    browser.complaints.clear()
    browser.open(site + "/search?q=doha")
    titles = browser.value("[...document.querySelectorAll('.entry h3 a')].map(one => one.textContent)")
    assert [press("j"), press("j"), press("k")] == [titles[0], titles[1], titles[0]]
    assert browser.value("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert press("/") == "q"
    press("j")
    assert browser.value("document.activeElement.value") == "j"
    press("Escape")
    assert browser.value("document.querySelector('main input').value + document.activeElement.tagName") == "jBODY"
    press("?")
    assert browser.value("document.querySelector('dialog').open") is True
    assert browser.value("document.querySelectorAll('dialog dt').length") > 4
    press("Escape")
    assert browser.value("document.querySelector('dialog').open") is False
    assert browser.complaints == []


def test_a_live_blog_shows_its_posts_with_their_times_and_what_the_page_contradicts(
    site: str, browser: Browser
) -> None:
    browser.open(site + "/article/4")
    posts = browser.value("[...document.querySelectorAll('.body .post')].map(one => one.textContent.trim())")
    assert posts == ["3 February 2019, 08:00 UTC First stalls", "3 February 2019, 17:00 UTC"]
    assert browser.value("document.querySelectorAll('.captions li').length") == 2
    assert browser.value("document.querySelector('.claim').textContent") == "og: Market in Kabul <opens> again"
    assert "the document has no end" in browser.value("document.querySelector('.note').textContent")
