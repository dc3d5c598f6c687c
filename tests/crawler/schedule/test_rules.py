from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crawler.operation import OperationError
from crawler.schedule.rules import KEYS, Rules, rules

DATA = Path("/somewhere")


def test_without_a_table_every_topic_is_kept_at_sensible_paces() -> None:
    assert rules(DATA, {}) == Rules()


def test_each_key_says_what_it_says() -> None:
    table = {
        "topics": ["talks"], "nightly": "04:15", "timezone": "Europe/Berlin", "shortest": 30, "longest": 600,
        "backfill": False, "backfill_pages": 20, "snapshot": False, "keep_snapshots": 7, "crawl_options": ["-s", "A=1"],
    }  # fmt: skip
    assert rules(DATA, table) == Rules(
        topics=("talks",), nightly=time(4, 15), zone=ZoneInfo("Europe/Berlin"), shortest=timedelta(minutes=30),
        longest=timedelta(minutes=600), backfill=False, backfill_pages=20, snapshot=False, keep_snapshots=7,
        crawl_options=("-s", "A=1"),
    )  # fmt: skip


def test_a_long_shortest_pause_alone_moves_the_longest() -> None:
    assert rules(DATA, {"shortest": 24 * 60}).longest == timedelta(days=1)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"topic": []}, "topic is no key of it; it may have backfill"),
        ({"topics": "talks"}, "topics is 'talks'; give a list of topics"),
        ({"topics": [1]}, "topics is [1]"),
        ({"topics": ["a\nb"]}, "topics is ["),
        ({"topics": ["a"] * 101}, "topics is ["),
        ({"nightly": "25:00"}, "nightly is '25:00'; give an hour of the day"),
        ({"nightly": "0330"}, "nightly is '0330'"),
        ({"nightly": 3}, "nightly is 3"),
        ({"timezone": "Mars/Olympus"}, "timezone is 'Mars/Olympus'; give a zone such as"),
        ({"timezone": "../../etc/passwd"}, "timezone is"),
        ({"timezone": "Europe"}, "timezone is"),
        ({"timezone": 1}, "timezone is 1"),
        ({"shortest": 0}, "shortest is 0; give a whole number from 1"),
        ({"shortest": True}, "shortest is True"),
        ({"shortest": 1.5}, "shortest is 1.5"),
        ({"longest": 10**30}, "longest is"),
        ({"shortest": 60, "longest": 30}, "longest is less than shortest (60)"),
        ({"backfill": "no"}, "backfill is 'no'; give true or false"),
        ({"keep_snapshots": 0}, "keep_snapshots is 0"),
        ({"crawl_options": [""]}, "crawl_options is ['']"),
    ],
)
def test_what_cannot_be_done_is_named_with_its_mend(table: dict[str, Any], said: str) -> None:
    with pytest.raises(OperationError) as told:
        rules(DATA, table)
    assert f"/somewhere/dossier.toml: [schedule] {said}" in str(told.value)


def test_each_rule_has_its_key() -> None:
    assert set(KEYS) == Rules.__dataclass_fields__.keys() - {"zone"} | {"timezone"}
