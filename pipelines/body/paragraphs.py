"""Running text, as JSON-LD carries it, cut into paragraphs."""

from __future__ import annotations

import re

from pipelines.decoding import plain, unescaped

_BREAK = re.compile(r"</?(?:p|br|div|li|h[1-6])\b[^<>]{0,500}>|\r\n?|[\n\u2028\u2029]", re.IGNORECASE)


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text that may hold tags and escaped characters, one a line, clean."""
    return [line for part in _BREAK.split(unescaped(text)) if part and (line := plain(part))]
