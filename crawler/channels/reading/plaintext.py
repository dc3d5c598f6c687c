"""Text without its markup."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1[^<>]*+>|\Z)", re.DOTALL | re.IGNORECASE)
_INLINE = re.compile(r"</?(?:a|abbr|b|big|em|font|i|mark|small|span|strong|sub|sup|u|wbr)\b[^<>]*+>", re.IGNORECASE)
_TAG = re.compile(r"<[/?!]?[A-Za-z][^<>]*+>")
# Controls (a terminal would obey them), soft hyphen, zero-width space, direction overrides, byte order mark; and halves
# of surrogate pairs, as JSON can spell them (`\ud800`): no text that holds one can be written into the archive.
_UNPRINTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_MARKUP_PER_TEXT = 10


def plain(markup: str, limit: int) -> str:
    """The words of a piece of HTML in one line of at most `limit` characters."""
    room = limit * _MARKUP_PER_TEXT
    if len(markup) > room:
        markup = markup[:room]
        markup = markup.rpartition("<")[0] or markup
    if "<" in markup:
        markup = _TAG.sub(" ", _INLINE.sub("", _UNSEEN.sub(" ", markup)))
    return " ".join(_UNPRINTED.sub("", unescaped(markup)).split())[:limit].rstrip()


def quotable(markup: str, limit: int) -> str:
    """A service's own words for a reason: like `plain`, without any sign that a terminal does not print."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in plain(markup, limit)).split())


def unescaped(text: str) -> str:
    """The text with its character references resolved, once: XML's five, HTML's names, numbers.

    Only whole ones, with their semicolon: `?a=1&copy=2` is an address and keeps its parameter.
    """
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    reference = found[0]
    if reference[1] == "#" or reference[1:] in html5:
        return unescape(reference)
    return reference
