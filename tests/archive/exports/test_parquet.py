from __future__ import annotations

import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings

from archive.article_columns import BODY
from archive.exports import parquet
from archive.exports.columns import COLUMNS
from archive.exports.parquet import MissingExtraError, moment, write
from archive.exports.progress import Progress
from archive.exports.selection import Selection
from tests.archive.exports.conftest import Choose
from tests.nasty_texts import NASTY


def read(selection: Selection, progress: Progress) -> Any:
    file = io.BytesIO()
    write(selection, progress, file)
    return pyarrow.parquet.ParquetFile(io.BytesIO(file.getvalue()))


def test_the_columns_have_types_and_rows_lie_in_groups(
    choose: Choose, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "GROUP", 1)
    monkeypatch.setattr("archive.exports.selection.TOGETHER", 4)
    file = read(choose(order="oldest"), progress)
    assert file.num_row_groups == 3  # of what has a date 4 and 1, and what has none
    table = file.read()
    assert table.column_names == [column.name for column in (*COLUMNS, BODY)]
    rows = table.to_pylist()
    assert rows[0]["published"] == datetime(2019, 1, 20, 10, tzinfo=UTC)
    assert rows[0]["is_paywalled"] is True
    assert rows[-1]["published"] is None
    assert [row["words"] for row in rows] == [7, 21, 43, 28, 14, 13]


def test_of_nothing_there_is_a_file_with_columns(choose: Choose, progress: Progress) -> None:
    assert read(choose("nosuchword"), progress).read().num_rows == 0


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=NASTY, body=NASTY)
def test_whatever_an_article_says_comes_back(saying: Callable[..., Any], title: str, body: str) -> None:
    (row,) = saying(read, title=title, body=body).read().to_pylist()
    assert (row["title"], row["body"]) == (title, body)


@pytest.mark.parametrize("text", [None, "", "yesterday", "2019-13-01T00:00:00Z", "99999-01-01T00:00:00Z"])
def test_a_time_that_is_none_is_empty(text: str | None) -> None:
    assert moment(text) is None


def test_without_the_extra_it_says_how_to_get_it(
    choose: Choose, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match="pip install"):
        write(choose(), progress, io.BytesIO())
