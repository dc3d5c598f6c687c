"""Texts indexed for themselves, in memory and piece by piece, to mark in them what was looked for.

The functions of FTS5 that mark a text cannot be broken off, and their work grows with the square of what they find in
it: for one word that a page repeats 60,000 times, `snippet` took 36 seconds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Self

from archive.questions.typed import COLUMNS

LONGEST = 1_000  # characters of a piece
START, END = "\x02", "\x03"  # stand around what was looked for: escape everything, then turn them into marks

TOKENIZER = "porter unicode61 remove_diacritics 2"
"""That of `articles_fts`: what it finds is what is marked."""

INDEX = f"CREATE VIRTUAL TABLE pieces USING fts5({', '.join(COLUMNS)}, tokenize='{TOKENIZER}')"
INTO = "INSERT INTO pieces (rowid, {column}) VALUES (?, ?)"
BEST = "SELECT rowid FROM pieces WHERE pieces MATCH ? ORDER BY rank, rowid"
# Each piece is of one column, and what is marked in the others is nothing.
MARKED = f"""
SELECT rowid, {" || ".join(f"COALESCE(highlight(pieces, {n}, char(2), char(3)), '')" for n in range(len(COLUMNS)))}
FROM pieces WHERE pieces MATCH ? AND +rowid IN (SELECT value FROM json_each(?))
"""


class Pieces:
    """Some texts, in pieces that are numbered from 1 on in the order in which they were added."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.db = sqlite3.connect(":memory:")
        self.db.execute(INDEX)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    def add(self, column: str, text: str) -> range:
        """The numbers of the pieces of a text, which is of one of COLUMNS."""
        first = len(self.texts) + 1
        self.texts += cut(text)
        numbers = range(first, len(self.texts) + 1)
        self.db.executemany(INTO.format(column=column), ((number, self.texts[number - 1]) for number in numbers))
        return numbers

    def best(self, words: str) -> list[int]:
        """The pieces that have any of the words of an FTS5 expression of ours, best first."""
        return [number for (number,) in self.db.execute(BEST, [any_of(words)])]

    def marked(self, words: str, numbers: Iterable[int]) -> dict[int, str]:
        """These pieces, START and END around what matches any of the words."""
        numbers = list(numbers)
        found = dict(self.db.execute(MARKED, [any_of(words), json.dumps(numbers)]).fetchall())
        return {number: found.get(number, self.texts[number - 1]) for number in numbers}


def cut(text: str) -> Iterator[str]:
    """A text in pieces, which end where a line does or a word, as far as there are any."""
    begins = 0
    while begins < len(text):
        ends = begins + LONGEST
        if ends < len(text):
            line = text.rfind("\n", begins + LONGEST // 2, ends) + 1
            ends = line or text.rfind(" ", begins, ends) + 1 or ends
        yield text[begins:ends]
        begins = ends


def any_of(words: str) -> str:
    """What has any of the words of an FTS5 expression that asks for several: no phrase in it has a quote."""
    parts = words.split('"')
    return '"'.join(part if place % 2 else part.replace(" AND ", " OR ") for place, part in enumerate(parts))


def unmarked(text: str) -> str:
    """Hostile text without the signs that would be taken for marks."""
    return text.replace(START, "").replace(END, "")
