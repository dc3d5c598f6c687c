"""Pruned articles stay out, whatever the sources still list, and what is left is crawled on."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.journeys.conftest import ROOT

pytestmark = pytest.mark.soak

OLD = "2019-03-01"
PRUNED = "SELECT COUNT(*) FROM candidates WHERE state = 'pruned' AND url LIKE 'http%'"


def test_no_later_crawl_fetches_what_was_pruned(small_reader: Any) -> None:
    reader = small_reader
    stored = reader.crawl()["outcome/stored"]
    old = {url for (url,) in reader.rows(f"SELECT url FROM articles WHERE published < '{OLD}'")}
    assert len(old) > 3
    done = subprocess.run(
        reader.command("prune", "--older", OLD, "--yes"), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    reader.sound()
    assert reader.rows("SELECT COUNT(*) FROM articles") == [(stored - len(old),)]
    figures = reader.crawl("--recheck")
    assert figures.get("outcome/stored", 0) == 0
    reader.sound()
    assert not old & {url for (url,) in reader.rows("SELECT url FROM articles")}
    assert reader.rows(PRUNED)[0][0] >= len(old)
    reader.press.day = 2
    assert reader.crawl("--recheck")["outcome/stored"] > 0
    reader.sound()
    assert not old & {url for (url,) in reader.rows("SELECT url FROM articles")}
    files = [str(path) for path in (reader.data / "warc").iterdir()]
    assert subprocess.run([sys.executable, "-m", "warcio.cli", "check", *files], check=False).returncode == 0
