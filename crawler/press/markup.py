"""Text inside markup."""

from __future__ import annotations

from xml.sax.saxutils import escape


def xml(text: str) -> str:
    """A text as XML content or attribute holds it."""
    return escape(text, {'"': "&quot;"})
