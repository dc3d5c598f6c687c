from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from crawler.alerts.command import KEPT, Command
from crawler.alerts.way import NotSent
from crawler.alerts.wording import Event, alone, harmless
from crawler.watching.finding import Finding

FINDING = Finding(
    kind="no news", topic="talks", subject="talks", since="2026-03-01T00:00:00Z",
    text='nothing new; $(touch hacked) `touch hacked` "; touch hacked', advice="look at it",
)  # fmt: skip
MESSAGE = alone(Event(state="new", finding=harmless(FINDING)), "/srv/archive")


def command(source: str, *words: str, seconds: float = 20.0) -> Command:
    return Command(words=(sys.executable, "-S", "-c", source, *words), seconds=seconds)


def test_a_command_gets_the_alert_on_its_input_in_its_environment_and_where_it_asks_for_it(tmp_path: Path) -> None:
    out = tmp_path / "got"
    source = (
        "import os, sys; open(sys.argv[1], 'w').write("
        "'\\n'.join([sys.stdin.read(), os.environ['DOSSIER_ALERT_KIND'], *sys.argv[2:]]))"
    )
    command(source, str(out), "{title}", "--{text}").send(MESSAGE)
    said, end, kind, title, other = out.read_text(encoding="utf-8").split("\n")
    assert end == ""  # a line, so that alerts can be appended to a file
    assert json.loads(said)["alerts"][0]["text"] == FINDING.text
    assert (kind, title, other) == ("no news", "Dossier: no news, talks", "--{text}")


def test_no_shell_reads_what_a_finding_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    command("pass", "{text}").send(MESSAGE)
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_fails_is_told_with_what_it_said() -> None:
    with pytest.raises(NotSent, match=r"exit code 3: no display .31m"):
        command("print('no display \\x1b[31m'); raise SystemExit(3)").send(MESSAGE)


def test_a_command_that_talks_without_end_fills_no_memory() -> None:
    with pytest.raises(NotSent) as told:
        command("import sys; sys.stdout.write('x' * 3_000_000); sys.exit(1)").send(MESSAGE)
    assert len(str(told.value)) < KEPT


def test_a_command_that_does_not_end_is_ended_with_its_children(tmp_path: Path) -> None:
    source = (
        "import subprocess, sys, time; subprocess.Popen(["
        "sys.executable, '-S', '-c', 'import time; time.sleep(60)']); time.sleep(60)"
    )
    with pytest.raises(NotSent, match=r"longer than 0\.5 s"):
        command(source, seconds=0.5).send(MESSAGE)


def test_a_command_that_reads_nothing_is_no_fault() -> None:
    command("pass").send(MESSAGE)


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(NotSent, match="/no/such cannot be run"):
        Command(words=("/no/such",)).send(MESSAGE)


def test_what_a_command_leaves_running_in_a_session_of_its_own_is_not_waited_for(tmp_path: Path) -> None:
    """A program that it starts for good may keep its pipes as long as it likes."""
    place = tmp_path / "pid"
    source = (
        "import subprocess, sys; child = subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(60)'],"
        " start_new_session=True); open(sys.argv[1], 'w').write(str(child.pid))"
    )
    command(source, str(place)).send(MESSAGE)
    os.kill(int(place.read_text(encoding="ascii")), signal.SIGKILL)  # ProcessLookupError where it is over
