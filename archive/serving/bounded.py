"""A bound on how much text one question to the archive brings into memory."""

from __future__ import annotations

import sqlite3

MOST = 64 * 1024 * 1024  # bytes of text, of all rows of one answer


class TooMuch(Exception):  # noqa: N818 - it is an answer to the reader, who asks for less
    """An answer would have been larger than what may be in memory for one reader."""


class Meter:
    """Makes text of what SQLite gives, until it is too much."""

    def __init__(self, most: int = MOST) -> None:
        self.most = self.left = most

    def begins(self, _sql: str) -> None:
        """Another question is asked."""
        self.left = self.most

    def text(self, value: bytes) -> str:
        """The text; TooMuch where those of this question are more than the bound together."""
        self.left -= len(value)
        if self.left < 0:
            raise TooMuch
        return str(value, "utf-8", "replace")


def bound(db: sqlite3.Connection, most: int = MOST) -> None:
    """Let no answer on this connection have more text than the bound."""
    meter = Meter(most)
    db.text_factory = meter.text
    db.set_trace_callback(meter.begins)
