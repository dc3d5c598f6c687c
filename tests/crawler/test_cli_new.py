from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.cli import main
from pipelines.topic import load_topic
from tests.loopback import Loopback, Reply, moved
from tests.warm import ran

SEED = Path(__file__).parent / "seeds" / "harrow.txt"
PAGE = """<!doctype html><html lang="en"><head><title>Sluice repairs begin at Port Amaro</title></head>
<body><article><h1>Sluice repairs begin at Port Amaro</h1>
<p>Engineers began to replace the gates of the great sluice at Port Amaro on Friday, eleven months after the spring
flood tore two of them from their hinges and left the lower town under a metre of brown water.</p>
<p>The harbour authority says the sluice will be shut for six weeks. Barges are sent through the old canal, where the
sluice keeper, Nadia Orlov, expects queues of up to a day.</p></article></body></html>"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copy(SEED, tmp_path / "harrow.txt")
    return tmp_path


def new(*words: str) -> Result:
    return CliRunner().invoke(main, ["new", *words], prog_name="dossier")


def test_a_topic_is_written_and_told(here: Path) -> None:
    done = new("truce", "harrow.txt", "--since", "2024-01-31", "--term", "hill provinces")
    assert done.exit_code == 0, done.output
    topic = load_topic(here / "topics" / "truce.toml")
    assert str(topic.since) == "2024-01-31"
    assert topic.seeds == ("harrow.txt",)
    assert "hill provinces" in {term.text for term in topic.terms}
    for word in ("Idris Calloway", "truce talks", "withdrawal", "2024-01-31 to now on", "topics/truce.toml"):
        assert word in done.stdout
    feeds = sum(1 for source in topic.sources if source.channel == "feeds")
    assert re.search(rf"^Sources: .*\b{feeds} feeds\b", done.stdout, re.MULTILINE)
    assert "dossier crawl truce: what can be reached now" in done.stdout
    assert "dossier backfill truce: what lies further back" in done.stdout
    assert re.search(
        r"^  wayback +1 source, reaches back to the 1990s; at most [0-9,]+ requests a run$", done.stdout, re.MULTILINE
    )


def test_the_file_is_meant_for_hand_edits(here: Path) -> None:
    new("truce", "harrow.txt")
    text = (here / "topics" / "truce.toml").read_text(encoding="utf-8")
    assert text.count("\n# ") > 8
    assert '\n"truce talks" = ' in text
    lines = [line for line in text.splitlines() if "channel =" in line]
    assert all(line.startswith(("    { ", "    # { ")) and line.endswith(" },") for line in lines)


def test_a_topic_is_not_written_over_without_being_told(here: Path) -> None:
    assert new("truce", "harrow.txt").exit_code == 0
    path = here / "topics" / "truce.toml"
    path.write_text("# mine", encoding="utf-8")
    refused = new("truce", "harrow.txt")
    assert refused.exit_code == 2
    assert "topics/truce.toml is there already" in refused.stderr
    assert path.read_text(encoding="utf-8") == "# mine"
    assert new("truce", "harrow.txt", "--force").exit_code == 0
    assert load_topic(path).terms


@pytest.mark.parametrize("name", ["../truce", "Truce", "a/b", ".", "", "x" * 81, "con aux", "-x"])
def test_a_name_that_is_unsafe_on_a_path_is_refused(here: Path, name: str) -> None:
    done = new("--", name, "harrow.txt")
    assert done.exit_code == 2
    assert "is no name for a topic" in done.stderr
    assert sorted(path.name for path in here.iterdir()) == ["harrow.txt"]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("truce", "gone.txt"), "gone.txt: cannot be read"),
        (("truce",), "Missing argument 'SEED...'"),
        (("truce", "harrow.txt", "--since", "soon"), "Invalid value for '--since'"),
        (("truce", "harrow.txt", "--since", "2024-02-01", "--until", "2024-01-01"), "window.since is 2024-02-01"),
        (("truce", "harrow.txt", "--source", "mercury"), "give a whole address"),
        (("truce", "http://[bad"), "http://[bad: is no address"),
        (("truce", *["harrow.txt"] * 51), "51 seeds are given"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(here: Path, words: tuple[str, ...], fault: str) -> None:
    done = new(*words)
    assert done.exit_code == 2
    assert fault in done.stderr
    assert not (here / "topics").exists()


def test_a_folder_that_cannot_be_written_is_told(here: Path) -> None:
    (here / "topics").write_text("a file", encoding="utf-8")
    done = new("truce", "harrow.txt")
    assert done.exit_code == 2
    assert "topics/truce.toml: cannot be written" in done.stderr


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback() as server:
        server["herald.example/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /private\n")
        server["herald.example/old"] = moved("/sluice")
        server["herald.example/sluice"] = Reply(body=PAGE.encode())
        server["herald.example/private"] = Reply(body=PAGE.encode())
        yield server


def dossier(web: Loopback, here: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return ran(["new", *words], {**os.environ, **web.proxies()}, cwd=here)


def test_seeds_are_fetched_each_through_the_guards_and_robots(here: Path, web: Loopback) -> None:
    done = dossier(web, here, "sluice", "http://herald.example/old", "harrow.txt", "--allow-private", "herald.example")
    assert done.returncode == 0, done.stderr
    topic = load_topic(here / "topics" / "sluice.toml")
    assert {"port amaro", "nadia orlov", "sluice", "calloway"} <= {term.text for term in topic.terms}
    assert "http://herald.example/" in {source.url for source in topic.sources}
    assert [hit.key for hit in web.log] == [f"herald.example/{path}" for path in ("robots.txt", "old", "sluice")]
    assert sorted(path.name for path in here.iterdir()) == ["harrow.txt", "topics"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://herald.example/private", "robots"),
        ("http://other.example/", "guard"),
    ],
)
def test_a_seed_that_cannot_be_had_is_told_with_the_reason(here: Path, web: Loopback, url: str, reason: str) -> None:
    done = dossier(web, here, "sluice", url, "--allow-private", "herald.example")
    assert done.returncode == 4
    assert done.stderr.startswith(f"dossier: {url}: ")
    assert reason in done.stderr
    assert "Save the page as a file" in done.stderr
    assert not (here / "topics").exists()
