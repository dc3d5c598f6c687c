from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.alerts.faults import Fault, updated
from crawler.alerts.memory import ASIDE, NAME, alone, parsed, remember, remembered
from crawler.watching.finding import Finding

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FINDING = Finding(
    kind="source died", topic="talks", subject="https://wire.example/\ud800", since="2026-02-01T00:00:00Z",
    text="HTTP 500 \x1b[31m", advice="é",
)  # fmt: skip
AT = "2026-03-01T00:00:00Z"
WHOLE: dict[str, Any] = {
    "version": 1,
    "faults": [
        {
            "finding": {"kind": "no news", "topic": "t", "subject": "s", "since": "", "text": "", "advice": ""},
            "first": AT, "ended": "", "told": {"mail": AT},
        }
    ],
}  # fmt: skip


def test_what_is_remembered_comes_back(tmp_path: Path) -> None:
    faults = updated({}, [FINDING], NOW)
    remember(tmp_path, faults)
    assert remembered(tmp_path) == (faults, "")
    assert os.listdir(tmp_path) == [NAME]  # noqa: PTH208 - names only


def test_nothing_is_remembered_at_first(tmp_path: Path) -> None:
    assert remembered(tmp_path) == ({}, "")


def test_a_whole_file_is_read() -> None:
    (fault,) = parsed(json.dumps(WHOLE).encode()).values()
    assert isinstance(fault, Fault)
    assert fault.told == {"mail": AT}


def changed(**values: Any) -> dict[str, Any]:
    return {"version": 1, "faults": [{**WHOLE["faults"][0], **values}]}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"version": 2, "faults": []}', b'{"version": 1}',
        *(
            json.dumps(one).encode()
            for one in (
                {"version": 1, "faults": [1]}, {"version": 1, "faults": [{}]}, changed(first=1), changed(first="soon"),
                changed(told={"mail": 7}), changed(told=[]), changed(ended="9" * 400),
                changed(finding={"kind": "no news"}), changed(more=1),
                changed(finding={**WHOLE["faults"][0]["finding"], "kind": "boredom"}),
            )
        ),
    ],
)  # fmt: skip
def test_a_damaged_file_is_set_aside_and_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    faults, told = remembered(tmp_path, aside=False)
    assert (tmp_path / NAME).exists()
    faults, told = remembered(tmp_path)
    assert faults == {}
    assert "set aside" in told
    assert (tmp_path / ASIDE).read_bytes() == content
    assert not (tmp_path / NAME).exists()


@settings(max_examples=30)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(
    st.sampled_from(["version", "faults", "finding", "first", "ended", "told", "kind"]), one)))  # fmt: skip
def test_any_file_is_read_or_refused(value: Any) -> None:
    with suppress(ValueError):
        parsed(json.dumps(value).encode())


def test_a_folder_that_takes_nothing_keeps_the_former_memory(tmp_path: Path) -> None:
    remember(tmp_path, {})
    (tmp_path / NAME).unlink()
    (tmp_path / NAME).mkdir()
    with pytest.raises(OSError, match="directory"):
        remember(tmp_path, updated({}, [FINDING], NOW))
    assert os.listdir(tmp_path) == [NAME]  # noqa: PTH208 - names only


def test_one_look_at_a_time_sends(tmp_path: Path) -> None:
    with alone(tmp_path) as first, alone(tmp_path) as second:
        assert (first, second) == (True, False)
    with alone(tmp_path) as again:
        assert again


def test_a_draft_that_was_left_half_written_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / ".alerts.json.draft").write_text("{half", encoding="utf-8")
    remember(tmp_path, {})
    assert remembered(tmp_path) == ({}, "")
    assert [path.name for path in tmp_path.iterdir()] == ["alerts.json"]
