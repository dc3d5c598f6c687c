"""How a question is written: words, "phrases" and `field:value`, taken apart and put together again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FIELDS = ("outlet", "month", "language", "author", "topic", "kind", "verdict")
"""What results are filtered and counted by. The values of one field are alternatives, those of several all hold."""

TIMES = ("since", "until")
COLUMNS = ("title", "byline", "summary", "body")
"""The parts of an article in which a word can be looked for."""

OPERATORS = ("OR", "AND", "NOT")
_NAMES = {name: name for name in (*FIELDS, *TIMES, *COLUMNS)} | {"lang": "language"}

_QUOTES = '"“”„‟«»＂'
_GAP = re.compile(r"[\s()]*")
_DASHES = re.compile("[-−－]*")
_NAME = re.compile(r"([^\W\d_]{1,12})[:：]")
_QUOTED = re.compile(rf"[{_QUOTES}]((?:[^{_QUOTES}]|([{_QUOTES}])\2)*)[{_QUOTES}]?")
_DOUBLED = re.compile(rf"([{_QUOTES}])\1")
_ANY_QUOTE = re.compile(f"([{_QUOTES}])")
_WORD = re.compile(rf"[^\s(){_QUOTES}]+")
_ITEM = re.compile(rf"[^\s(){_QUOTES},]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a question: a word or a phrase, looked for in all columns or in one, or a field with its values.

    `field` is empty where a word is looked for everywhere. Words have one value, filters may have several.
    `is_either` says that OR stands between it and the part before. What `is_unclear` was not understood: it stays in
    the box, so that it can be mended, and has no effect.
    """

    field: str = ""
    values: tuple[str, ...] = ()
    is_phrase: bool = False
    is_without: bool = False
    is_either: bool = False
    is_unclear: bool = False

    @property
    def is_words(self) -> bool:
        """Whether it is looked for in the text."""
        return not self.field or self.field in COLUMNS

    @property
    def operator(self) -> str:
        """OR, AND or NOT where it is one of them."""
        is_plain = not (self.field or self.is_phrase or self.is_without)
        return self.values[0] if is_plain and self.values[0] in OPERATORS else ""


def clean(text: str) -> str:
    """The text without what SQLite cannot take: a NUL ends its strings, a lone surrogate has no UTF-8."""
    text = text.encode("utf-8", "replace").decode()
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)


def parts(text: str) -> Iterator[Part]:
    """The parts of a clean text in their order, OR, AND and NOT among them as words."""
    place = 0
    while (place := _end(_GAP, text, place)) < len(text):
        is_without = (after := _end(_DASHES, text, place)) > place
        field, place = _field(text, after)
        if field and field not in COLUMNS:
            values, place = _values(text, place)
            yield Part(field=field, values=values, is_without=is_without)
        elif quoted := _QUOTED.match(text, place):
            place = quoted.end()
            words = _one_line(_ANY_QUOTE.sub(" ", quoted[1]))
            yield Part(field=field, values=(words,), is_phrase=True, is_without=is_without)
        elif (word := _WORD.match(text, place)) or field:
            place = word.end() if word else place
            yield Part(field=field, values=(word[0] if word else "",), is_without=is_without)


def has_brackets(text: str) -> bool:
    """Whether a bracket stands outside of all quotes."""
    return "(" in _QUOTED.sub("", text)


def written(some: Iterable[Part]) -> str:
    """The parts as a text that reads as just these parts."""
    return " ".join(f"OR {_one(part)}" if part.is_either else _one(part) for part in some)


def _one(part: Part) -> str:
    dash, colon = "-" if part.is_without else "", ":" if part.field else ""
    if part.is_words:
        text = f'"{part.values[0]}"' if part.is_phrase else part.values[0]
    else:
        text = ",".join(value if _ITEM.fullmatch(value) else _quoted(value) for value in part.values)
    return f"{dash}{part.field}{colon}{text}"


def _quoted(value: str) -> str:
    """The value in quotes; those within it are doubled."""
    doubled = _ANY_QUOTE.sub(r"\1\1", value)
    return f'"{doubled}"'


def _field(text: str, place: int) -> tuple[str, int]:
    """The field that begins here, in whatever case and width it is written, and where its value begins."""
    found = _NAME.match(text, place)
    field = _NAMES.get(unicodedata.normalize("NFKC", found[1]).casefold(), "") if found else ""
    return (field, found.end()) if found and field else ("", place)


def _values(text: str, place: int) -> tuple[tuple[str, ...], int]:
    """The values that begin here, divided by commas, and where they end."""
    values = []
    while place < len(text):
        if found := _QUOTED.match(text, place):
            values.append(_one_line(_DOUBLED.sub(r"\1", found[1])))
        elif found := _ITEM.match(text, place):
            values.append(found[0])
        place = found.end() if found else place
        if not text.startswith(",", place):
            break
        place += 1
    return tuple(filter(None, values)), place


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place
