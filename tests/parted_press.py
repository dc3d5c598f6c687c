"""The demo press crawled by several machines, each with its share of the outlets in its topic's file."""

from __future__ import annotations

import os
from pathlib import Path

import tomlkit

from crawler.cli.demo import PACE, environment
from crawler.folders import DEFAULT_TOPIC, PACKAGED_TOPICS
from crawler.press.outlets import OUTLETS
from crawler.press.server import Press
from crawler.press.topic import entry
from tests.warm import ran

ROOT = Path(__file__).parent.parent


def topic_of(share: int, of: int) -> str:
    """The default topic, asking every `of`-th outlet of the press from number `share` on, and links in articles."""
    topic = tomlkit.parse((PACKAGED_TOPICS / f"{DEFAULT_TOPIC}.toml").read_text(encoding="utf-8"))
    topic.pop("sources", None)
    entries = tomlkit.aot()
    for outlet in OUTLETS[share::of]:
        for source in outlet.sources:
            entries.append(entry(outlet, source))
    outlinks = tomlkit.table()
    outlinks["channel"] = "outlinks"
    entries.append(outlinks)
    topic["sources"] = entries
    return tomlkit.dumps(topic)


def crawl(data: Path, share: int = 0, of: int = 1, days: tuple[int, ...] = (1, 2)) -> Path:
    """The data folder, with an archive in it that crawled its share of the press on some days."""
    topic = data / "topics" / f"{DEFAULT_TOPIC}.toml"
    topic.parent.mkdir(parents=True)
    topic.write_text(topic_of(share, of), encoding="utf-8")
    with Press(log_file=data / "press.jsonl") as press:
        for day in days:
            press.day = day
            run(data, environment(os.environ, press.proxy_url, press.ca_file), "crawl", str(topic),
                *(["--recheck"] if day > 1 else []), "--allow-private", ".example", "--json",
                *(word for setting in PACE for word in ("-s", setting)))  # fmt: skip
    return data


def run(data: Path, environ: dict[str, str] | None, *words: str) -> str:
    """What a command of ours prints; it must end well."""
    done = ran(["--data", str(data), *words], os.environ if environ is None else environ, 300)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    return done.stdout
