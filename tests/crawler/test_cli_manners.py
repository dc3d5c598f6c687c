"""How every verb speaks: errors on one line, quiet and at length, on terminals and in pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from crawler.cli import VERBS, main, short_of
from crawler.cli.endings import LOG, PIPED, code_of, line_of, of_system, opened
from crawler.exits import Exit
from crawler.manners import Manners, colour, manners
from tests.filling import fill
from tests.terminals import typed

ROOT = Path(__file__).parents[2]
RIGHTS = "give yourself the right to it, or name another place"
WITHOUT_ARCHIVE = {"new", "completion", "demo", "serve", "schedule"}
RUN = [sys.executable, "-m", "crawler.cli"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("spoken"))


def run(*words: str, **more: str) -> Result:
    return CliRunner(env={"DOSSIER_LOG_FORMAT": None, **more}).invoke(main, words, prog_name="dossier")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("crwl",), "crwl is no verb of dossier; did you mean `dossier crawl`?"),
        (("xyzzy",), "xyzzy is no verb of dossier; `dossier --help` lists them all"),
        (("status", "more"), "Got unexpected extra argument (more); see `dossier status --help`"),
        (
            ("search", "x", "--limit", "few"),
            "Invalid value for '--limit': 'few' is no whole number; see `dossier search",
        ),
        (("reextract", "--since", "once"), "'once' is no day; give one such as 2019-01-31"),
        (("why",), "Missing argument 'URL'; see `dossier why --help`"),
        (("story", "split"), "see `dossier story split --help`"),
        (("--log-format", "xml", "status"), "'xml' is not one of"),
        (("crawl", "nowhere"), "nowhere: no such topic or file"),
        (("crawl", "-s", "x"), "'x' is not NAME=VALUE; give one such as DOWNLOAD_DELAY=1"),
        (("--data", __file__, "status"), "is a file; name the folder of an archive"),
        (("serve", "--auth-file", "/no/such"), "--auth-file /no/such cannot be read (No such file or directory); name"),
    ],
)
def test_what_is_typed_wrong_is_told_on_one_line_with_the_mend(data: Path, words: tuple[str, ...], told: str) -> None:
    result = run("--data", str(data), *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("dossier: ")
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("verb", sorted({*VERBS} - WITHOUT_ARCHIVE))
def test_every_verb_that_needs_one_says_where_no_archive_can_be(tmp_path: Path, verb: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run("--data", str(tmp_path / "file"), verb, "--help")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_dossier_alone_shows_what_can_be_done_with_examples(tmp_path: Path) -> None:
    result = run("--data", str(tmp_path))
    assert result.exit_code == 0
    assert "The usual way:" in result.stdout
    assert "dossier crawl floods" in result.stdout
    assert result.stdout == run("--data", str(tmp_path), "--help").stdout


def test_the_help_of_a_verb_is_its_first_sentence_as_far_as_it_fits() -> None:
    assert short_of("search", 60) == "Search the archive"
    assert all(len(short_of(verb, 60)) <= 60 for verb in VERBS)


def fault(text: str) -> None:
    raise ZeroDivisionError(text)


@click.command("faulty")
@click.argument("kind")
def faulty(kind: str) -> None:
    """Fail."""
    from archive.errors import StoreError

    if kind == "pipe":
        raise BrokenPipeError
    if kind == "stop":
        raise KeyboardInterrupt
    if kind == "rights":
        raise PermissionError(13, "Permission denied", "/srv/news.db")
    if kind == "store":
        raise StoreError("/srv/news.db is damaged; put a copy in its place")
    fault("by nought\n\x1b[31m")


@pytest.fixture
def with_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    import crawler.cli

    monkeypatch.setattr(crawler.cli, "VERBS", (*VERBS, "faulty"))
    monkeypatch.setattr(sys.modules["crawler.cli"], "import_module", lambda _: sys.modules[__name__])
    monkeypatch.setattr(sys.modules[__name__], "command", faulty, raising=False)
    yield
    main.commands.pop("faulty", None)


@pytest.mark.usefixtures("with_faults")
def test_a_fault_of_ours_is_one_line_and_its_traceback_is_kept(tmp_path: Path) -> None:
    result = run("--data", str(tmp_path), "faulty", "ours")
    assert result.exit_code == int(Exit.FAULT)
    assert result.stderr.count("\n") == 1
    assert "an unexpected fault (ZeroDivisionError: by nought" in result.stderr
    assert str(tmp_path / LOG) in result.stderr
    assert "\x1b" not in result.stderr
    assert "Traceback" in (tmp_path / LOG).read_text(encoding="utf-8")


@pytest.mark.usefixtures("with_faults")
@pytest.mark.parametrize("words", [("-v", "faulty", "ours"), ("faulty", "ours", "-v")])
def test_a_traceback_is_shown_to_those_who_ask_for_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run("--data", str(tmp_path / "nowhere"), *words)
    assert "Traceback" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("dossier: an unexpected fault")


@pytest.mark.usefixtures("with_faults")
@pytest.mark.parametrize(
    ("kind", "code", "told"),
    [
        ("pipe", PIPED, ""),
        ("stop", Exit.INTERRUPTED, "dossier: interrupted; what was written until now is kept\n"),
        ("rights", Exit.FAULT, f"dossier: /srv/news.db: Permission denied; {RIGHTS}\n"),
        ("store", Exit.NOT_STORED, "dossier: /srv/news.db is damaged; put a copy in its place\n"),
    ],
)  # fmt: skip
def test_each_end_has_its_code(tmp_path: Path, kind: str, code: int, told: str) -> None:
    result = run("--data", str(tmp_path), "faulty", kind)
    assert (result.exit_code, result.stderr.lstrip("\n")) == (int(code), told)


@pytest.mark.usefixtures("with_faults")
def test_errors_are_lines_for_programs_where_that_is_asked_for(tmp_path: Path) -> None:
    for words, more in ((("--log-format", "json"), {}), ((), {"DOSSIER_LOG_FORMAT": "json"})):
        result = run("--data", str(tmp_path), *words, "faulty", "store", **more)
        told = json.loads(result.stderr)
        assert (told["level"], told["message"]) == ("error", "/srv/news.db is damaged; put a copy in its place")
    assert not isinstance(sys.stderr, dict)


def test_a_full_disk_is_told_as_one() -> None:
    assert "the disk is full" in of_system(OSError(28, "No space left on device", "/srv/x"))
    assert not of_system(OSError(9, "Bad file descriptor"))
    assert not of_system(ValueError("x"))


def test_messages_with_a_mend_of_their_own_get_no_other() -> None:
    context = click.Context(main, info_name="dossier")
    assert line_of(click.UsageError("no; do that", context)) == "no; do that"
    assert line_of(click.UsageError("no\n  way.", context)) == "no way; see `dossier --help`"


def test_a_command_that_gives_no_code_is_done() -> None:
    assert code_of(lambda: None) == 0
    assert code_of(lambda: 7) == 7


def test_there_is_something_to_print_on_where_it_was_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    opened()
    assert sys.stdout.write("x") == 1
    sys.stdout.close()


def test_a_reader_that_has_enough_ends_the_command_without_a_word(tmp_path: Path, data: Path) -> None:
    command = f"'{sys.executable}' -m crawler.cli --data '{data}' why https://wire.example/doha"
    line = f"({command}; echo $? >'{tmp_path}/code') | true"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    assert (tmp_path / "code").read_text(encoding="utf-8").strip() in {"0", str(PIPED)}


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, None),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, None),
        ({"FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_colours_are_as_the_environment_asks(environ: dict[str, str], wanted: bool | None) -> None:
    assert colour(environ) is wanted


def test_no_control_sequence_reaches_a_pipe_unless_colours_are_forced(data: Path) -> None:
    for words in (
        ("search", "doha"),
        ("status",),
        ("review",),
        ("sources",),
        ("diff", "https://wire.example/kabul-market"),
    ):
        assert "\x1b" not in run("--data", str(data), *words).stdout
    forced = run("--data", str(data), "search", "doha", FORCE_COLOR="1").stdout
    assert "\x1b[1m" in forced
    plain = run("--data", str(data), "search", "doha").stdout
    assert [len(line) for line in plain.splitlines()] == [len(click.unstyle(line)) for line in forced.splitlines()]


def test_a_change_is_marked_where_colours_cannot_show_it(data: Path) -> None:
    url = "https://wire.example/kabul-market"
    code, shown = typed(
        [*RUN, "--data", str(data), "diff", url], (), cwd=ROOT, env={**os.environ, "NO_COLOR": "1", "TERM": "xterm"}
    )
    assert code == 0
    assert "{+By evening it was open too.+}" in " ".join(shown.split())


def test_manners_are_plain_where_no_command_runs() -> None:
    assert manners() == Manners()
    assert Manners(verbose=True).settings() == {"DOSSIER_LOG_FORMAT": "text", "LOG_LEVEL": "DEBUG"}
    assert Manners(quiet=True, log_format="json").options() == ["--quiet", "--log-format=json"]
