from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.schedule.jobs import Job
from crawler.schedule.keeping import ASIDE, MOST, NAME, Kept, UnreadError, read, set_aside, write
from crawler.schedule.state import Last, Running, State

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
JOB = Job(kind="backfill", topic="talks", file="/d/talks.toml", at=AT, why="left", left="abc", asks_all=True)
LAST = Last(kind="crawl", topic="talks", due=AT, started=AT, finished=AT, code=None, failures=2, left="x", idle=3)
KEPT = Kept(
    state=State(
        runs={("crawl", "talks"): LAST}, nights={"snapshot": date(2026, 5, 1)}, owed=AT, held=AT, holds=2,
        running=Running(job=JOB, started=AT),
    ),
    jobs=(JOB,), faults={"x": "no such topic"},
)  # fmt: skip


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    write(tmp_path, KEPT)
    write(tmp_path, KEPT)
    assert read(tmp_path) == KEPT


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31m", "\udcff", "\u202e", ""], ids=ascii)
def test_names_that_a_file_system_allows_are_no_reason_to_forget_everything(tmp_path: Path, name: str) -> None:
    last = replace(LAST, topic=name)
    job = replace(JOB, topic=name, file=f"/d/{name}.toml")
    kept = Kept(state=State(runs={("crawl", name): last}), jobs=(job,), faults={name: "x" * 9_000})
    write(tmp_path, kept)
    assert read(tmp_path) == replace(kept, faults={name: "x" * 5_000})


def changed(**values: Any) -> Any:
    def change(found: dict[str, Any]) -> None:
        found.update(values)

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.pop("runs"),
        lambda found: found["runs"][0].update(kind="rm -rf"),
        lambda found: found["runs"][0].update(started="2026-05-01"),
        lambda found: found["runs"][0].update(started="2026-06-01T00:00:00Z"),
        lambda found: found["runs"][0].update(code=True),
        lambda found: found["runs"][0].update(failures=-1),
        lambda found: found["running"].update(why="x" * 9_000),
        lambda found: found["running"].update(started="9999-12-31T00:00:00Z"),
        lambda found: found["running"].update(started=None),
        lambda found: found["next"].append([]),
        changed(version=2),
        changed(nights={"snapshot": "tomorrow"}),
        changed(nights=[1]),
        changed(runs={}),
        changed(runs=[None] * 5_000),
        changed(holds=1.5),
        changed(owed="now"),
        changed(faults={"x": 1}),
    ],
)
def test_what_no_daemon_writes_is_refused(tmp_path: Path, change: Any) -> None:
    write(tmp_path, KEPT)
    found = json.loads((tmp_path / NAME).read_text("utf-8"))
    change(found)
    (tmp_path / NAME).write_text(json.dumps(found), "utf-8")
    with pytest.raises(UnreadError, match="not what a daemon writes"):
        read(tmp_path)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=40), st.integers(0, 600)))
def test_a_torn_file_is_refused_and_never_a_crash(tmp_path: Path, content: bytes | int) -> None:
    write(tmp_path, KEPT)
    whole = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(content if isinstance(content, bytes) else whole[:content])
    with pytest.raises(UnreadError):
        read(tmp_path)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"version": ' + "9" * 10_000 + "}", " " * (MOST + 1), "null", "[]"])
def test_a_hostile_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, "utf-8")
    with pytest.raises(UnreadError):
        read(tmp_path)


def test_neither_links_nor_pipes_nor_folders_are_followed(tmp_path: Path) -> None:
    place = tmp_path / NAME
    for make in (lambda: place.symlink_to("/etc/passwd"), lambda: os.mkfifo(place), place.mkdir):
        make()
        with pytest.raises(UnreadError):
            read(tmp_path)
        assert set_aside(tmp_path).name.startswith(ASIDE)
        assert not place.exists()
