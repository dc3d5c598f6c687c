"""What was looked for, or what an article was judged by, marked in its text as the full-text index finds it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from archive.queries import Reader, row
from archive.search import END, START

MOST_TERMS = 40
LONGEST_TERM = 200  # characters
SHOWN = 400_000  # characters of a text on a page

WHERE = """
SELECT highlight(articles_fts, 0, char(2), char(3)) AS title, highlight(articles_fts, 2, char(2), char(3)) AS summary,
    highlight(articles_fts, 3, char(2), char(3)) AS body
FROM articles_fts WHERE articles_fts MATCH :match AND rowid = :article
"""

Line = tuple[int, str]


def either(terms: Iterable[object]) -> str:
    """The FTS5 expression that finds any of these terms, each as a phrase of words; empty where none has a word."""
    kept = [_phrase(str(term)[:LONGEST_TERM]) for term in terms]
    return " OR ".join([f'"{term}"' for term in kept if term][:MOST_TERMS])


def _phrase(term: str) -> str:
    plain = "".join(" " if char == '"' or unicodedata.category(char)[0] == "C" else char for char in term)
    return " ".join(plain.split()) if any(unicodedata.category(char)[0] in "LN" for char in plain) else ""


def marked_in(db: Reader, article: int, match: str) -> dict[str, str]:
    """Title, summary and body of an article with START and END around what matches; nothing where nothing does."""
    return (row(db, WHERE, match=match, article=article) or {}) if match else {}


def unmarked(text: str) -> str:
    """Hostile text without the signs that would be taken for marks."""
    return text.replace(START, "").replace(END, "")


def lines_of(body: str) -> Sequence[Line]:
    """The paragraphs of a text with the number of the line of each; a mark that runs on is closed and opened again."""
    found: list[Line] = []
    is_open = False
    for number, line in enumerate(body[:SHOWN].split("\n")):
        text = (START if is_open else "") + line.strip()
        last = max(text.rfind(START), text.rfind(END))
        is_open = last >= 0 and text[last] == START
        if line.strip():
            found.append((number, text + (END if is_open else "")))
    return found
