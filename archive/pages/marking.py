"""What was looked for, or what an article was judged by, marked in its text as the full-text index would find it.

The text is indexed for itself, in memory: that costs the same however many other articles have those words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from archive.pieces import END, START, Pieces, unmarked
from archive.questions.typed import COLUMNS

MOST_TERMS = 40
LONGEST_TERM = 200  # characters
SHOWN = 400_000  # characters of a text on a page
MARKS = 5_000  # in one text; while a page is drawn, no other one is

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
    with Pieces() as pieces:
        numbers = {name: pieces.add(name, text[name]) for name in COLUMNS}
        found = pieces.marked(match, chain.from_iterable(numbers.values()))
    return {name: "".join(few([found[number] for number in numbers[name]])) for name in COLUMNS}


def few(pieces: Sequence[str]) -> Iterator[str]:
    """The pieces of a text; those behind the first MARKS marks, without any."""
    marks = 0
    for piece in pieces:
        yield piece if marks < MARKS else unmarked(piece)
        marks += piece.count(START)


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
