"""What an article says of itself: that it was corrected, updated or explained.

The phrases stand in corrections.txt, in the languages of newspapers. A notice stands at the beginning of a line or of a
sentence; what it is called (`Correction:`) counts at the beginning of a line only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from pipelines.decoding import cleaned
from pipelines.passing import is_when, kind_of
from pipelines.phrasebook import LONGEST as COMPARED
from pipelines.phrasebook import Phrasebook, folded, sections_of, spelt_out

Kind = Literal["correction", "update", "clarification", "note"]

QUOTED = 240  # characters of a notice's own words
MOST = 8  # notices of one text
AHEAD = 20  # characters of a sentence that tell whether it may be a notice
SENTENCES = 40  # of one line, that are looked at
LONGEST_LABEL = 60  # characters of a label with its date

_SENTENCES = re.compile(r"(?<=[.!?…؟।])\s+|(?<=[。！？])")
_EDGES = " \t\u00a0.,;!?…-–—|·•*#=~_<>[](){}【】«»\"'“”„、。！？،؛؟।\u200e\u200f"
_END = re.compile(r"[:：】]| [-–—|] ")
_KINDS: tuple[Kind, ...] = ("correction", "clarification", "update")  # the first that a sentence is


class Notice(NamedTuple):
    """That an article says something of itself, in these words."""

    kind: Kind
    words: str


def notices_in(body: str) -> tuple[Notice, ...]:
    """The notices in a text that has a paragraph a line, each kind and words once."""
    found: dict[Notice, None] = {}
    lines = body.split("\n")
    for place, line in enumerate(lines):
        below = lines[place + 1] if place + 1 < len(lines) else ""
        if (notice := _notice(line, below)) and not kind_of(line):
            found[notice] = None
        if len(found) == MOST:
            break
    return tuple(found)


def is_notice(line: str) -> bool:
    """Whether a line says of its article that it was corrected, updated or explained, and not only when."""
    notice = _notice(line, "")
    return notice is not None and notice.kind != "note" and not kind_of(line)


def _notice(line: str, below: str) -> Notice | None:
    """The first notice in a line; where that is only what it is called and when, with the words of the line below."""
    head = _folded(line[:LONGEST_LABEL])
    if len(line) <= LONGEST_LABEL or _END.search(head) or _book().phrases.may_begin(head):
        named, rest = _named(_folded(line))
        if named and is_when(rest):
            return Notice(named, _cut(f"{line} {below}")) if below else None
        if kind := (_said(rest) or named):
            return Notice(kind, _cut(line))
    start = 0
    for sentence in _sentences(line):
        if start and _book().phrases.may_begin(_folded(sentence[:AHEAD])) and (kind := _said(_folded(sentence))):
            return Notice(kind, _cut(line[start:]))
        start += len(sentence)
    return None


def _named(text: str) -> tuple[Kind | None, str]:
    """The kind of notice that a folded line is called, and what stands behind that and behind openers."""
    kind: Kind | None = None
    for _ in range(3):
        end = _END.search(text, 0, LONGEST_LABEL)
        if end is None and len(text) > LONGEST_LABEL:
            break
        label = _label(text[: end.start()] if end else text)
        if label is None:
            break
        if label != "opener" and (kind is None or label != "note"):
            kind = label
        text = text[end.end() :].strip(_EDGES) if end else ""
    return kind, text


def _label(text: str) -> Kind | Literal["opener"] | None:
    """What a label says, which may have a date behind it: `Correction, 12 March`."""
    words = text.strip(_EDGES)
    labels = _book().labels
    for end in (len(words), *(found.start() for found in re.finditer(r"[\s(,\d]", words))):
        if (label := labels.get(words[:end].strip(_EDGES))) and is_when(words[end:]):
            return label
    return None


def _said(sentence: str) -> Kind | None:
    """The kind of notice that a folded sentence is."""
    kinds = _book().phrases.kinds_of(sentence) if _book().phrases.may_begin(sentence) else {}
    return next((kind for kind in _KINDS if kind in kinds), None)


def _sentences(line: str) -> Iterator[str]:
    """The sentences of a line with the spaces behind them, the first ones."""
    start = 0
    for count, found in enumerate(_SENTENCES.finditer(line)):
        if count == SENTENCES:
            return
        yield line[start : found.end()]
        start = found.end()
    yield line[start:]


def _folded(text: str) -> str:
    return folded(" ".join(text[: 2 * COMPARED].split())[:COMPARED]).strip(_EDGES)


def _cut(words: str) -> str:
    """A notice's own words, on one line, cut where a word ends."""
    words = cleaned(words[: 2 * QUOTED])
    return words if len(words) <= QUOTED else f"{words[:QUOTED].rpartition(' ')[0] or words[:QUOTED]}…"


class _Book(NamedTuple):
    """The entries, ready to be found."""

    phrases: Phrasebook
    labels: dict[str, Kind | Literal["opener"]]


@cache
def _book() -> _Book:
    entries = sections_of(files("pipelines").joinpath("corrections.txt").read_text(encoding="utf-8"))
    labels: dict[str, Kind | Literal["opener"]] = {}
    kinds: tuple[tuple[Kind | Literal["opener"], str], ...] = (
        ("opener", "openers"), ("note", "note label"), *((kind, f"{kind} label") for kind in _KINDS),
    )  # fmt: skip
    for kind, section in kinds:
        for entry in entries[section]:
            labels |= {folded(one).strip(_EDGES): kind for one in spelt_out(entry.phrase)}
    return _Book(Phrasebook({kind: entries[kind] for kind in _KINDS}), labels)
