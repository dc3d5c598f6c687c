"""All verdicts again by the topic's file of today: the real command on an archive that the real command filled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.lock import CrawlLock
from tests.services.world import HEADLINES, NOW, ROOT, World, slug

FERRIES = ("Ferry to Larnaca runs aground in fog", "Second ferry joins the salvage off Larnaca")
ALL = 'preserve = "all"\n'
WIDER = '"ferry" = 4\n"larnaca" = 4\n'
TABLES = ("articles", "versions", "stories", "fingerprints", "article_topics", "candidates", "records", "topics",
          "yields", "aliases")  # fmt: skip
TEXTS = "SELECT url, title, body, summary, published, content_hash, fetched FROM articles ORDER BY url"
VERDICTS = "SELECT url, score, verdict, matched, article_topics.reason FROM article_topics JOIN articles ON id = article_id ORDER BY 1"  # noqa: E501 - one query


def published(world: World) -> None:
    """A feed of articles on two matters, of which the topic follows one."""
    items = ""
    for title in (*HEADLINES, *FERRIES):
        url = f"https://daily.example/{slug(title)}"
        world.publish(url, title, NOW - timedelta(hours=5))
        items += f"<item><title>{title}</title><link>{url}</link></item>"
    feed = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    world.publish("https://daily.example/feed.xml", "", NOW)
    world.web["daily.example/feed.xml"] = type(world.web.reactions["daily.example/feed.xml"])(
        body=feed, headers=(("Content-Type", "application/rss+xml"),)
    )
    world.sources = ['channel = "feeds", url = "https://daily.example/feed.xml"']


def wider(world: World, terms: str = WIDER) -> Path:
    """The same topic, after somebody has added terms to its file."""
    path = world.topic
    path.write_text(path.read_text(encoding="utf-8") + terms, encoding="utf-8")
    return path


def rescore(world: World, *options: str, topic: Path | None = None, code: int = 0) -> dict[str, Any]:
    """The report of a pass, which has no proxy through which it could reach anybody."""
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    command = [sys.executable, "-m", "crawler.cli", "--data", str(world.folder / "data"), "rescore", "--json"]
    done = subprocess.run(
        [*command, str(topic or world.topic), *options], cwd=ROOT, env=clean, text=True, capture_output=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    report: dict[str, Any] = json.loads(done.stdout) if done.stdout.strip() else {}
    return {**report, "stderr": done.stderr}


def dump(world: World) -> dict[str, list[tuple[Any, ...]]]:
    return {table: world.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES}


@pytest.fixture
def archived(world: World) -> World:
    """An archive of the four articles, which keeps the bytes of the two that it left out."""
    published(world)
    world.window = ALL
    figures = world.run("crawl")
    assert (figures["outcome/stored"], figures["outcome/off-topic"]) == (4, 2)
    return world


def test_a_topic_that_changes_takes_in_what_was_left_out_and_gives_it_back(archived: World) -> None:
    before, asked = dump(archived), len(archived.web.log)
    assert {row[0] for row in archived.rows("SELECT record_id IS NULL FROM candidates WHERE state = 'off-topic'")} == {
        0
    }
    same = rescore(archived)
    assert (same["judged"], same["changed"], same["brought_back"], same["relinked"]) == (4, 0, 0, 0)
    assert dump(archived) == before

    told = rescore(archived, "--dry-run", topic=wider(archived))
    assert (told["brought_back"], told["with_bytes"]) == (2, 2)
    assert dump(archived) == before

    assert rescore(archived, topic=wider(archived))["brought_back"] == 2
    assert len(archived.web.log) == asked
    first, verdicts = archived.rows(TEXTS), archived.rows(VERDICTS)
    assert len(first) == 6
    after = dump(archived)
    assert after["records"] == [
        (*row[:2], after["records"][at][2], *row[3:]) for at, row in enumerate(before["records"])
    ]
    assert archived.rows("SELECT COUNT(*) FROM candidates WHERE state = 'stored'") == [(6,)]
    assert archived.rows("SELECT COUNT(*) FROM articles WHERE record_id IS NULL") == [(0,)]
    again = rescore(archived, topic=wider(archived))
    assert (again["changed"], again["brought_back"]) == (0, 0)
    assert dump(archived) == after

    fresh = World(archived.web, archived.folder / "fresh", archived.authority, archived.sources, ALL)
    fresh.folder.mkdir()
    fresh.run("crawl", topic=wider(archived))
    assert [row[:-1] for row in fresh.rows(TEXTS)] == [row[:-1] for row in first]
    assert fresh.rows(VERDICTS) == verdicts

    down = rescore(archived)
    assert (down["moved_down"], down["after"]) == (2, {"keep": 4, "review": 0, "drop": 2})
    assert archived.rows(TEXTS) == first
    assert archived.rows("SELECT COUNT(*) FROM candidates WHERE state = 'off-topic'") == [(2,)]
    assert rescore(archived, topic=wider(archived))["moved_up"] == 2
    assert archived.rows(VERDICTS) == verdicts


def test_a_threshold_is_tried_for_one_pass(archived: World) -> None:
    report = rescore(archived, "--keep", "1")
    assert report["after"] == {"keep": 0, "review": 4, "drop": 0}
    assert report["examples"][0]["was"] == "keep"
    assert rescore(archived)["after"] == {"keep": 4, "review": 0, "drop": 0}


def test_it_waits_for_nobody_who_holds_the_archive(world: World) -> None:
    assert "no archive" in rescore(world, code=2)["stderr"].lower()
    published(world)
    world.run("crawl", "--max-pages", "0")
    lock = CrawlLock(world.folder / "data")
    lock.acquire()
    try:
        assert "held by another crawl" in rescore(world, code=5)["stderr"]
    finally:
        lock.release()
