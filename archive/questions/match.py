"""What somebody typed into a search box that knows no filters, as an FTS5 expression that is never a fault."""

from __future__ import annotations

from archive.questions.question import parse
from archive.questions.terms import NOTHING, either


def expression(typed: str) -> str:
    """The FTS5 expression for words, "phrases", -left out, one OR another and beginnings*; it is always well formed.

    It finds nothing where no word is wanted, and where a filter is: to leave it out would find too much.
    """
    question = parse(typed)
    if not question.words or question.filters or question.since or question.until:
        return NOTHING
    return f"({question.words}) NOT {either([question.unwanted])}" if question.unwanted else question.words
