"""What a page prints that passes by itself: how long ago something was, stamps of changes, counters.

The words stand in passing.txt, in the languages of newspapers. What a line says besides is for `changes.py` to compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple

from pipelines.phrasebook import Entry, folded, sections_of
from pipelines.typography import plain
from pipelines.witnesses.written import is_month

Passing = Literal["relative time", "stamp", "counter"]

LONGEST = 160  # characters of a line that may be nothing else
LONGEST_PART = 80
PROSE = 2_000  # characters of a paragraph in which moments are looked for

_MARK = "⟨ago⟩"  # what stands for "2 hours ago"
_UNSPACED = re.compile("[\u0e00-\u0eff\u3000-\u30ff\u3400-\u9fff]")
_CHOICE = re.compile(r"\(([^()]*)\)")
_COUNT = r"\d[\d.,' ]{0,12}(?:k|m|mio|mil|tsd|тыс|万|萬|천|만)?\+?"
_FEW = r"\d{1,3}"
_AND = r",? ?(?:and |und |et |y |e |en |og |och |i |и )?"  # between two units: 1 hour and 5 minutes
_PARTS = re.compile(r"\s?[|·•‧∙]\s?|\t")
_DASHED = re.compile(rf"{_PARTS.pattern}|\s[-–—/]\s")
_SENTENCE = re.compile(r"[.!?…。！？؟।][\"'”’»)]?\Z")
_LETTERS = re.compile(r"[^\W\d_]+")
_DATE = re.compile(r"\d{1,2} ?[:.h時时시] ?\d\d|\d{1,4}[./-]\d{1,2}[./-]\d|\d{1,2} ?(?:[ap]\.? ?m\b|uhr\b)")
_SIGNS = re.compile(r"[^\w%+.,'-]+")
_EDGES = " .,:;()[]-"
_LIKE = {"no": "da", "hr": "sr"}  # languages whose units are spelt as another's


def without_moments(line: str) -> str:
    """A plain line with a mark in place of every "2 hours ago"; what is longer ago is what a text tells."""
    if len(line) > PROSE or not (found := list(_book().moments.finditer(_folded(line)))):
        return line
    places = [place for place, one in enumerate(line) for _ in _fold(one)] + [len(line)]
    left, start = [], 0
    for one in found:
        left += [line[start : places[one.start()]], _MARK]
        start = places[one.end()]
    return "".join([*left, line[start:]])


def without_passing(line: str) -> tuple[str, set[Passing]]:
    """What is left of a line without the parts of it that pass by themselves, and of which kinds those are.

    A line has parts where it has marks between them, such as "|"; dashes are marks too, but not in a sentence. A row of
    a table has no parts: its cells are data.
    """
    if len(line) > LONGEST or line.startswith("|"):
        return line, set()
    kinds: set[Passing] = set()
    left = []
    for part in filter(None, (_PARTS if _SENTENCE.search(line) else _DASHED).split(line)):
        if kind := kind_of(part):
            kinds.add(kind)
        else:
            left.append(part)
    return (" | ".join(left), kinds) if kinds else (line, kinds)


def kind_of(part: str) -> Passing | None:
    """What a part of a line is that passes by itself; None where it may say something."""
    if len(part) > LONGEST_PART:
        return None
    text = folded(plain(part)).strip(_EDGES)
    words = _bare(text)
    if _book().counters.fullmatch(words):
        return "counter"
    if _book().now.fullmatch(words):
        return "relative time"
    label = _book().labels.match(text)
    rest, agos = _book().ago.subn(" ", text[label.end() :] if label else text)
    if agos:
        return "relative time" if is_when(rest) else None
    return "stamp" if label and _is_moment(rest) and is_when(rest) else None


def _is_moment(rest: str) -> bool:
    """Whether words name a time: a clock, a date in numbers, a day, or a moment ago."""
    if _book().now.fullmatch(_bare(rest)) or _DATE.search(rest):
        return True
    return any(word in _book().days or is_month(word) for word in _LETTERS.findall(rest))


def is_when(rest: str) -> bool:
    """Whether there is nothing in folded words that says more than when."""
    if _book().now.fullmatch(_bare(rest)):
        return True
    return all(word in _book().days or word in _book().between or is_month(word) for word in _LETTERS.findall(rest))


def _bare(text: str) -> str:
    """Words without the signs around and between them."""
    return " ".join(_SIGNS.sub(" ", text).split()).strip(_EDGES)


def _folded(line: str) -> str:
    return line.lower() if line.isascii() else "".join(map(_fold, line))


@cache
def _fold(character: str) -> str:
    return folded(character)


class _Book(NamedTuple):
    """The entries, ready to be found. `moments` are of up to hours, `ago` of any length."""

    ago: re.Pattern[str]
    moments: re.Pattern[str]
    now: re.Pattern[str]
    labels: re.Pattern[str]
    counters: re.Pattern[str]
    days: frozenset[str]
    between: frozenset[str]


@cache
def _book() -> _Book:
    """Made when it is asked for first: that takes a tenth of a second."""
    entries = sections_of(files("pipelines").joinpath("passing.txt").read_text(encoding="utf-8"))
    return _Book(
        ago=_pattern(entries["ago"], _times([*entries["moments"], *entries["days"]], entries["ones"])),
        moments=_pattern([one for one in entries["ago"] if "#" in one.phrase], _times(entries["moments"])),
        now=_pattern(entries["now"], {}),
        labels=_pattern(entries["labels"], {}),
        counters=_pattern(entries["counters"], {}, _COUNT),
        days=_words(entries["dates"]),
        between=_words(entries["between"]),
    )


def _words(entries: Iterable[Entry]) -> frozenset[str]:
    words = (one for entry in entries for one in entry.phrase.split())
    return frozenset(word for one in words for word in _LETTERS.findall(folded(one)))


def _times(units: Iterable[Entry], ones: Iterable[Entry] = ()) -> dict[str, str]:
    """The pattern of a number with its unit, or two of them, by language; `ones` are words for the number one."""
    counted, single = (
        {language: [re.escape(word) for entry in some for word in folded(entry.phrase).split()]
         for language, some in groupby(sorted(entries), key=itemgetter(0))}
        for entries in (units, ones)
    )  # fmt: skip
    made = {}
    for language, some in counted.items():
        count = _either([_FEW, *(rf"{word}(?!\w)" for word in single.get(language, ()))])
        one = rf"(?:{count}) ?(?:{_either(some)})\.?"
        made[language] = rf"{one}(?:{_AND}{one})?"
    return made | {language: made[other] for language, other in _LIKE.items()}


def _either(choices: Iterable[str]) -> str:
    """A pattern of several, the longest first."""
    return "|".join(sorted(set(choices), key=lambda one: (-len(one), one)))


def _pattern(entries: Iterable[Entry], number: Mapping[str, str], default: str = "") -> re.Pattern[str]:
    """One pattern for phrases; for those with "#" only in languages that say what it stands for."""
    groups: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        phrase, count = folded(entry.phrase), number.get(entry.language, default)
        if count or "#" not in phrase:
            groups.setdefault(_edges(phrase), []).append(_piece(phrase, count))
    return re.compile("|".join(f"{before}(?:{_either(some)}){after}" for (before, after), some in groups.items()))


def _edges(phrase: str) -> tuple[str, str]:
    """What must stand before and behind a phrase: a word ends and begins there, where its script parts words."""
    is_unspaced = _UNSPACED.search(phrase) is not None
    before = r"(?<![\d.,])" if is_unspaced and phrase[0] == "#" else "" if is_unspaced else r"(?<![\w.,])"
    return before, "(?![後后往線线提夕半])" if is_unspaced else r"(?!\w)"


def _piece(phrase: str, number: str) -> str:
    made = "".join(
        f"(?:{_either(map(re.escape, part.split('/')))})" if place % 2 else re.escape(part)
        for place, part in enumerate(_CHOICE.split(phrase))
    )
    space = " ?" if _UNSPACED.search(phrase) else " "
    return made.replace(r"\ ", space).replace(r"\#", f"(?:{number})")
