from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.schedule.jobs import Job, command_line, without_channels
from crawler.schedule.rules import Rules

AT = datetime(2026, 1, 1, tzinfo=UTC)
OPTIONS = ("--only", "feeds", "-s", "A=1", "--only=gdelt", "--allow-private", "x.example")


def words(kind: Any, **more: Any) -> list[str]:
    rules = Rules(crawl_options=OPTIONS, keep_snapshots=7, backfill_pages=50)
    line = command_line(Job(kind=kind, at=AT, why="", file="/t/talks.toml", topic="talks", **more), Path("/d"), rules)
    assert line[:5] == [sys.executable, "-m", "crawler.cli", "--data", "/d"]
    return line[5:]


def test_each_kind_is_a_verb_of_the_ordinary_command() -> None:
    assert words("crawl") == ["crawl", "/t/talks.toml", *OPTIONS]
    assert words("crawl", asks_all=True)[-2:] == ["-s", "DOSSIER_ALL_DUE=1"]
    assert words("snapshot") == ["snapshot", "--keep-last", "7"]
    assert words("maintain") == ["maintain"]
    assert words("watch") == ["watch"]


def test_a_backfill_has_the_options_of_a_crawl_but_its_own_channels() -> None:
    own = ["-s", "A=1", "--allow-private", "x.example", "--max-pages", "50"]
    assert words("backfill") == ["backfill", "/t/talks.toml", *own]


@pytest.mark.parametrize("options", [("--only",), ("--only", "--only")])
def test_an_option_without_its_word_is_left_out_too(options: tuple[str, ...]) -> None:
    assert list(without_channels(options)) == []


def test_snapshots_are_all_kept_where_no_number_is_given() -> None:
    assert command_line(Job(kind="snapshot", at=AT, why=""), Path("/d"), Rules())[5:] == ["snapshot"]
