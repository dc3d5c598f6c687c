from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.store import Archive
from crawler.alerts.memory import NAME as MEMORY
from crawler.cli import main
from crawler.exits import Exit
from crawler.operation import NAME
from tests.filling import fill
from tests.posted import Hook

KILLED = "2019-03-14T09:00:00Z"


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = fill(tmp_path_factory.mktemp("killed"))
    with closing(Archive.open(data)) as archive:
        archive.runs.start(1, KILLED)
    return data


@pytest.fixture
def data(killed: Path, tmp_path: Path) -> Path:
    """An archive whose last run was killed."""
    return shutil.copytree(killed, tmp_path / "data")


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as hook:
        yield hook


def watch(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), "watch", *words], prog_name="dossier")


def rules(data: Path, hook: Hook, more: str = "") -> None:
    text = f'[alerts]\n{more}\n[alerts.webhook]\nurl = "http://127.0.0.1:{hook.port}/T0/secret"\nallow_private = true\n'
    (data / NAME).write_text(text, encoding="utf-8")


def test_what_is_wrong_is_said_also_where_nobody_is_told(data: Path) -> None:
    result = watch(data)
    assert result.exit_code == int(Exit.UNWELL)
    first, second, third, *_ = result.stdout.splitlines()
    assert first == "run failed talks since 2019-03-14 09:00 UTC"
    assert "never ended" in second
    assert "`dossier crawl talks` goes on from there" in third
    assert "1 fault." in result.stdout
    assert "Nobody is told: [alerts] in dossier.toml names no command, email or webhook." in result.stdout
    assert not (data / MEMORY).exists()


def test_an_archive_that_is_well_ends_with_nothing_wrong(tmp_path: Path) -> None:
    result = watch(fill(tmp_path))
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "Nothing is wrong.")


def test_a_fault_is_sent_once_and_the_exit_code_says_that_it_lasts(data: Path, hook: Hook) -> None:
    rules(data, hook)
    first, second = watch(data), watch(data)
    assert (first.exit_code, second.exit_code) == (7, 7)
    assert "webhook to 127.0.0.1: told 1 new" in first.stdout
    assert "webhook to 127.0.0.1: nothing new to tell" in second.stdout
    (got,) = hook.got
    assert json.loads(got.body)["alerts"][0]["kind"] == "run failed"
    assert "secret" not in first.output


def test_what_could_not_be_sent_is_told_by_the_exit_code_and_sent_by_the_next_look(data: Path, hook: Hook) -> None:
    rules(data, hook)
    hook.status = 503
    failed = watch(data)
    assert failed.exit_code == int(Exit.UNREACHABLE)
    assert "not sent: 127.0.0.1 answered HTTP 503 OK (tried again by the next look)" in failed.stdout
    hook.status = 204
    assert watch(data).exit_code == 7
    assert len(hook.got) == 2


def test_one_way_that_fails_keeps_no_other_from_it(data: Path, hook: Hook, tmp_path: Path) -> None:
    out = tmp_path / "said"
    word = json.dumps([sys.executable, "-S", "-c", f"open({str(out)!r}, 'a').write('x')"])
    rules(data, hook, f"command = {word}")
    hook.status = 500
    result = watch(data)
    assert out.read_text(encoding="utf-8") == "x"
    assert "told 1 new" in result.stdout
    assert watch(data).exit_code == int(Exit.UNREACHABLE)
    assert out.read_text(encoding="utf-8") == "x", "told once"


def test_an_archive_that_cannot_be_read_is_a_fault_and_ends_no_other(data: Path, hook: Hook) -> None:
    rules(data, hook, "settle = 0")
    assert watch(data).exit_code == 7
    whole = (data / "news.db").read_bytes()
    for name in ("news.db-wal", "news.db-shm"):
        (data / name).unlink(missing_ok=True)
    (data / "news.db").write_bytes(b"no database, and no header of one: " * 9)
    result = watch(data)
    assert result.exit_code == 7
    assert "told 1 new" in result.stdout
    assert "archive unwell" in result.stdout
    (data / "news.db").write_bytes(whole)
    assert "told 1 well again" in watch(data).stdout
    states = [json.loads(got.body)["alerts"][0] for got in hook.got]
    assert [(one["kind"], one["state"]) for one in states] == [
        ("run failed", "new"), ("archive unwell", "new"), ("archive unwell", "well"),
    ]  # fmt: skip


def test_a_dry_look_sends_nothing(data: Path, hook: Hook) -> None:
    rules(data, hook)
    result = watch(data, "--dry-run")
    assert "webhook to 127.0.0.1: would tell 1 new" in result.stdout
    assert (result.exit_code, hook.got) == (7, [])
    assert not (data / MEMORY).exists()


def test_a_look_speaks_json(data: Path, hook: Hook) -> None:
    rules(data, hook)
    told = json.loads(watch(data, "--json").stdout)
    assert [one["kind"] for one in told["wrong"]] == ["run failed"]
    assert told["sent"] == [
        {"way": "webhook", "label": "webhook to 127.0.0.1", "states": {"new": 1}, "alerts": 1, "failed": ""}
    ]
    assert told["remarks"] == []


def test_a_test_alert_says_how_each_way_went(tmp_path: Path, hook: Hook) -> None:
    tmp_path.mkdir(exist_ok=True)
    rules(tmp_path, hook, f"command = {json.dumps(shlex.split('/no/such program'))}")
    result = watch(tmp_path, "--test")
    assert result.exit_code == int(Exit.UNREACHABLE)
    assert result.stdout.splitlines() == [
        "the command such: not sent: /no/such cannot be run (No such file or directory); see that it is there",
        "webhook to 127.0.0.1: sent",
    ]
    assert json.loads(hook.got[0].body)["state"] == "test"


@pytest.mark.parametrize(
    ("content", "words", "told"),
    [
        ("[alerts]\ncomand = 1\n", (), "[alerts] comand is no key of it"),
        ("", ("--test",), "names no way to send one; add command, email or webhook"),
        ("", ("--test", "--dry-run"), "give one of them"),
    ],
)
def test_what_cannot_be_done_is_told(data: Path, content: str, words: tuple[str, ...], told: str) -> None:
    (data / NAME).write_text(content, encoding="utf-8")
    result = watch(data, *words)
    assert result.exit_code == 2
    assert told in result.stderr
