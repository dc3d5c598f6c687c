"""Phrases that are compared with whole sentences, whatever their case and accents: the notation of notices.txt.

A phrase is plain words. `…` stands for anything, or nothing, within the sentence; `(one/other)` for either,
`(word /)` for a word that may be missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

LONGEST = 300  # characters of a sentence that are compared
WIDTH = 60  # characters that a "…" between two words takes at most
KEY = 4  # characters by which phrases are found: all that begin with "this" are tried on a sentence that does

_GAP = "…"
_SECTION = re.compile(r"\[([a-z ]+)\]")
_LINE = re.compile(r"([a-z]{2}): (.+)")
_TOKENS = re.compile(r"(\s*…\s*|[()/])")
_CHOICE = re.compile(r"\(([^()]*)\)")
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u0670\u0900-\u0902\u093c\u3099\u309a]+")
# What one word is spelt with on different keyboards; joiners, which many leave out; and what nobody sees.
_SAME = str.maketrans({"’": "'", "ı": "i", "ي": "ی", "ى": "ی", "ك": "ک", "ـ": "", "\u200c": " ", "\u200d": ""})
_SAME |= dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e"), "")


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


def spelt_out(phrase: str) -> list[str]:
    """A phrase without gaps in all its choices."""
    made = [""]
    for place, part in enumerate(_CHOICE.split(phrase)):
        made = [one + other for one in made for other in (part.split("/") if place % 2 else (part,))]
    return made


class Phrasebook:
    """Phrases of several kinds, ready to be found."""

    def __init__(self, kinds: Mapping[str, Iterable[Entry]]) -> None:
        self._by_beginning: dict[str, list[tuple[str, str]]] = {}
        for kind, entries in kinds.items():
            for entry in entries:
                phrase = _GAP.join(map(folded, entry.phrase.split(_GAP)))
                for beginning in _beginnings(phrase):
                    self._by_beginning.setdefault(beginning, []).append((kind, phrase))

    def may_begin(self, beginning: str) -> bool:
        """Whether a phrase begins as a sentence, folded, does; the first letters of that are enough."""
        return any(beginning[:length] in self._by_beginning for length in range(1, KEY + 1))

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


def _beginnings(phrase: str) -> set[str]:
    """What a phrase may begin with, `KEY` characters long or up to its first gap, in all its choices."""
    begun, whole = {""}, set()
    for place, part in enumerate(_CHOICE.split(phrase)):
        longer = {one + other for one in begun for other in (part.split("/") if place % 2 else (part,))}
        whole |= {one for one in longer if _GAP in one or len(one) >= KEY}
        begun = longer - whole
    return {one.partition(_GAP)[0].rstrip()[:KEY] for one in whole | begun}


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    tokens = _TOKENS.split(phrase)
    made = [_piece(token, is_last=not any(tokens[place + 1 :])) for place, token in enumerate(tokens)]
    return re.compile("".join(made), re.DOTALL)


def _piece(token: str, *, is_last: bool) -> str:
    """The pattern of a token: a word ends and begins where the phrase has a space beside a gap."""
    if _GAP not in token:
        return {"(": "(?:", ")": ")", "/": "|"}.get(token, re.escape(token))
    before, after = r"(?!\w)" if token[0] == " " else "", r"(?<!\w)" if token[-1] == " " else ""
    return f"{before}(?P<rest>.{{0,{LONGEST}}})" if is_last else f"{before}.{{0,{WIDTH}}}?{after}"
