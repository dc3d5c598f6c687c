"""What is in a snapshot, for whoever gets it: a page that goes with the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive.exports.markdown import escaped
from archive.snapshots.writing import Sheet

NAME = "README.md"
MOST, LONGEST = 10, 200  # topics that are named, characters of a title

HEAD = """# Snapshot of a news archive

What the press wrote on {topics},
as an archive of Dossier held it on the day that `version` in datapackage.json names.
{articles:,} articles in {stories:,} stories of {outlets:,} outlets.
"""

RULES = """
Files end in `.csv` (UTF-8, comma, header, texts in double quotes). An empty cell says that it is not known. Rows stand
in the order of their key, by its bytes; every address is the canonical one of an article, and the same archive gives
the same files byte for byte, on any machine. Half a surrogate pair, which no UTF-8 can hold, became U+FFFD.

Only the files named `-spreadsheet` are safe to be opened in a spreadsheet: in them an apostrophe stands before
everything that could begin a formula, and cells end at 32,000 characters. The others hold texts as they were published.

`datapackage.json` says the same to programs (Frictionless Data Package: types, keys, bytes, hashes) and names the
snapshot that `changes.csv` was compared with. `sha256sum -c SHA256SUMS` tells whether all files are whole.

Headlines, summaries and texts belong to their publishers.
"""


def text(sheets: Sequence[Sheet], topics: Sequence[Mapping[str, Any]]) -> str:
    """The page; `topics` are those of the archive, with name and title."""
    rows = {one.table.name: one.file.rows or 0 for one in sheets}
    head = HEAD.format(
        topics=called(topics), **{name: rows.get(name, 0) for name in ("articles", "stories", "outlets")}
    )
    return head + RULES + "".join(f"\n{line}" for one in sheets for line in part(one, sheets)) + "\n"


def called(topics: Sequence[Mapping[str, Any]]) -> str:
    """The topics by their titles, in the words of their owner and as nothing but words."""
    titles = [f"*{escaped(str(one['title'] or one['name'])[:LONGEST])}*" for one in topics[:MOST]]
    more = [f"{len(topics) - MOST:,} more topics"] if len(topics) > MOST else []
    return ", ".join(titles + more) or "some topics"


def part(sheet: Sheet, sheets: Sequence[Sheet]) -> Iterator[str]:
    """What is said of one table, its twin with it."""
    if sheet.is_twin:
        return
    table = sheet.table
    twins = [one.file.name for one in sheets if one.is_twin and one.table.name == table.name]
    yield f"## {sheet.file.name}{''.join(f', {name}' for name in twins)}"
    yield ""
    yield f"{table.says} Key: {', '.join(f'`{name}`' for name in table.key)}."
    yield ""
    yield "| column | says |"
    yield "|---|---|"
    for column in table.columns:
        yield f"| {column.name} | {column.says} |"
    yield ""
