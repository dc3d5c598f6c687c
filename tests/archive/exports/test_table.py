from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings

from archive.article_columns import BODY
from archive.cells import guarded
from archive.exports.columns import COLUMNS
from archive.exports.progress import Progress
from archive.exports.table import table
from tests.archive.exports.conftest import Choose
from tests.filling import ARTICLES
from tests.nasty_texts import NASTY

MANY = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(pieces: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8"), newline=""), strict=True))


def test_the_columns_are_those_that_are_promised_and_a_copy_names_its_original(
    choose: Choose, progress: Progress
) -> None:
    rows = read(table(choose(order="oldest"), progress))
    assert list(rows[0]) == [column.name for column in (*COLUMNS, BODY)]
    assert progress.articles == len(rows) == len(ARTICLES)
    copy = next(row for row in rows if row["story_relation"] == "syndicated")
    assert (copy["story"], copy["copies"], copy["topics"], copy["scores"]) == (ARTICLES[0]["url"], "2", "talks", "0.83")
    assert "body" not in read(table(choose(has_bodies=False), progress))[0]


@MANY
@given(title=NASTY, body=NASTY)
def test_whatever_an_article_says_comes_back(saying: Callable[..., Any], title: str, body: str) -> None:
    (row,) = read(saying(lambda chosen, done: list(table(chosen, done)), title=title, body=body, byline=title))
    assert (row["title"], row["body"], row["byline"]) == (title, body, title)


@MANY
@given(title=NASTY, body=NASTY)
def test_no_cell_for_a_spreadsheet_begins_a_formula(saying: Callable[..., Any], title: str, body: str) -> None:
    pieces = saying(lambda chosen, done: list(table(chosen, done, is_for_spreadsheets=True)), title=title, body=body)
    assert pieces[0].startswith(b"\xef\xbb\xbf")
    (row,) = list(csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8-sig"), newline="")))
    assert (row["title"], row["body"]) == (guarded(title), guarded(body))
