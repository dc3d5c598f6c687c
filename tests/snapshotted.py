"""Snapshots of a small archive, taken and read back."""

from __future__ import annotations

import csv
import gc
import json
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import frictionless

from archive.queries import open_reader
from archive.snapshots import Snapshot, snapshot

DAY, NEXT = "2019-03-14", "2019-03-15"
TABLES = ("articles", "stories", "versions", "outlets", "sources", "coverage", "changes")
FILES = {f"{name}.csv" for name in TABLES} | {
    "articles-spreadsheet.csv", "changes-spreadsheet.csv", "datapackage.json", "README.md", "SHA256SUMS",
}  # fmt: skip
WITH_BASE = {"changes.csv", "changes-spreadsheet.csv", "datapackage.json", "SHA256SUMS"}
"""The files that say what they were compared with, or of which day they are."""


def taken(data: Path, day: str = DAY, **options: Any) -> Snapshot:
    with closing(open_reader(data)) as db:
        return snapshot(db, data, day, **options)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def lasting(folder: Path) -> dict[str, bytes]:
    return {name: text for name, text in contents(folder).items() if name not in WITH_BASE}


def read(path: Path) -> list[dict[str, str]]:
    encoding = "utf-8-sig" if "spreadsheet" in path.name else "utf-8"
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


@contextmanager
def written(data: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(data / "news.db", isolation_level=None)) as db:
        yield db


def described(folder: Path) -> Any:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def check(folder: Path) -> list[str]:
    """What the makers of the format find wrong with a snapshot."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves compressed files open
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
        gc.collect()
    return [str(one) for one in report.flatten(["resourceName", "fieldName", "rowNumber", "type", "note"])]
