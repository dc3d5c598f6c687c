"""The tour of the README: its commands, typed to the letter, in a checkout and in an environment of the wheel's own."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from crawler.cli import VERBS
from crawler.folders import DEFAULT_TOPIC, PACKAGED_TOPICS
from crawler.press.pages import page
from crawler.press.pieces import Piece, pieces
from crawler.press.server import Press
from crawler.press.topic import demo_topic
from tests.terminals import typed
from tests.wheels import ROOT, checkout, developed, packages, wheel_of

README = (ROOT / "README.md").read_text(encoding="utf-8")
LIMIT = 120
FEW = ("potomac-courier", "gulf-meridian", "hindukush-herald", "prairie-ledger")
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


def blocks() -> dict[str, list[str]]:
    """The indented commands below each heading of the README, without what explains them."""
    found: dict[str, list[str]] = {}
    for section in re.split(r"^## ", README, flags=re.MULTILINE)[1:]:
        heading, _, text = section.partition("\n")
        lines = [re.sub(r"\s+# .*", "", line.strip()) for line in re.findall(r"^ {4}\S.*$", text, re.MULTILINE)]
        if lines:
            found[heading] = lines
    return found


BLOCKS = blocks()


@dataclass(frozen=True, slots=True)
class Tourist:
    """Somebody who types the commands of the README, in a folder, on the press."""

    home: Path
    environment: dict[str, str]

    def shell(self, command: str) -> list[str]:
        return ["bash", "-c", f"source .venv/bin/activate\n{command}"]

    def types(self, command: str) -> str:
        """What a command prints; it has to end well."""
        done = subprocess.run(
            self.shell(command), cwd=self.home, env=self.environment, capture_output=True, text=True, timeout=LIMIT,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    def answers(self, command: str, *answers: tuple[str, str]) -> str:
        """What a command shows on a terminal whose user answers it."""
        code, shown = typed(self.shell(command), answers, cwd=self.home, env=self.environment)
        assert code == 0, shown[-3000:]
        return shown

    @contextmanager
    def serves(self, command: str) -> Iterator[str]:
        """The address of what a command serves, which it opens in the browser or prints."""
        opened = self.home / "opened"
        running = subprocess.Popen(
            self.shell(command), cwd=self.home, env=self.environment, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
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


# The commands, each with what a person sees or answers.


def made(at: Tourist, command: str) -> None:
    assert "Written to topics/gaza-aid.toml" in at.types(command)


def crawled(at: Tourist, command: str) -> None:
    assert "articles stored" in at.types(command)
    assert at.rows("SELECT COUNT(*) FROM articles")[0][0] > 15  # type: ignore[operator]


def ran(at: Tourist, command: str) -> None:
    at.types(command)


def crawled_by_scrapy(at: Tourist, command: str) -> None:
    at.types(command)
    assert at.rows(f"SELECT outcome FROM runs JOIN topics ON topics.id = topic_id WHERE name = '{DEFAULT_TOPIC}'") == [
        ("finished",)
    ]


def told(at: Tourist, command: str) -> None:
    assert at.types(command).strip()


def opened(at: Tourist, command: str) -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    python, option, check = compose["services"]["datasette"]["healthcheck"]["test"][1:]
    with at.serves(command) as address, urllib.request.urlopen(address, timeout=20) as answer:
        assert "Dossier" in answer.read().decode()
        check = check.replace("http://127.0.0.1:8001/", address)
        assert python == "python"
        assert subprocess.run([sys.executable, option, check], timeout=20, check=False).returncode == 0


def reviewed(at: Tourist, command: str) -> None:
    shown = at.answers(command, ("q(uit)", "y\n"), ("q(uit)", "n\n"), ("q(uit)", "q\n"))
    assert "1 yes, 1 no" in shown


def learnt(at: Tourist, command: str) -> None:
    shown = at.answers(command, ("[y/N]: ", "y\n"))
    assert "gaza-aid" in shown or "Nothing new to learn" in shown


def served(at: Tourist, command: str) -> None:
    with (
        at.serves(command) as address,
        urllib.request.urlopen(address.rstrip("/") + "/news.json", timeout=20) as answer,
    ):
        assert "articles" in json.dumps(json.load(answer))


def is_a_target(at: Tourist, command: str) -> None:
    target = command.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


DONE: dict[str, Callable[[Tourist, str], None]] = {
    "make": is_a_target,
    "source": ran,
    "dossier new": made,
    "$EDITOR": ran,
    "dossier crawl": crawled,
    "dossier backfill": told,
    "dossier search": told,
    "dossier serve": opened,
    "dossier review": reviewed,
    "dossier learn": learnt,
    "dossier rescore": told,
    "scrapy crawl": crawled_by_scrapy,
    "datasette": served,
}


def how(command: str) -> Callable[[Tourist, str], None]:
    """How a command of the README is done."""
    for words in (2, 1):
        if found := DONE.get(" ".join(command.split()[:words])):
            return found
    return told


def toured(at: Tourist, passed: tuple[str, ...] = ()) -> None:
    for heading in ("Try it", "Follow your own topic", "With plain tools"):
        for command in BLOCKS[heading]:
            if not command.startswith(passed or ("#",)):
                how(command)(at, command)


def test_the_tour_is_the_one_that_the_readme_describes() -> None:
    assert list(BLOCKS) == ["Try it", "Follow your own topic", "With plain tools"]
    typed_there = {" ".join(command.split()[:2]) for command in BLOCKS["Follow your own topic"]}
    assert {"dossier new", "dossier crawl", "dossier search", "dossier serve", "dossier review"} <= typed_there


def rows() -> list[tuple[str, str]]:
    """Each command of the table, with what is said of it."""
    table = README.partition("## Commands")[2].partition("\n## ")[0]
    return re.findall(r"^\| `dossier (.+?)` \|(.*)\|$", table, re.MULTILINE)


@pytest.mark.parametrize(("command", "says"), rows(), ids=[command.split()[0] for command, _ in rows()])
def test_every_command_of_the_table_is_there_with_its_options(command: str, says: str) -> None:
    verb = command.split(maxsplit=1)[0]
    assert verb in VERBS
    folder = ROOT / "crawler" / "cli"
    source = "".join(path.read_text("utf-8") for path in (*folder.glob(f"{verb}*.py"), folder / "running.py"))
    for option in re.findall(r"--[a-z-]+", command + says):
        assert f'"{option}' in source, option
    for name in re.findall(rf"`{verb} ([a-z]+)`", says):
        assert f'"{name}"' in source, name


def test_the_tour_in_a_checkout(running_press: Press, tmp_path: Path) -> None:
    """On four papers, and without Datasette alone, whose port may be somebody else's."""
    running_press.day = 1
    home = checkout(tmp_path / "dossier")
    (home / "scrapy.cfg").write_bytes((ROOT / "scrapy.cfg").read_bytes())
    developed(home)
    toured(tourist(home, home / "crawler" / "settings.py", running_press, FEW), ("datasette",))


@pytest.mark.soak
def test_the_tour_with_the_wheel_that_pip_installs(running_press: Press, tmp_path: Path) -> None:
    running_press.day = 1
    home = tmp_path / "home"
    (home / "archive").mkdir(parents=True)
    (home / "scrapy.cfg").write_bytes((ROOT / "scrapy.cfg").read_bytes())
    wheel = wheel_of(checkout(tmp_path / "source"))
    subprocess.run([sys.executable, "-m", "venv", str(home / ".venv")], check=True, timeout=120)
    pip = [str(home / ".venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, str(wheel)], check=True, timeout=900)
    toured(tourist(home, packages(home / ".venv") / "crawler" / "settings.py", running_press, ()))
