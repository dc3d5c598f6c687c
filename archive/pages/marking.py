"""What was looked for, or what an article was judged by, marked in its text as the full-text index would find it.

The text is indexed for itself, in memory: that costs the same however many other articles have those words.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing

from archive.search import END, START

MOST_TERMS = 40
LONGEST_TERM = 200  # characters
SHOWN = 400_000  # characters of a text on a page

TOKENIZER = "porter unicode61 remove_diacritics 2"
"""That of `articles_fts`: what it finds is what is marked."""

COLUMNS = ("title", "byline", "summary", "body")
INDEX = f"CREATE VIRTUAL TABLE one USING fts5({', '.join(COLUMNS)}, tokenize='{TOKENIZER}')"
FILL = "INSERT INTO one VALUES (:title, :byline, :summary, :body)"
MARKED = f"""
SELECT {", ".join(f"highlight(one, {place}, char(2), char(3))" for place in range(len(COLUMNS)))}
FROM one WHERE one MATCH :match
"""

Line = tuple[int, str]


def either(terms: Iterable[object]) -> str:
    """The FTS5 expression that finds any of these terms, each as a phrase of words; empty where none has a word."""
    kept = [_phrase(str(term)[:LONGEST_TERM]) for term in terms]
    return " OR ".join([f'"{term}"' for term in kept if term][:MOST_TERMS])


def _phrase(term: str) -> str:
    plain = "".join(" " if char == '"' or unicodedata.category(char)[0] == "C" else char for char in term)
    return " ".join(plain.split()) if any(unicodedata.category(char)[0] in "LN" for char in plain) else ""


def shown(article: Mapping[str, str], match: str) -> dict[str, str]:
    """Title, byline, summary and body of an article, as far as a page shows them, START and END around what matches."""
    text = {name: unmarked(article[name][:SHOWN]) for name in COLUMNS}
    if not match:
        return text
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(INDEX)
        db.execute(FILL, text)
        found = db.execute(MARKED, {"match": match}).fetchone()
    return dict(zip(COLUMNS, found, strict=True)) if found else text


def unmarked(text: str) -> str:
    """Hostile text without the signs that would be taken for marks."""
    return text.replace(START, "").replace(END, "")


def lines_of(body: str) -> Sequence[Line]:
    """The paragraphs of a text with the number of the line of each; a mark that runs on is closed and opened again."""
    found: list[Line] = []
    is_open = False
    for number, line in enumerate(body.split("\n")):
        text = (START if is_open else "") + line.strip()
        last = max(text.rfind(START), text.rfind(END))
        is_open = last >= 0 and text[last] == START
        if line.strip():
            found.append((number, text + (END if is_open else "")))
    return found
