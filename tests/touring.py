"""Somebody who types what a text says, in a folder of his own, where the press is all the world."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.folders import DEFAULT_TOPIC, PACKAGED_TOPICS
from crawler.press.pages import page
from crawler.press.pieces import Piece, pieces
from crawler.press.server import Press
from crawler.press.topic import demo_topic
from tests.terminals import typed

LIMIT = 120
WORLD = """
DOSSIER_ALLOW_PRIVATE = [".example"]
DOWNLOAD_DELAY = 0
AUTOTHROTTLE_ENABLED = False
RETRY_TIMES = 0
DOSSIER_DEADLINE = 6
"""
"""In the world of the tour the names of the press are ordinary ones, and its servers do not mind haste."""
EDITOR = """#!{python}
import datetime, sys, tomlkit
from pathlib import Path
path = Path(sys.argv[1])
topic = tomlkit.parse(path.read_text("utf-8"))
press = tomlkit.parse(Path({press!r}).read_text("utf-8"))
topic.pop("sources")
topic["sources"] = press["sources"]
topic["window"]["since"] = datetime.date(2018, 12, 1)
path.write_text(tomlkit.dumps(topic), "utf-8")
"""
"""What its owner makes of the topic: the papers of this world, and its years."""


@dataclass(frozen=True, slots=True)
class Tourist:
    """Somebody who types the commands of the README, in a folder, on the press."""

    home: Path
    environment: dict[str, str]

    def shell(self, command: str) -> list[str]:
        return ["bash", "-c", f"source .venv/bin/activate\n{command}"]

    def types(self, command: str, *codes: int) -> str:
        """What a command prints; it has to end well, or with one of these exit codes."""
        done = subprocess.run(
            self.shell(command), cwd=self.home, env=self.environment, capture_output=True, text=True, timeout=LIMIT,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode in (codes or (0,)), (
            f"{command}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        )
        return done.stdout

    def answers(self, command: str, *answers: tuple[str, str]) -> str:
        """What a command shows on a terminal whose user answers it."""
        code, shown = typed(self.shell(command), answers, cwd=self.home, env=self.environment)
        assert code == 0, shown[-3000:]
        return shown

    def begins(self, command: str) -> subprocess.Popen[str]:
        """A command at work, as leader of a group of its own."""
        return subprocess.Popen(
            self.shell(command), cwd=self.home, env=self.environment, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    @contextmanager
    def serves(self, command: str) -> Iterator[str]:
        """The address of what a command serves, which it opens in the browser or prints."""
        opened, running = self.home / "opened", self.begins(command)
        try:
            if "--open" in command:
                until = time.monotonic() + LIMIT
                while not (opened.exists() and opened.read_text("utf-8")) and running.poll() is None:
                    assert time.monotonic() < until, "nothing was opened"
                    time.sleep(0.05)
                yield opened.read_text("utf-8").strip()
            else:
                assert running.stdout is not None
                line = next((line for line in running.stdout if "http://" in line), "")
                yield re.findall(r"http://\S+", line)[0]
        finally:
            os.killpg(running.pid, signal.SIGINT)
            running.communicate(timeout=20)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What a query finds in the archive."""
        with sqlite3.connect(self.home / "archive" / "data" / "news.db") as db:
            found = db.execute(query).fetchall()
        db.close()
        return found


def tourist(home: Path, settings: Path, press: Press, hosts: tuple[str, ...]) -> Tourist:
    """Prepare the folder: the world's settings, two seeds, an editor, a browser."""
    with settings.open("a", encoding="utf-8") as file:
        file.write(WORLD)
    head, *sources = demo_topic((PACKAGED_TOPICS / f"{DEFAULT_TOPIC}.toml").read_text("utf-8")).split("[[sources]]")
    wanted = [source for source in sources if not hosts or any(name in source for name in (*hosts, "outlinks"))]
    (home / "topics").mkdir()
    talks = home / "topics" / f"{DEFAULT_TOPIC}.toml"
    talks.write_text("[[sources]]".join([head, *wanted]), encoding="utf-8")
    one, other = seeds()
    (home / "seed-article.html").write_bytes(page(one, 1))
    text = "\n\n".join([other.manuscript.title, *other.manuscript.paragraphs])
    (home / "another-seed.txt").write_text(text, encoding="utf-8")
    python = home / ".venv" / "bin" / "python"
    tools = {
        "editor": EDITOR.format(python=python, press=str(talks)),
        "browser": f'#!/bin/sh\nprintf "%s" "$1" > {home}/opened\n',
    }
    for name, script in tools.items():
        (home / name).write_text(script, encoding="utf-8")
        (home / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOSSIER", "PYTHON", "XDG"))}
    return Tourist(home, {
        **{name: value for name, value in kept.items() if not name.lower().endswith("_proxy")},
        "http_proxy": press.proxy_url, "https_proxy": press.proxy_url, "SSL_CERT_FILE": str(press.ca_file),
        "HOME": str(home), "EDITOR": str(home / "editor"), "BROWSER": str(home / "browser"), "TERM": "xterm",
        "COLUMNS": "100",
    })  # fmt: skip


def seeds() -> tuple[Piece, Piece]:
    """Two articles on the topic."""
    found = {piece.manuscript.slug: piece for piece in pieces(1) if piece.origin is None}
    return found["doha-six-days-end-with-draft-framework"], found["longest-round-ends-with-two-drafts"]
