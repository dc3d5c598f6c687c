"""Lines that outlets put between the paragraphs of an article: read-more, credits, paywalls, comment boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Literal, get_args

Section = Literal["begins", "holds", "whole", "follows", "networks"]

_UNSPACED = "\u0e00"  # from here on lie the scripts that put no space between words
_MARKS = " \t*>»›→·•|#=~_–—-+"  # what stands before a phrase and makes no difference
_BRACKETS = ("(", "[", "<")
_AROUND = 12  # of such marks, at most
_NUMBER = re.compile(r"\d+")


class Phrases:
    """Phrases that make a line promotion, by where in it they stand.

    `begins`: the line starts so. `holds`: it has it somewhere. `whole`: it is nothing else. `follows`: it starts so and
    names one of the `networks`. Numbers are read as 0.
    """

    def __init__(self, sections: Mapping[Section, Iterable[str]]) -> None:
        self.sections = {section: tuple(sections.get(section, ())) for section in get_args(Section)}
        self._begins = _by_first_letter(self.sections["begins"])
        self._follows = _by_first_letter(self.sections["follows"])
        self._holds = _by_word(self.sections["holds"])
        self._whole = {_bare(phrase): phrase for phrase in self.sections["whole"]}
        self._longest = max(map(len, self._whole), default=0) + 2 * _AROUND

    def found(self, line: str) -> tuple[Section, str] | None:
        """The phrase that makes a line promotion, with its section; None where there is none."""
        line = folded(line)
        start = line[:_AROUND].lstrip(_MARKS) + line[_AROUND:]
        inside = start[1:].lstrip() if start.startswith(_BRACKETS) else ""
        if phrase := _beginning(start, self._begins) or _beginning(inside, self._begins):
            return "begins", phrase
        if len(line) <= self._longest and (phrase := self._whole.get(_bare(line), "")):
            return "whole", phrase
        if (phrase := _beginning(start, self._follows)) and any(name in line for name in self.sections["networks"]):
            return "follows", phrase
        return ("holds", phrase) if (phrase := self._held(line)) else None

    def _held(self, line: str) -> str:
        words = line.split() if line.isascii() else ["", *line.split()]
        if self._holds.keys().isdisjoint(words):
            return ""
        some = (phrase for word in dict.fromkeys(words) for phrase in self._holds.get(word, ()))
        return next((phrase for phrase in some if _holds(line, phrase)), "")


def folded(text: str) -> str:
    """A text in small letters, every number a 0, apostrophes straight; a capital I with a dot becomes the small one."""
    return _NUMBER.sub("0", text.replace("’", "'").lower().replace("i\u0307", "i"))


def read_phrases(text: str) -> dict[Section, list[str]]:
    """The phrases of a list as promotions.txt is one, by their section."""
    found: dict[Section, list[str]] = {section: [] for section in get_args(Section)}
    names: dict[str, Section] = {f"[{section}]": section for section in get_args(Section)}
    section: Section = "begins"
    for line in text.splitlines():
        if line in names:
            section = names[line]
        elif line and not line.startswith("#"):
            found[section].append(line)
    return found


def _by_first_letter(phrases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for phrase in phrases:
        found[phrase[0]] = (*found.get(phrase[0], ()), phrase)
    return found


def _by_word(phrases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Phrases by a word that a line must have to hold them: the longest that has no sign behind it.

    Those of scripts without spaces stand under no word.
    """
    found: dict[str, tuple[str, ...]] = {}
    for phrase in phrases:
        words = phrase.split()
        word = max(words[:-1] or words, key=len) if phrase[0] < _UNSPACED else ""
        found[word] = (*found.get(word, ()), phrase)
    return found


def _beginning(line: str, phrases: Mapping[str, tuple[str, ...]]) -> str:
    """The phrase with which a line begins, where it ends as a word ends."""
    some = phrases.get(line[:1], ())
    if not line.startswith(some):
        return ""
    return next((phrase for phrase in some if line.startswith(phrase) and _ends(phrase, line, len(phrase))), "")


def _holds(line: str, phrase: str) -> bool:
    at = line.find(phrase)
    is_start = at == 0 or phrase[0] >= _UNSPACED or not line[at - 1].isalnum()
    return at >= 0 and is_start and _ends(phrase, line, at + len(phrase))


def _ends(phrase: str, line: str, end: int) -> bool:
    """Whether a word ends where the phrase ends; scripts without spaces do not tell."""
    after = line[end : end + 1]
    return not phrase[-1].isalnum() or phrase[-1] >= _UNSPACED or not (after.isalnum() or after == "_")


def _bare(line: str) -> str:
    """A line without the signs before and behind it."""
    start, end = 0, len(line)
    while start < min(end, _AROUND) and not line[start].isalnum():
        start += 1
    while end > start and len(line) - end < _AROUND and not line[end - 1].isalnum():
        end -= 1
    return line[start:end]


PHRASES = Phrases(read_phrases(files("pipelines.body").joinpath("promotions.txt").read_text(encoding="utf-8")))
