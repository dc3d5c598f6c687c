"""Articles as JSON Lines: one article a line, with all that the archive knows of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from archive.exports.everything import everything_of
from archive.exports.progress import Progress
from archive.exports.selection import Selection

# Some readers take these as the end of a line, and some terminals as the beginning of an order.
_ENDS = re.compile("[\x7f-\x9f\u2028\u2029]")


def lines(selection: Selection, progress: Progress) -> Iterator[bytes]:
    """The file, some lines at a time."""
    for articles in everything_of(selection):
        yield b"".join(line(json.dumps(one, ensure_ascii=False)) for one in articles)
        progress.done(len(articles))


def line(text: str) -> bytes:
    """JSON as one line of UTF-8, whoever reads it."""
    return (_ENDS.sub(_escape, text) + "\n").encode("utf-8", "replace")


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
