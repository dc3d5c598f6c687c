from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.store import Archive
from crawler.cli import main
from crawler.folders import DEFAULT_TOPIC, PACKAGED_TOPICS
from pipelines.topic import load_topic
from tests.reviewing import CONFIRMED, REFUSED, TOPIC, fill, store, url_of
from tests.terminals import typed

ROOT = Path(__file__).parents[2]
ANSWERS = [word for title, _ in CONFIRMED for word in ("--yes", url_of(title))]
ANSWERS += [word for title, _ in REFUSED for word in ("--no", url_of(title))]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = fill(tmp_path_factory.mktemp("answered"))
    assert run(data, "review", "sluice", *ANSWERS).exit_code == 0
    return data


@pytest.fixture
def data(tmp_path: Path, answered: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive with answers, in a folder where the topic's file lies in `topics`."""
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "sluice.toml").write_text(TOPIC, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return shutil.copytree(answered, tmp_path / "data")


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *words], prog_name="dossier")


def test_in_a_pipe_it_shows_the_change_and_its_effect_and_writes_nothing(data: Path) -> None:
    done = run(data, "learn")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == f"--- {Path.cwd()}/topics/sluice.toml"
    assert '+never = ["Heron Rowing Club"]' in lines
    assert ' "harbour" = 0   # off: every port has one' in lines
    assert f'+    "{url_of(CONFIRMED[0][0])}",' in lines
    assert any(line.startswith("Winches") and "new: " in line and line.split()[-2:] == ["3", "0"] for line in lines)
    assert "never Heron Rowing Club: in 2 refused articles; drops 2 stored, none of them kept" in lines
    assert "Of 18 stored articles judged again, " in done.output
    assert "Of 5 answers, the judge itself agrees with " in done.output
    assert lines[-1] == "Nothing is written: --write does."
    assert [path.name for path in Path("topics").iterdir()] == ["sluice.toml"]
    assert Path("topics/sluice.toml").read_text(encoding="utf-8") == TOPIC


def test_what_is_written_is_what_was_shown_and_is_learnt_once(data: Path) -> None:
    shown = json.loads(run(data, "learn", "sluice", "--json").output)
    assert shown["verdicts_changed"] == len(shown["examples"])
    assert Path("topics/sluice.toml").read_text(encoding="utf-8") == TOPIC
    done = run(data, "learn", "--write")
    assert f"Written to {Path.cwd()}/topics/sluice.toml; the former text is in " in done.output
    assert Path("topics/sluice.toml.bak").read_text(encoding="utf-8") == TOPIC
    after = load_topic(Path("topics/sluice.toml"))
    assert {*after.seeds} == {url_of(title) for title, _ in CONFIRMED}
    assert after.never == ("heron rowing club",)
    weights = {term.text: term.weight for term in after.terms}
    assert weights | {one["text"].casefold(): one["after"] for one in shown["terms"]} == weights
    assert (weights["sluice"], weights["harbour"]) == (4, 0)
    for line in ("# The sluice at Port Amaro.", 'title = "Sluice"   # short', '"sluice" = 4  # the heaviest'):
        assert f"{line}\n" in after.definition
    again = run(data, "learn", "--write")
    assert again.output == "Nothing new to learn. `dossier review` asks for answers.\n"
    assert Path("topics/sluice.toml").read_text(encoding="utf-8") == after.definition


def test_an_answer_that_is_taken_back_takes_its_seed_with_it(data: Path) -> None:
    run(data, "learn", "--write")
    run(data, "review", "--no", url_of(CONFIRMED[1][0]))
    assert f'-    "{url_of(CONFIRMED[1][0])}",' in run(data, "learn", "--write").output.splitlines()
    assert url_of(CONFIRMED[1][0]) not in load_topic(Path("topics/sluice.toml")).seeds


def test_on_a_terminal_it_asks_and_no_means_no(data: Path) -> None:
    command = [sys.executable, "-m", "crawler.cli", "--data", str(data), "learn"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "200"}
    for answer, word in (("n\n", "harbour"), ("y\n", "winches")):
        code, shown = typed(command, [("[y/N]: ", answer)], cwd=Path.cwd(), env=environment)
        assert code == 0, shown
        assert "/topics/sluice.toml? [y/N]: " in shown
        assert word in Path("topics/sluice.toml").read_text(encoding="utf-8").casefold()
        assert Path("topics/sluice.toml.bak").exists() == (answer == "y\n")


def test_a_packaged_topic_is_copied_first_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    archive = Archive.open(tmp_path / "data")
    topic = archive.topics.ensure(DEFAULT_TOPIC, "", "")
    store(
        archive,
        topic,
        "Envoys meet in Doha",
        "Envoys of the Taliban met Zalmay Khalilzad in Doha over a dam at Kajaki.",
    )
    archive.close()
    run(tmp_path / "data", "review", "--yes", url_of("Envoys meet in Doha"))
    packaged = (PACKAGED_TOPICS / f"{DEFAULT_TOPIC}.toml").read_text(encoding="utf-8")
    done = run(tmp_path / "data", "learn", "--write")
    copy = tmp_path / "data" / "topics" / f"{DEFAULT_TOPIC}.toml"
    assert f"{DEFAULT_TOPIC} came with Dossier. Its changed copy is found before it: {copy}" in done.output
    assert load_topic(copy).seeds == (url_of("Envoys meet in Doha"),)
    assert copy.with_name(f"{copy.name}.bak").read_text(encoding="utf-8") == packaged
    assert (PACKAGED_TOPICS / f"{DEFAULT_TOPIC}.toml").read_text(encoding="utf-8") == packaged


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("nothing",), "nothing: no such topic or file"),
        ((DEFAULT_TOPIC,), f"{DEFAULT_TOPIC}: this archive follows no such topic; name one of sluice"),
    ],
)
def test_a_mistake_is_told(data: Path, words: tuple[str, ...], fault: str) -> None:
    done = run(data, "learn", *words)
    assert done.exit_code == 2
    assert fault in done.stderr


def test_a_file_that_cannot_be_written_is_told(data: Path) -> None:
    Path("topics/sluice.toml.bak").mkdir()
    done = run(data, "learn", "--write")
    assert done.exit_code == 3
    assert "topics/sluice.toml: cannot be written" in done.stderr
    assert Path("topics/sluice.toml").read_text(encoding="utf-8") == TOPIC
