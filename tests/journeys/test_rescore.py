"""All verdicts again by the topic's file of today: the real command on an archive that the real command filled."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.history import history
from archive.lock import CrawlLock
from archive.queries import open_reader
from archive.store import Archive
from benchmarks.rescore import fill
from pipelines.topic import load_topic
from tests.loopback import Reply
from tests.services.world import HEADLINES, NOW, ROOT, World, slug
from tests.warm import ran

FERRIES = ("Ferry to Larnaca runs aground in fog", "Second ferry joins the salvage off Larnaca")
ALL = 'preserve = "all"\n'
WIDER = '"ferry" = 4\n"larnaca" = 4\n'
TABLES = ("articles", "versions", "stories", "fingerprints", "article_topics", "candidates", "records", "topics",
          "yields", "aliases")  # fmt: skip
TEXTS = "SELECT url, title, body, summary, published, content_hash FROM articles ORDER BY url"
VERDICTS = """
SELECT url, score, verdict, matched, article_topics.reason FROM article_topics JOIN articles ON id = article_id ORDER BY 1
"""  # noqa: E501 - one query


def published(world: World) -> None:
    """A feed of articles on two matters, of which the topic follows one."""
    items = ""
    for title in (*HEADLINES, *FERRIES):
        url = f"https://daily.example/{slug(title)}"
        world.publish(url, title, NOW - timedelta(hours=5))
        items += f"<item><title>{title}</title><link>{url}</link></item>"
    feed = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    world.web["daily.example/feed.xml"] = Reply(body=feed, headers=(("Content-Type", "application/rss+xml"),))
    world.sources = ['channel = "feeds", url = "https://daily.example/feed.xml"']


def wider(world: World, terms: str = WIDER) -> Path:
    """The same topic, after somebody has added terms to its file."""
    path = world.topic
    path.write_text(path.read_text(encoding="utf-8") + terms, encoding="utf-8")
    return path


def rescore(world: World, *options: str, topic: Path | None = None, code: int = 0) -> dict[str, Any]:
    """The report of a pass, which has no proxy through which it could reach anybody."""
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    command = ["--data", str(world.folder / "data"), "rescore", "--json"]
    done = ran([*command, str(topic or world.topic), *options], clean, 60)
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    report: dict[str, Any] = json.loads(done.stdout) if done.stdout.strip() else {}
    return {**report, "stderr": done.stderr}


def dump(world: World) -> dict[str, list[tuple[Any, ...]]]:
    return {table: world.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES}


def test_a_topic_that_changes_takes_in_what_was_left_out(world: World) -> None:
    published(world)
    world.window = ALL
    figures = world.run("crawl")
    assert (figures["outcome/stored"], figures["outcome/off-topic"]) == (4, 2)
    before, asked = dump(world), len(world.web.log)
    with closing(open_reader(world.folder / "data")) as db:
        (left_out,) = history(db, f"https://daily.example/{slug(FERRIES[0])}", "").candidates
    assert left_out["record"]["warc_length"] > 0
    archive = Archive.open(world.folder / "data")
    assert len(archive.rereadings.chosen()) == 4
    archive.close()
    same = rescore(world)
    assert (same["judged"], same["changed"], same["with_bytes"], same["brought_back"]) == (4, 0, 2, 0)
    assert dump(world) == before
    told = rescore(world, "--dry-run", "--keep", "0.9", topic=wider(world))
    assert (told["brought_back"], told["keep"]) == (2, 0.9)
    assert dump(world) == before

    assert rescore(world, topic=wider(world))["brought_back"] == 2
    assert len(world.web.log) == asked
    after = dump(world)
    places = [[row[3:] for row in records] for records in (before["records"], after["records"])]
    assert places[0] == places[1]
    assert world.rows("SELECT COUNT(*) FROM articles WHERE record_id IS NULL") == [(0,)]
    assert world.rows("SELECT COUNT(*) FROM candidates WHERE state = 'stored'") == [(6,)]

    fresh = World(world.web, world.folder / "fresh", world.authority, world.sources, ALL)
    fresh.folder.mkdir()
    fresh.run("crawl", topic=wider(world))
    assert world.rows(TEXTS) == fresh.rows(TEXTS)
    assert len(world.rows(TEXTS)) == 6
    assert world.rows(VERDICTS) == fresh.rows(VERDICTS)


def test_it_waits_for_nobody_who_holds_the_archive(world: World) -> None:
    assert "no archive" in rescore(world, code=2)["stderr"].lower()
    archive = Archive.open(world.folder / "data")
    archive.close()
    lock = CrawlLock(world.folder / "data")
    lock.take()
    try:
        assert "held by another crawl" in rescore(world, code=5)["stderr"]
    finally:
        lock.release()


@pytest.mark.soak
def test_one_that_is_killed_is_run_again(world: World) -> None:
    data, topic = world.folder / "data", world.topic
    fill(data, load_topic(topic), 2_000)
    undisturbed = World(world.web, world.folder / "undisturbed", world.authority)
    shutil.copytree(data, undisturbed.folder / "data")
    command = [sys.executable, "-m", "crawler.cli", "--data", str(data), "rescore", str(topic)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while world.rows("SELECT COUNT(*) FROM article_topics") == [(0,)]:
        assert running.poll() is None
    running.kill()
    running.wait()
    assert world.rows("PRAGMA integrity_check") == [("ok",)]
    assert rescore(world)["judged"] == rescore(undisturbed, topic=topic)["judged"] == 2_000
    found = "SELECT * FROM article_topics ORDER BY 1, 2"
    assert world.rows(found) == undisturbed.rows(found) != []
