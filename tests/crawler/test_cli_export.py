"""`dossier export` on a real archive, as its user meets it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.store import Archive
from crawler.cli import main
from tests.filling import ARTICLES, fill
from tests.terminals import typed


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("data"))


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), "export", *words], prog_name="dossier")


def urls(done: Result) -> list[str]:
    assert done.exit_code == 0, done.output
    return [row["url"] for row in csv.DictReader(io.StringIO(done.stdout, newline=""))]


def test_a_question_goes_to_standard_output_and_nothing_else_does(data: Path) -> None:
    done = run(data, "doha", "lang:en", "--no-bodies")
    assert urls(done) == [ARTICLES[1]["url"], ARTICLES[0]["url"]]
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--topic", "talks"), 6),
        (("--outlet", "wire.example"), 3),
        (("--outlet", "https://www.wire.example/", "--since", "2019-02", "--until", "2019-02"), 1),
        (("--outlet", "wire.example", "--outlet", "tal.example"), 4),
        (("--verdict", "review"), 1),
        (("doha", "--copies", "none"), 2),
        (("--limit", "2"), 2),
        (("--", "-outlet:wire.example"), 3),
        (("nosuchword",), 0),
    ],
)
def test_options_are_filters_beside_the_question(data: Path, words: tuple[str, ...], count: int) -> None:
    assert len(urls(run(data, "--no-bodies", *words))) == count


def test_a_file_says_by_its_name_what_it_is_and_the_last_line_what_is_in_it(data: Path, tmp_path: Path) -> None:
    done = run(data, "doha", "-o", str(tmp_path / "doha.jsonl.gz"))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"3 articles in {tmp_path / 'doha.jsonl.gz'}\n"
    lines = gzip.decompress((tmp_path / "doha.jsonl.gz").read_bytes()).decode().splitlines()
    assert [json.loads(line)["url"] for line in lines] == [ARTICLES[number]["url"] for number in (2, 1, 0)]
    done = run(data, "--format", "markdown", "-o", str(tmp_path / "notes"), "zither")
    assert done.stderr == f"1 article in {tmp_path / 'notes'}\n"
    assert (tmp_path / "notes" / "index.md").is_file()


def test_what_is_not_kept_of_the_pages_is_told(data: Path, tmp_path: Path) -> None:
    done = run(data, "-o", str(tmp_path / "talks.warc.gz"))
    assert done.exit_code == 7
    assert "6 records that are damaged or whose file is missing" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "warc"), "name a file with -o"),
        (("-o", "talks.json"), "talks.json tells no form by its ending; say which with --format"),
        (("--format", "markdown"), "name a folder with -o"),
        (("--format", "parquet", "--gzip", "-o", "x"), "not packed"),
        (("--format", "sqlite", "-o", "x", "doha"), "whole archive"),
        (("--format", "sqlite", "-o", "x", "--copies", "none"), "whole archive"),
        (("--public",), "--format sqlite"),
        (("--spreadsheet", "--format", "ris"), "--format csv"),
        (("--topic", "nosuch"), "no such topic; name one of talks"),
        (("--outlet", "nosuch.example"), "no outlet of this archive"),
        (("--outlet", "???"), "that is no domain"),
        (("--since", "soon"), "that is no date"),
        (("--format", "atom", "--limit", "10001"), "10,000 articles at most"),
        (("-outlet:wire.example",), "put -- before a QUERY"),
        (
            (",".join(["outlet:a.example", *(f"a{n}.example" for n in range(40))]), "--outlet", "wire.example"),
            "full: shorten it",
        ),
    ],
)
def test_what_does_not_go_together_is_told_with_its_mend(data: Path, words: tuple[str, ...], said: str) -> None:
    done = run(data, *words)
    assert done.exit_code == 2, done.output
    assert said in " ".join(done.stderr.split())
    assert not Path("x").exists()


def test_a_file_that_is_there_stays_unless_it_is_forced(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine", encoding="utf-8")
    done = run(data, "-o", str(path))
    assert (done.exit_code, path.read_text(encoding="utf-8")) == (3, "mine")
    assert "give --force" in done.stderr
    assert run(data, "-o", str(path), "--force").exit_code == 0
    assert len(path.read_bytes()) > 1000


def test_what_is_not_understood_is_told_and_the_rest_counts(data: Path) -> None:
    done = run(data, "doha", "lang:klingonish!", "--no-bodies", "--topic", "talks")
    assert "that is no language code" in done.stderr
    assert len(urls(done)) == 3


def test_without_an_archive_it_says_so(tmp_path: Path) -> None:
    assert "no archive" in run(tmp_path).stderr


def test_a_reader_that_has_enough_ends_it_quietly_and_a_terminal_takes_no_orders(data: Path, tmp_path: Path) -> None:
    with closing(Archive.open(fill(tmp_path / "large"))) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET body = ?", ["many words " * 40_000])
    command = [sys.executable, "-m", "crawler.cli", "--data", str(tmp_path / "large"), "export"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10) == b"url,outlet"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0
    command[4] = str(data)
    code, shown = typed([*command, "outlet:herald.example", "--no-bodies"], [], cwd=Path.cwd(), env=os.environ)
    assert code == 0
    assert "=HYPERLINK" in shown
    assert "\x1b[31m" not in shown
    assert "\u202e" not in shown


@pytest.mark.soak
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("name", ["a.jsonl", "a.db", "a.parquet", "notes"])
def test_killed_at_any_instant_it_leaves_no_half_file(tmp_path: Path, number: signal.Signals, name: str) -> None:
    with closing(Archive.open(fill(tmp_path / "data"))) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET body = ?", ["many words " * 200_000])
    out = tmp_path / "out"
    out.mkdir()
    command = [sys.executable, "-m", "crawler.cli", "--data", str(tmp_path / "data"), "export", "-o", str(out / name)]
    command += ["--format", "markdown"] * (name == "notes")
    for attempt in range(12):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            time.sleep(0.3 + attempt * 0.03)
            process.send_signal(number)
            code = process.wait()
        if number != signal.SIGKILL:
            assert {one.name for one in out.iterdir()} <= {name}
        if (out / name).exists():
            assert number == signal.SIGKILL or code in {0, 3, 6, -number}
            break
    assert CliRunner().invoke(main, [*command[3:], "--force"]).exit_code == 0
    assert {one.name for one in out.iterdir()} == {name}
