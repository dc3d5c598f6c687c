"""The past of a topic, asked about by the daemon's real jobs."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.loopback import Reply
from tests.services.world import FAST, JANUARY, ROOT, World, captured


def once(world: World) -> str:
    """What a daemon says that does what is due."""
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-m", "crawler.cli", "--data", str(world.folder / "data"), "schedule", "run", "--once"],
        env={**clean, **world.web.proxies(), "SSL_CERT_FILE": str(world.authority.pem)}, cwd=ROOT, text=True,
        capture_output=True, check=True, timeout=240,
    )  # fmt: skip
    return done.stderr


@pytest.mark.soak
def test_the_past_is_asked_about_once_the_present_was_and_then_no_more(world: World) -> None:
    archive = captured()
    world.web["web.archive.org"] = lambda hit: Reply(status=404) if "robots" in hit.url else archive(hit)
    world.web["daily.example"] = Reply(status=404)
    world.web["daily.example/feed.xml"] = Reply(body=b'<rss version="2.0"><channel></channel></rss>')
    world.sources = ['channel = "wayback"', 'channel = "feeds", url = "https://daily.example/feed.xml"']
    world.window = JANUARY
    topics = world.folder / "data" / "topics"
    topics.mkdir(parents=True)
    world.topic.rename(topics / "talks.toml")
    words = ["--allow-private", ".example", "--allow-private", "web.archive.org"]
    words += [word for setting in FAST for word in ("-s", setting)]
    rules = f"[schedule]\nbackfill_pages = 50\ncrawl_options = {json.dumps(words)}\n"
    (world.folder / "data" / "dossier.toml").write_text(rules, encoding="utf-8")
    said = once(world)
    assert "crawl talks: done" in said
    assert "backfill talks: done" in said
    assert len(world.stored()) == 4
    kept = json.loads((world.folder / "data" / "schedule.json").read_text("utf-8"))
    assert "backfill" not in {job["kind"] for job in kept["next"]}, "nothing of it is left"
    assert once(world) == ""
