from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.store import Archive
from crawler.cli import main
from crawler.cli.review import QUESTION, walk
from crawler.terminal import console
from tests.extras import needs_the_extra
from tests.reviewing import CONFIRMED, HOSTILE, OPEN, REFUSED, fill, memberships, url_of
from tests.terminals import typed

ROOT = Path(__file__).parents[2]
ON, OFF = CONFIRMED[0][0], REFUSED[0][0]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("filled"), kept=2)


@pytest.fixture
def data(tmp_path: Path, filled: Path) -> Path:
    return shutil.copytree(filled, tmp_path / "data")


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), "review", *words], prog_name="dossier")


def verdict(data: Path, title: str) -> tuple[str, str]:
    """The verdict on an article, and the answer to it."""
    _, decision, _, answer = memberships(data, title)[0]
    return decision, answer


def test_in_a_pipe_it_lists_best_first_and_asks_nothing(filled: Path) -> None:
    done = run(filled)
    assert done.exit_code == 0
    lines = done.output.splitlines()
    at = lines.index(ON)
    assert lines[at + 1].startswith("  2024-05-01 12:00 UTC  The Herald  score 0.")
    assert lines[at + 2] == "  from port amaro 100%"
    assert "between review (0.1) and keep (0.5)" in lines[at + 3]
    assert "wants new winches" in lines[at + 4]
    assert lines[at + 5] == f"  {url_of(ON)}"
    assert lines[-1].startswith("6 articles of sluice to review.")
    assert "The sluice is shut" not in done.output
    assert "1 of them shown" in run(filled, "sluice", "--limit", "1").output


def test_it_speaks_json(filled: Path) -> None:
    listed = json.loads(run(filled, "sluice", "--json").output)
    assert len(listed) == 6
    assert {one["url"] for one in listed} == {url_of(title) for title, _ in (*CONFIRMED, *REFUSED, *OPEN)}
    assert listed[0]["matched"][0][0] == "port amaro"
    assert not [key for key in listed[0] if key == "id" or key.endswith("_id")]


@needs_the_extra
def test_by_meaning_the_sunken_barge_comes_before_the_rowers(filled: Path) -> None:
    listed = json.loads(run(filled, "sluice", "--by-meaning", "--json").output)
    assert len(listed) == 6
    assert all(-1 <= one["nearness"] <= 1 for one in listed)
    nearness = {one["url"]: one["nearness"] for one in listed}
    assert nearness[url_of(HOSTILE)] > nearness[url_of(OFF)] + 0.1
    assert len(json.loads(run(filled, "sluice", "--by-meaning", "--limit", "2", "--json").output)) == 2
    assert ", meaning 0." in run(filled, "sluice", "--by-meaning").output


def test_without_the_extra_an_order_by_meaning_is_refused_with_the_mend(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "wordllama", None)
    done = run(filled, "sluice", "--by-meaning")
    assert done.exit_code == 2
    assert "pip install 'dossier-news[semantic]'" in done.output


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_no_control_character_of_the_web_reaches_the_terminal(filled: Path, options: tuple[str, ...]) -> None:
    output = run(filled, *options).output
    assert "Drowned" in output
    assert not {char for char in output if unicodedata.category(char) in {"Cc", "Cf"} and char != "\n"}


def test_scripts_answer_by_address_and_the_answer_can_be_changed(data: Path) -> None:
    done = run(data, "sluice", "--yes", url_of(ON), "--no", f"{url_of(OFF)}/amp")
    assert done.exit_code == 0
    assert done.output.splitlines() == [f"yes: {ON}", f"no: {OFF}"]
    assert verdict(data, ON) == ("keep", "yes")
    assert verdict(data, OFF) == ("drop", "no")
    assert ON not in run(data).output
    told = run(data, "--answered").output
    assert "you said yes on" in told
    assert "2 answers on sluice" in told
    # What the judge keeps can be answered too, and an answer can be taken back.
    kept = "Week x of the sluice"
    again = json.loads(run(data, "--no", url_of(ON), "--no", url_of(kept), "--json").output)
    assert again == [{"url": url_of(ON), "answer": "no"}, {"url": url_of(kept), "answer": "no"}]
    assert verdict(data, kept) == verdict(data, ON) == ("drop", "no")
    told = CliRunner().invoke(main, ["--data", str(data), "why", url_of(ON)]).output
    assert "sluice: drop, score 0." in told
    assert "; you said no on " in told
    assert "between review (0.1) and keep (0.5)" in told


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("harbours",), "harbours: this archive follows no such topic; name one of sluice"),
        (("--yes", "https://herald.example/none"), "no article of sluice is there"),
        (("--no", "ftp://herald.example/none"), "Give an address that begins with http"),
        (("--limit", "0"), "Invalid value for '--limit'"),
        (("\x1b[31m",), "[31m: this archive"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_answered(filled: Path, words: tuple[str, ...], fault: str) -> None:
    done = run(filled, "--yes", url_of(ON), *words) if "--limit" not in words else run(filled, *words)
    assert done.exit_code == 2
    assert fault in done.stderr
    assert "\x1b" not in done.stderr
    assert verdict(filled, ON) == ("review", "")


def test_an_answer_that_cannot_be_written_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.answers.PATIENCE", 50)
    with closing(Archive.open(data)) as crawl:
        crawl.db.execute("BEGIN IMMEDIATE")
        done = run(data, "--yes", url_of(ON))
        crawl.db.execute("ROLLBACK")
    assert done.exit_code == 5
    assert "is being written by another program; answer https://herald.example/" in done.stderr


def rows_of(*titles: str) -> list[dict[str, object]]:
    standing = {
        "published": None, "outlet": "herald.example", "outlet_name": "", "score": 0.3, "matched": [], "reason": "",
        "answer": "", "answered": None, "summary": "", "lead": "",
    }  # fmt: skip
    return [{**standing, "title": title, "url": f"https://herald.example/{title}"} for title in titles]


def test_a_walk_hands_on_each_answer_at_once_and_stops_when_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[tuple[str, str]] = []
    keys: Iterator[str] = iter(["y", "s", "o", "n", "q"])
    counts = walk(console(), rows_of("a", "b", "c", "d", "e"), lambda: next(keys),
                  lambda one, answer: said.append((one["title"], answer)))  # fmt: skip
    assert said == [("a", "yes"), ("c", "no")]
    assert counts == {"yes": 1, "no": 1}
    shown = capsys.readouterr().out
    assert shown.count("https://herald.example/c") == 1
    assert "4 of 5" in shown
    assert "5 of 5" not in shown


def test_on_a_terminal_it_asks_for_one_after_the_other(data: Path) -> None:
    best = [one["title"] for one in json.loads(run(data, "--json").output)][:3]
    command = [sys.executable, "-m", "crawler.cli", "--data", str(data), "review"]
    answers = [(QUESTION, "y\n"), (QUESTION, "x\n"), (QUESTION, "o\n"), (QUESTION, "n\n"), (QUESTION, "q\n")]
    code, shown = typed(command, answers, cwd=ROOT, env={**os.environ, "TERM": "xterm", "COLUMNS": "200"})
    assert code == 0, shown
    assert "1 of 6" in shown
    assert "1 yes, 1 no; 4 articles still to review." in shown
    assert url_of(best[1]) in shown
    assert "\x1b]0;x" not in shown
    assert [verdict(data, title)[0] for title in best] == ["keep", "drop", "review"]
    assert HOSTILE not in shown
