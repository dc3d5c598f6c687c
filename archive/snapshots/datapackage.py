"""What is in a snapshot, for programs: a Data Package of the Frictionless standard, version 1."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from archive.columns import Column
from archive.snapshots.columns import Table
from archive.snapshots.files import ZIPPED
from archive.snapshots.outcome import Changes
from archive.snapshots.writing import Sheet

NAME = "datapackage.json"
LICENCE = {"name": "other-closed", "title": "Headlines, summaries and texts belong to their publishers."}
MINIMUM_ZERO = frozenset({"words", "versions", "articles", "outlets", "copies", "questions", "found", "failures"})


def described(
    day: str, sheets: Sequence[Sheet], changes: Changes, topics: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The descriptor of a snapshot."""
    names = ", ".join(str(topic["title"] or topic["name"]) for topic in topics)
    return {
        "profile": "tabular-data-package",
        "name": "dossier-snapshot",
        "title": f"News archive: {names}" if names else "News archive",
        "description": "What the press wrote on the topics, as an archive of Dossier held it on the day of `version`. "
        "README.md says what each column says.",
        "version": day,
        "licenses": [LICENCE],
        "topics": [dict(topic) for topic in topics],
        "base": changes.base,
        "changes": {
            **changes.counts, "not_compared": list(changes.missing), "unreadable": list(changes.faults),
        },
        "resources": [resource(sheet) for sheet in sheets],
    }  # fmt: skip


def text(descriptor: Mapping[str, Any]) -> str:
    """The descriptor as its file."""
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"


def resource(sheet: Sheet) -> dict[str, Any]:
    """One file and its schema."""
    file, table = sheet.file, sheet.table
    return {
        "name": f"{table.name}-spreadsheet" if sheet.is_twin else table.name,
        "path": file.name,
        "profile": "tabular-data-resource",
        "description": twin_of(table) if sheet.is_twin else table.says,
        "format": "csv",
        "mediatype": "text/csv",
        **({"compression": "gz"} if file.name.endswith(ZIPPED) else {}),
        "encoding": "utf-8-sig" if sheet.is_twin else "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True,
                    "lineTerminator": "\r\n" if sheet.is_twin else "\n"},
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": schema(table, is_twin=sheet.is_twin),
    }  # fmt: skip


def twin_of(table: Table) -> str:
    """What the file for spreadsheets is."""
    return f"{table.name}.csv for spreadsheets: no cell can begin a formula, and cells end at 32,000 characters."


def schema(table: Table, *, is_twin: bool) -> dict[str, Any]:
    """The columns of a table with their types; keys are those of the exact file."""
    found: dict[str, Any] = {
        "fields": [field(column, table, is_twin=is_twin) for column in table.columns],
        "missingValues": [""],
    }
    if not is_twin:
        found["primaryKey"] = list(table.key)
        if table.references:
            found["foreignKeys"] = [
                {"fields": [one.column], "reference": {"resource": one.table, "fields": [one.key]}}
                for one in table.references
            ]
    return found


def field(column: Column, table: Table, *, is_twin: bool) -> dict[str, Any]:
    """One column."""
    found: dict[str, Any] = {"name": column.name, "type": column.kind, "description": column.says}
    if is_twin and column.kind == "array":
        found["type"] = "string"  # it may be cut
    if column.kind == "boolean":
        found |= {"trueValues": ["1"], "falseValues": ["0"]}
    if column.kind == "datetime":
        found["format"] = "%Y-%m-%dT%H:%M:%SZ"
    constraints: dict[str, Any] = {}
    if column.is_required:
        constraints["required"] = True
    if table.key == (column.name,) and not is_twin:
        constraints["unique"] = True
    if column.one_of:
        constraints["enum"] = list(column.one_of)
    if column.name in MINIMUM_ZERO and column.kind == "integer":
        constraints["minimum"] = 0
    if column.kind == "number":
        constraints |= {"minimum": 0, "maximum": 1}
    return {**found, "constraints": constraints} if constraints else found
