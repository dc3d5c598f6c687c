"""A real browser for tests: the Chromium of the system, driven by Playwright, which downloads none of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Request, sync_playwright

ROOT = Path(__file__).parents[1]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
GRAVE = {"serious", "critical"}


def chromium() -> str | None:
    """The browser's path, or None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser without a window; a test that asks for one is skipped with a word where there is none."""
    program = chromium()
    if program is None:
        assert not os.environ.get("DOSSIER_REQUIRE_BROWSER"), "DOSSIER_REQUIRE_BROWSER is set, and there is no Chromium"
        pytest.skip("no Chromium on this machine")
    with (
        sync_playwright() as playwright,
        closing(playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])) as browser,
    ):
        yield browser


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of an archive as `dossier serve` serves it to a reader."""
    command = [sys.executable, "-m", "crawler.cli", "--data", str(data), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert found, line
            yield found[0]
        finally:
            server.terminate()


@contextmanager
def opened(browser: Browser, site: str, **options: Any) -> Iterator[Page]:
    """A page of a reader's own, who has seen nothing yet; it must have found nothing to complain of when it is left."""
    with closing(browser.new_context(base_url=site, **options)) as context:
        context.set_default_timeout(20_000)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
        page.on("requestfailed", lambda request: complaints.append(lost(request)) if lost(request) else None)
        page.on("response", lambda reply: complaints.append(f"{reply.status}: {reply.url}") if not reply.ok else None)
        yield page
        assert complaints == [], page.url


def lost(request: Request) -> str:
    """What a reader did not get and why; nothing of what was on its way when the next page was asked for."""
    return "" if request.failure == "net::ERR_ABORTED" else f"{request.failure}: {request.url}"


def width(page: Page) -> int:
    """How wide the page is, with what stands beyond the edge."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


def barriers(page: Page, *rules: str) -> list[str]:
    """What axe-core finds to be a serious or critical barrier, with where it is; of all rules, or of these."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']} ({one['impact']}): {', '.join(node['target'])} {node['html'][:120]} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]
