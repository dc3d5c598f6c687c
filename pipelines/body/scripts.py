"""The JSON in a page's scripts: what an application was sent of the page that it draws. It is parsed, never run.

Found are scripts that are JSON, values within a script (`window.STATE = {...}`, `push([1, ...])`), values written as
strings (`JSON.parse("...")`), lists whose elements name each other by place (Nuxt, SvelteKit), and the rows of React
Server Components. JSON-LD is not: its readers are elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote

from lxml.html import HtmlElement

MOST = 6_000_000  # characters of all scripts of a page that are looked at
SHORTEST = 300  # characters of a script that may hold an article
PATIENCE = 3  # times the length of a script that may be read in vain
MOST_FAILURES = 300  # of a script: each counts the lines before it
MOST_ROWS = 20_000
MOST_NODES = 50_000
DEEPEST = 60

# Where a value may begin within a script, and where one that is written as a string does.
_BEGINS = re.compile(r'(?:[=(]|\|\|)\s{0,20}(?=\{\s{0,20}["}]|\[\s{0,20}[\[{"\d])')
_QUOTED = re.compile(r"""\(\s{0,20}(?=["'](?:[\[{]|%7B|%5B))""")
_SINGLE = re.compile(r"'((?:[^'\\\n]|\\.)*+)'")
_ESCAPE = re.compile(r"""\\x([0-9a-fA-F]{2})|\\'|(\\.)|(")""", re.DOTALL)
# What JavaScript writes and JSON has not; scripts that are written by machines hold no other.
_UNLIKE = re.compile(
    r'([:,\[]\s{0,9})(?:undefined|void 0|new Date\(("[^"\\\n]{0,40}"|\d{1,15})\))(?=\s{0,9}[,}\]])',
)
_ANGULAR = (("&q;", '"'), ("&s;", "'"), ("&l;", "<"), ("&g;", ">"), ("&a;", "&"))
_STREAM = "self.__next_f"
_ROW = re.compile(rb"([0-9a-f]{0,8}):(?:T([0-9a-f]{1,7}),)?")
_DECODER = json.JSONDecoder(strict=False)


def values_in(tree: HtmlElement) -> Iterator[object]:
    """The JSON values that the scripts of a page hold, those of one script together, in order."""
    stream: list[str] = []
    room = MOST
    for script in tree.iter("script"):
        text = script.text or ""
        is_part = text.startswith(_STREAM)
        if len(text) > room or (len(text) < SHORTEST and not is_part) or "ld+json" in (script.get("type") or ""):
            continue
        room -= len(text)
        for value in _values(text):
            if is_part and isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
                stream.append(value[1])
            else:
                yield _unflattened(value) if _is_flat(value) else value
    if stream:
        yield _rows("".join(stream).encode("utf-8", "replace"))


def _values(text: str) -> Iterator[object]:
    text = _as_json(text.strip())
    if text[:1] in ("{", "["):
        value, _ = _decoded(text, 0)
        if value is not None:
            yield value
            return
    yield from _within(text)
    for begins in islice(_QUOTED.finditer(text), MOST_FAILURES):
        if (value := _literal(text, begins.end())) is not None:
            yield value


def _as_json(text: str) -> str:
    if text.startswith("{&q;"):
        for escaped, sign in _ANGULAR:
            text = text.replace(escaped, sign)
    if "undefined" in text or "void 0" in text or "new Date(" in text:
        text = _UNLIKE.sub(lambda found: found[1] + (found[2] or "null"), text)
    return text


def _within(text: str) -> Iterator[object]:
    patience, failures, at = PATIENCE * len(text), 0, 0
    while patience > 0 and failures < MOST_FAILURES and (begins := _BEGINS.search(text, at)):
        start = begins.end()
        value, end = _decoded(text, start)
        if value is None:
            patience -= end - start
            failures += 1
            at = start
        else:
            at = end
            if end - start >= SHORTEST or text.startswith(_STREAM):
                yield value


def _literal(text: str, at: int) -> object:
    """The JSON in a quoted string of a script; None where there is none."""
    quoted: object = None
    if text[at] == '"':
        quoted, _ = _decoded(text, at)
    elif found := _SINGLE.match(text, at):
        quoted, _ = _decoded(f'"{_ESCAPE.sub(_requoted, found[1])}"', 0)
    if not isinstance(quoted, str):
        return None
    return _decoded(unquote(quoted) if quoted[:1] == "%" else quoted, 0)[0]


def _requoted(found: re.Match[str]) -> str:
    if found[1]:
        return f"\\u00{found[1]}"
    return found[2] or ('\\"' if found[3] else "'")


def _decoded(text: str, at: int) -> tuple[object, int]:
    """The JSON value at a place and where it ends; None and where it breaks for what is none."""
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        return None, max(error.pos, at + 1)
    except (ValueError, RecursionError):  # a number of thousands of digits, a thousand brackets
        return None, len(text)


def _rows(stream: bytes) -> list[object]:
    """The rows of a stream of server components, and the long texts that stand in it between them.

    A row is `id:value` on a line; a text is `id:Tlength,` and that many bytes, and other rows name it as `$id`.
    """
    rows: list[object] = []
    texts: dict[str, str] = {}
    at = 0
    for _ in range(MOST_ROWS):
        begins = _ROW.match(stream, at)
        start = begins.end() if begins else at
        if begins and begins[2]:
            at = start + int(begins[2], 16)
            texts[f"${begins[1].decode()}"] = stream[start:at].decode("utf-8", "replace")
            continue
        end = stream.find(b"\n", start)
        row = stream[start : end if end >= 0 else None]
        if row[:1] in (b"[", b"{") and (value := _decoded(row.decode("utf-8", "replace"), 0)[0]) is not None:
            rows.append(value)
        if end < 0:
            break
        at = end + 1
    return [_with_texts(row, texts, 0) for row in rows]


def _with_texts(value: object, texts: dict[str, str], depth: int) -> object:
    """A row with the texts that it names, and its elements as objects."""
    if isinstance(value, str):
        return texts.get(value, value) if value[:1] == "$" else value
    if depth > DEEPEST:
        return None
    if isinstance(value, list) and len(value) == 4 and value[0] == "$" and isinstance(value[3], dict):
        value = {"tag": value[1], **value[3]}
    if isinstance(value, list):
        return [_with_texts(one, texts, depth + 1) for one in value]
    if isinstance(value, dict):
        return {name: _with_texts(one, texts, depth + 1) for name, one in value.items()}
    return value


def _is_flat(value: object) -> bool:
    """Whether a value is a list of values that name each other by their place in it."""
    if not isinstance(value, list) or len(value) < 10:
        return False
    first = value[0]
    if isinstance(first, dict):
        return bool(first) and all(type(one) is int for one in first.values())
    return isinstance(first, list) and len(first) == 2 and isinstance(first[0], str) and type(first[1]) is int


def _unflattened(values: object) -> object:
    return _Flat(values).at(0, 0) if isinstance(values, list) else values


class _Flat:
    """A list of values that name each other by their place; what is named often is written out often, to a bound."""

    def __init__(self, values: list[object]) -> None:
        self.values = values
        self.room = MOST_NODES

    def at(self, place: object, depth: int) -> object:
        """The value at a place, with all that it names."""
        self.room -= 1
        if type(place) is not int or not 0 <= place < len(self.values) or depth > DEEPEST or self.room < 0:
            return None
        value = self.values[place]
        if isinstance(value, dict):
            return {name: self.at(one, depth + 1) for name, one in value.items()}
        if isinstance(value, list):
            return [self.at(one, depth + 1) for one in value if type(one) is int]
        return value
