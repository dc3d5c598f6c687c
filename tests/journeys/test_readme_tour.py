"""The tour of the README: its commands, typed to the letter, in a checkout and in an environment of the wheel's own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from crawler.cli import VERBS
from crawler.exits import Exit
from crawler.folders import DEFAULT_TOPIC
from crawler.press.server import Press
from tests.touring import LIMIT, Tourist, tourist
from tests.wheels import ROOT, checkout, developed, packages, wheel_of

README = (ROOT / "README.md").read_text(encoding="utf-8")
FEW = ("potomac-courier", "gulf-meridian", "hindukush-herald", "prairie-ledger")


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


def looked_after(at: Tourist, command: str) -> None:
    assert at.types(command, 0, int(Exit.UNWELL)).strip()


def kept_going(at: Tourist, command: str) -> None:
    """The daemon, until it says what it does."""
    running = at.begins(command)
    assert running.stdout is not None
    assert running.stdout.readline().strip()
    os.killpg(running.pid, signal.SIGINT)
    running.communicate(timeout=LIMIT)
    assert running.returncode in {0, int(Exit.INTERRUPTED)}


def is_a_target(at: Tourist, command: str) -> None:
    target = command.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def is_of_the_compose_file(at: Tourist, command: str) -> None:
    """No engine runs here: the services that it names are there."""
    words = [word for word in command.split()[2:] if not word.startswith("-")]
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert words[0] != "run" or words[1] in services


def proved_elsewhere(at: Tourist, command: str) -> None:
    """tests/test_packaging.py installs the wheel."""


DONE: dict[str, Callable[[Tourist, str], None]] = {
    "make": is_a_target,
    "pip install": proved_elsewhere,
    "pipx install": proved_elsewhere,
    "docker compose": is_of_the_compose_file,
    "dossier schedule run": kept_going,
    "dossier doctor": looked_after,
    "dossier watch": looked_after,
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
    for words in (3, 2, 1):
        if found := DONE.get(" ".join(command.split()[:words])):
            return found
    return told


def toured(at: Tourist, passed: tuple[str, ...] = ()) -> None:
    """Type all commands of the README, in its order, but those that begin like the ones that are passed by."""
    for command in (command for block in BLOCKS.values() for command in block):
        if not command.startswith(passed or ("#",)):
            how(command)(at, command)


def test_the_tour_is_the_one_that_the_readme_describes() -> None:
    assert {"Try it", "Follow your own topic", "With plain tools"} <= set(BLOCKS)
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
