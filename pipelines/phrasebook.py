"""Phrases that are compared with whole sentences, whatever their case and accents: the notation of notices.txt.

A phrase is plain words. `…` stands for anything, or nothing, within the sentence; `(one/other)` for either,
`(word /)` for a word that may be missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import NamedTuple

LONGEST = 300  # characters of a sentence that are compared
GAP = 60  # characters that a "…" between two words takes at most
KEY = 4  # characters by which phrases are found: all that begin with "this" are tried on a sentence that does

_SECTION = re.compile(r"\[([a-z ]+)\]")
_LINE = re.compile(r"([a-z]{2}): (.+)")
_TOKENS = re.compile(r"(\s*…\s*|[()/])")
_CHOICE = re.compile(r"\(([^()]*)\)")
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u0670\u0900-\u0902\u093c\u3099\u309a]+")
# What one word is spelt with on different keyboards, and joiners, which many leave out.
_SAME = str.maketrans({"’": "'", "ı": "i", "ي": "ی", "ى": "ی", "ك": "ک", "ـ": "", "\u200c": " ", "\u200d": ""})


class Entry(NamedTuple):
    """A line of a section: the language of a phrase (ISO 639-1), and the phrase as it is written there."""

    language: str
    phrase: str


def sections_of(text: str) -> dict[str, list[Entry]]:
    """The entries of a file of phrases, by section; ValueError names a line that is none."""
    found: dict[str, list[Entry]] = {}
    entries: list[Entry] = []
    for number, line in enumerate(text.splitlines(), 1):
        if section := _SECTION.fullmatch(line):
            entries = found.setdefault(section[1], [])
        elif entry := _LINE.fullmatch(line):
            entries.append(Entry(entry[1], entry[2]))
        elif line and not line.startswith("#"):
            raise ValueError(f"line {number}, {line[:60]!r}: write a language, a colon and a phrase")
    return found


def folded(text: str) -> str:
    """A text as it is compared: without case, accents, vowel points and joiners."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).translate(_SAME)


class Phrasebook:
    """Phrases of several kinds, ready to be found."""

    def __init__(self, kinds: Mapping[str, Iterable[Entry]]) -> None:
        self._by_beginning: dict[str, list[tuple[str, str]]] = {}
        for kind, entries in kinds.items():
            for phrase in dict.fromkeys(entry.phrase for entry in entries):
                for beginning in {one[:KEY] for one in _beginnings(phrase)}:
                    self._by_beginning.setdefault(beginning, []).append((kind, phrase))

    def kinds_of(self, sentence: str) -> dict[str, int]:
        """The kinds of the phrases that a sentence, folded, is, and how many characters the last "…" of each took."""
        sentence = sentence[:LONGEST]
        found: dict[str, int] = {}
        for length in range(1, min(KEY, len(sentence)) + 1):
            for kind, phrase in self._by_beginning.get(sentence[:length], ()):
                if match := _pattern(phrase).fullmatch(sentence):
                    rest = len(match["rest"]) if match.re.groups else 0
                    found[kind] = min(rest, found.get(kind, rest))
        return found


def _beginnings(phrase: str) -> Iterator[str]:
    """What a phrase may begin with, up to its first gap, in all its choices."""
    parts = _CHOICE.split(phrase)
    choices = [part.split("/") if place % 2 else [part] for place, part in enumerate(parts)]
    for words in product(*choices):
        yield folded("".join(words).partition("…")[0].rstrip())


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    tokens = _TOKENS.split(phrase)
    made = [_piece(token, is_last=not any(tokens[place + 1 :])) for place, token in enumerate(tokens)]
    return re.compile("".join(made), re.DOTALL)


def _piece(token: str, *, is_last: bool) -> str:
    """The pattern of a token: a word ends and begins where the phrase has a space beside a gap."""
    if "…" not in token:
        return {"(": "(?:", ")": ")", "/": "|"}.get(token, re.escape(folded(token)))
    before, after = r"(?!\w)" if token[0] == " " else "", r"(?<!\w)" if token[-1] == " " else ""
    return f"{before}(?P<rest>.{{0,{LONGEST}}})" if is_last else f"{before}.{{0,{GAP}}}?{after}"
