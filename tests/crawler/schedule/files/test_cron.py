from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.schedule.files.clock import PERIODS
from crawler.schedule.files.cron import LONGEST, command, crontab, entries, hint
from crawler.schedule.files.installation import Followed, Installation
from crawler.schedule.files.quoting import FileRefused
from crawler.schedule.files.wishes import Wishes
from tests.extras import needs
from tests.schedulers import run_by_cron

TELLER = """#!{python}
import sys
print("here is what I did")
print("and why", file=sys.stderr)
open({log!r}, "w").write(repr(sys.argv[1:]))
sys.exit({code})
"""


def lines(text: str) -> list[tuple[str, str]]:
    """The five fields and the command of each line."""
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    return [(" ".join(row.split(" ", 5)[:5]), row.split(" ", 5)[5]) for row in rows]


@needs("crontab", "cron")
@pytest.mark.parametrize("period", ["15m", "1h", "6h", "1d"])
def test_cron_takes_every_line(here: Installation, tmp_path: Path, period: str) -> None:
    file = tmp_path / "dossier.cron"
    file.write_text(crontab(here, PERIODS[period]), encoding="utf-8")
    done = subprocess.run(["crontab", "-n", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@needs("crontab", "cron")
def test_cron_would_have_said_so(tmp_path: Path) -> None:
    (tmp_path / "bad.cron").write_text("61 * * * * true\n", encoding="utf-8")
    done = subprocess.run(["crontab", "-n", str(tmp_path / "bad.cron")], capture_output=True, check=False)
    assert done.returncode != 0


def test_each_topic_the_night_and_the_watch_have_their_lines(here: Installation) -> None:
    words = [words for _, words, _ in entries(here, 60)]
    assert words == [
        (*here.program, "--data", str(here.data), *more)
        for more in (
            ("crawl", "talks", *here.wishes.crawl_options),
            ("crawl", "/srv/my topics/my heat.toml", *here.wishes.crawl_options),
            ("snapshot",),
            ("maintain",),
            ("watch",),
        )
    ]


@pytest.mark.parametrize("period", [15, 60, 360, 1440])
@pytest.mark.parametrize("number", [1, 14])
def test_no_two_of_them_start_in_the_same_minute(here: Installation, period: int, number: int) -> None:
    topics = tuple(Followed(name=f"t{index}", typed=f"t{index}") for index in range(number))
    many = replace(here, topics=topics, wishes=Wishes(sends_alerts=number == 1))
    starts = [set(times.starts) for times, _, _ in entries(many, period)]
    assert all(starts)
    crawls = [start for one in starts[:number] for start in one]
    assert len(crawls) == len(set(crawls)) == number * 24 * 60 // period
    if number < period:
        assert not set(crawls) & set.union(*starts[number:])


def ran(here: Installation, tmp_path: Path, code: int, *words: str) -> tuple[str, list[str]]:
    """What a line of cron mails when its command ends so, and the words that the command was given."""
    program, log = tmp_path / "do it's 50%" / "dossier", tmp_path / "log"
    program.parent.mkdir(exist_ok=True)
    program.write_text(TELLER.format(python=sys.executable, log=str(log), code=code), encoding="utf-8")
    program.chmod(0o755)
    line = command(replace(here, program=(str(program),)).command(*words))
    done = subprocess.run(
        ["sh", "-c", run_by_cron(line, undoes_backslashes=False)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout, eval(log.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("code", "mail"), [(0, ""), (5, ""), (4, "here is what I did\nand why\n")])
def test_only_a_failure_is_mailed(here: Installation, tmp_path: Path, code: int, mail: str) -> None:
    told, words = ran(here, tmp_path, code, "crawl", "it's", "%d \\n $HOME")
    assert told == mail
    assert words == ["--data", str(here.data), "crawl", "it's", "%d \\n $HOME"]


def test_a_watch_that_sends_alerts_looks_every_hour_and_mails_no_finding(here: Installation) -> None:
    silent = [silent for _, _, silent in entries(replace(here, wishes=Wishes(sends_alerts=True)), 60)]
    assert [7 in codes for codes in silent] == [False] * 4 + [True]
    *_, (times, _, _) = entries(replace(here, wishes=Wishes(sends_alerts=True)), 360)
    assert len(times.starts) == 24
    assert not any(7 in codes for _, _, codes in entries(here, 60))


def test_a_line_that_crons_would_cut_is_refused(here: Installation) -> None:
    assert len(command(("x" * (LONGEST - 80),))) <= LONGEST
    with pytest.raises(FileRefused, match="use shorter paths"):
        command(("x" * LONGEST,))


def test_the_hint_puts_the_lines_in_and_takes_them_out_again(here: Installation, tmp_path: Path) -> None:
    """By the very commands, on a crontab that is a file here."""
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "crontab"
    tab = tmp_path / "tab"
    fake.write_text(f'#!/bin/sh\n[ "$1" = -l ] && exec cat {tab}\ncat > {tab}.new && mv {tab}.new {tab}\n', "utf-8")
    fake.chmod(0o755)
    tab.write_text("5 5 * * * mine\n", encoding="utf-8")
    file = tmp_path / "my dossier.cron"
    file.write_text(crontab(here, 60), encoding="utf-8")
    install, _, remove = (line[10:] for line in hint(here, ("cat", str(file))).splitlines())
    environment = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
    for _ in range(2):
        subprocess.run(["sh", "-c", install], env=environment, check=True)
        assert tab.read_text("utf-8") == "5 5 * * * mine\n" + crontab(here, 60)
    subprocess.run(["sh", "-c", remove], env=environment, check=True)
    assert tab.read_text("utf-8") == "5 5 * * * mine\n"
