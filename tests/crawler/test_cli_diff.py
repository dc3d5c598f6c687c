"""`dossier diff` on a real archive, as its user meets it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from archive.rows import CaptureRows, MembershipRow, OutcomeRow
from archive.store import Archive
from crawler.cli import main
from crawler.cli.diff import harmless
from tests.filling import LATER, NOW, Filling, article_row, fill

ROOT = Path(__file__).parents[2]
MARKET = "https://wire.example/kabul-market"
BRIDGE = "https://wire.example/bridge"
LINES = [f"Paragraph {number} of the report says nothing new." for number in range(9)]


def body_of(first: str, last: str) -> str:
    return "\n".join([first, *LINES, last])


TEXTS = (
    ("Bridge closed", body_of("The bridge was shut on Monday.", "It stays shut for cars.")),
    ("Bridge closed", body_of("The bridge was shut on Tuesday.", "It stays shut for cars.")),
    (
        "Bridge open\x1b[31m again",
        body_of("The bridge was shut on Tuesday.", "It is \u202eopen\x07 for cars."),
    ),
)


def text_of(number: int, title: str, body: str) -> dict[str, Any]:
    fetched = f"2019-03-1{number}T08:00:00Z"
    return {"url": BRIDGE, "outlet": "wire.example", "title": title, "body": body, "fetched": fetched}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The usual archive, and an article of three texts in it."""
    folder = fill(tmp_path_factory.mktemp("texts"))
    archive = Archive.open(folder)
    filling = Filling(archive, archive.topics.ensure("talks", "Peace talks", ""))
    filling.source = archive.sources.ensure("feeds", "https://wire.example/feed.xml", "wire.example")
    filling.store(90, text_of(1, *TEXTS[0]))
    for number, text in enumerate(TEXTS[1:], start=2):
        known = filling.known(BRIDGE)
        rows = CaptureRows(
            change="version", article=article_row(text_of(number, *text)), article_id=known.id, story_id=known.story_id,
            membership=MembershipRow(topic_id=filling.topic, score=0.6, verdict="keep", matched="[]"),
            outcome=OutcomeRow(candidate_id=filling.announce(BRIDGE), state="stored"),
        )  # fmt: skip
        archive.articles.store(rows, LATER)
    archive.close()
    return folder


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *words], prog_name="dossier")


def test_the_last_change_is_shown_in_marks_and_what_is_far_from_it_is_folded(data: Path) -> None:
    done = run(data, "diff", BRIDGE)
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "Bridge [-closed-]{+open [31m again+}",
        "  text 2 (2019-03-12 08:00 UTC) to 3 (2019-03-13 08:00 UTC) of 3: 5 words added, 3 removed",
        "  … 9 paragraphs unchanged",
        f"  {LINES[-1]}",
        "  It [-stays shut-]{+is open+} for cars.",
    ]


def test_any_two_texts_can_be_compared_in_either_direction(data: Path) -> None:
    assert "on [-Monday-]{+Tuesday+}." in run(data, "diff", BRIDGE, "--to", "2").output
    assert "on [-Tuesday-]{+Monday+}." in run(data, "diff", BRIDGE, "--from", "3", "--to", "1").output
    first = run(data, "diff", BRIDGE, "--from", "1").output
    assert "on [-Monday-]{+Tuesday+}." in first
    assert "text 1 (2019-03-11 08:00 UTC) to 3" in first
    assert "The two texts are the same." in run(data, "diff", BRIDGE, "--from", "2", "--to", "2").output


def test_what_came_by_evening_is_told(data: Path) -> None:
    assert "  {+By evening it was open too.+}" in run(data, "diff", f"{MARKET}/").output.splitlines()


def test_the_data_make_both_texts_again(data: Path) -> None:
    told = json.loads(run(data, "diff", BRIDGE, "--json").output)
    assert [one["number"] for one in told["texts"]] == [1, 2, 3]
    assert (told["from"]["number"], told["to"]["number"]) == (2, 3)
    for gone, (title, body) in zip(("added", "removed"), TEXTS[1:], strict=True):
        parts = [told["title"], *(one for one in told["paragraphs"] if one["said"] != gone)]
        made = ["".join(run["text"] for run in one["runs"] if run["said"] != gone) for one in parts]
        assert made == [title, *body.split("\n")]


def test_an_article_of_one_text_is_told_as_that(data: Path) -> None:
    done = run(data, "diff", "https://wire.example/doha")
    assert done.exit_code == 0
    assert f"Only one text of it is here, of {NOW[:10]}" in done.output
    told = json.loads(run(data, "diff", "https://wire.example/doha", "--json").output)
    assert (told["from"], told["paragraphs"], len(told["texts"])) == (None, [], 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("https://nobody.example/",), "`dossier search WORDS` finds articles"),
        (("gopher://wire.example/",), "http:// or https://"),
        ((BRIDGE, "--from", "7"), "--from: 7: there are 3 texts of it; give a number from 1 to 3"),
        (("https://wire.example/doha", "--to", "2"), "--to: 2: there is 1 text of it"),
        ((BRIDGE, "--to", "1"), "name the one to compare with"),
        ((BRIDGE, "--from", "0"), "--from"),
    ],
)
def test_what_cannot_be_compared_is_a_usage_error(data: Path, words: tuple[str, ...], said: str) -> None:
    done = run(data, "diff", *words)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())


def test_a_terminal_gets_colours_and_no_control_character_of_a_text(data: Path) -> None:
    command = [sys.executable, "-m", "crawler.cli", "--data", str(data), "diff", BRIDGE]
    clean = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}
    master, slave = pty.openpty()
    subprocess.run(command, stdout=slave, cwd=ROOT, check=True, env={**clean, "TERM": "xterm"})
    os.close(slave)
    shown = os.read(master, 1 << 16).decode()
    os.close(master)
    assert "\x1b[9;31mclosed" in shown
    assert "\x1b[32m" in shown
    assert "[-" not in shown
    for text in (shown, run(data, "diff", BRIDGE).output):
        assert not {"\x07", "\u202e"} & set(text)
    assert "\x1b" not in run(data, "diff", BRIDGE).output


@given(st.text())
def test_a_run_of_any_text_is_harmless_and_keeps_the_gaps_at_its_ends(text: str) -> None:
    shown = harmless(text)
    assert not {char for char in shown if unicodedata.category(char) in {"Cc", "Cf"} and char not in "\u200c\u200d"}
    assert shown[:1].isspace() == text[:1].isspace()
    assert harmless(shown) == shown
