from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.operation import MOST, NAME, OperationError, operation


def test_an_archive_without_the_file_has_empty_tables(tmp_path: Path) -> None:
    assert operation(tmp_path) == {"schedule": {}, "alerts": {}}


def test_each_table_is_given_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('[alerts]\ncommand = "logger"\n', encoding="utf-8")
    assert operation(tmp_path) == {"schedule": {}, "alerts": {"command": "logger"}}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"[alert]\n", "'alert' is no table of it; it may have [schedule] and [alerts]"),
        (b"alerts = 1\n", "alerts is no table"),
        (b"[alerts\n", "mend the file"),
        (b"\xff\n", "mend the file"),
        (b"a" + b".a" * (MOST // 2), "longer than"),
        (b"a = " + b"[" * 5_000, "mend the file"),
    ],
    ids=["unknown", "value", "torn", "bytes", "long", "deep"],
)
def test_what_cannot_be_read_is_named_with_its_mend(tmp_path: Path, content: bytes, fault: str) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(OperationError) as told:
        operation(tmp_path)
    assert str(tmp_path / NAME) in str(told.value)
    assert fault in str(told.value)


def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    with pytest.raises(OperationError, match="no file"):
        operation(tmp_path)
