"""The tokens in Google News links: old ones hold the address of the page, those since 2024 only Google's key to it.

What only Google could tell is not asked: the call that tells it is undocumented. Such a link stays unresolved.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode

from pipelines.urls import canonical

# Two addresses of 2,083 characters (the page and its AMP copy) in base64 are shorter.
MAX_TOKEN = 8_192
MAX_VARINT = 3  # bytes, of seven bits each: far longer than any token
_TOKEN = re.compile(r"/(?:articles|read)/([A-Za-z0-9_=-]{1,8192}+)/?+\Z")
_HEAD = b"\x08\x13\x22"  # field 1 is 19; field 4 is a text: the address, or a key that begins with AU_yqL


def token_of(url: str) -> str:
    """The token of a link to Google News (`/rss/articles/...`, `/articles/...`, `/read/...`); empty where none is."""
    found = _TOKEN.search(url.partition("?")[0].partition("#")[0])
    return found[1] if found else ""


def page_of(token: str) -> str | None:
    """The canonical address of the page that a token holds; None where it holds none, or is no token at all."""
    if len(token) > MAX_TOKEN:
        return None
    text = token.rstrip("=")
    try:
        data = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return canonical(_first_text(data).decode())
    except (binascii.Error, ValueError):  # a key of Google's is no address either
        return None


def _first_text(data: bytes) -> bytes:
    """The bytes of the first text in a payload, whole; the second one would be the address of the AMP copy."""
    if not data.startswith(_HEAD):
        raise ValueError("no token of Google News")
    size, start = _varint(data, len(_HEAD))
    text = data[start : start + size]
    if len(text) < size:
        raise ValueError("the token is cut short")
    return text


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number written in groups of seven bits, lowest first, and where it ends."""
    value = 0
    for place, byte in enumerate(data[at : at + MAX_VARINT]):
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError("no length")
