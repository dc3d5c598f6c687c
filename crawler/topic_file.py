"""A topic's file, changed where a change is meant and nowhere else: comments, order and spelling stay as they are."""

from __future__ import annotations

import json
import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from archive.disk import write_whole
from crawler.definition import listed, quoted
from pipelines.topic import TopicError

BACKUP = ".bak"
SEEDS = "The articles that its terms were learnt from. Nothing is judged by them."
NEVER = "Words or phrases that never belong, whatever else an article says."
_TABLE = re.compile(r"[ \t]*\[")
_TERMS = re.compile(r"[ \t]*\[[ \t]*[\"']?terms[\"']?[ \t]*\]")
_TRIES = 50  # places at which a new key may go


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is to change: weights by term, new or as the file writes it; phrases never wanted; seeds added and gone.

    `note` is the comment above new terms.
    """

    weights: Mapping[str, float]
    never: Sequence[str]
    seeds: Sequence[str]
    gone: Sequence[str]
    note: str


def edited(text: str, edit: Edit, file: str) -> str:
    """The file's text with the changes in it; TopicError where anything else would change with them."""
    intended = _intended(tomllib.loads(text), edit)
    try:
        after = _edited(text, edit)
        found = tomllib.loads(after)
    except (TOMLKitError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _refused(file) from error
    if found != intended:
        raise _refused(file)
    return after


def write(path: Path, text: str) -> Path:
    """Put the text into the file, whole or not at all, with its mode kept; where the former text lies now."""
    path = path.resolve()  # a link stays a link
    backup = path.with_name(path.name + BACKUP)
    mode = stat.S_IMODE(path.stat().st_mode)
    write_whole(backup, path.read_bytes(), mode)
    write_whole(path, text.encode(), mode)
    return backup


def _intended(values: dict[str, Any], edit: Edit) -> dict[str, Any]:
    """What the file should say afterwards."""
    intended = deepcopy(values)
    terms = intended.setdefault("terms", {})
    terms |= {_spelt(text, terms): _number(weight) for text, weight in edit.weights.items()}
    for key, more in (("never", edit.never), ("seeds", edit.seeds)):
        if more:
            intended[key] = [*intended.get(key, []), *more]
    if edit.gone:
        intended["seeds"] = [seed for seed in intended["seeds"] if seed not in edit.gone]
    return intended


def _edited(text: str, edit: Edit) -> str:
    is_windows = "\r\n" in text
    text = text.replace("\r\n", "\n")
    new = [one for one in edit.weights if _spelt(one, tomllib.loads(text).get("terms", {})) == one]
    document = tomlkit.parse(_with_lists(text, edit))
    terms: Any = document.get("terms", {})
    for key, more in (("never", edit.never), ("seeds", edit.seeds)):
        _append(document, key, more)
    for at in reversed([at for at, seed in enumerate(document.get("seeds", [])) if seed in edit.gone]):
        del document["seeds"][at]
    for one, weight in edit.weights.items():
        if (key := _spelt(one, terms)) in terms:
            terms[key] = _number(weight)
    after = _with_terms(tomlkit.dumps(document), {one: edit.weights[one] for one in new if one not in terms}, edit.note)
    return after.replace("\n", "\r\n") if is_windows else after


def _with_terms(text: str, new: Mapping[str, float], note: str) -> str:
    """The text with new terms below those of its table, above what is said of the next; in line where it has none."""
    lines = text.splitlines(keepends=True)
    tables = [at for at, line in enumerate(lines) if _TABLE.match(line)]
    head = next((at for at in tables if _TERMS.match(lines[at])), None)
    if not new:
        return text
    if head is None:
        return _in_line(text, new)
    after = next((at for at in tables if at > head), None)
    place = len(lines) if after is None else _above(lines, after)
    while not lines[place - 1].strip():
        place -= 1
    before = "".join(lines[:place])
    gap = "\n" if before.endswith("\n") else "\n\n"
    block = "".join(f"{json.dumps(term, ensure_ascii=False)} = {_number(weight)}\n" for term, weight in new.items())
    return f"{before}{gap}# {note}\n{block}{''.join(lines[place:])}"


def _in_line(text: str, new: Mapping[str, float]) -> str:
    document = tomlkit.parse(text)
    if "terms" not in document:
        document["terms"] = tomlkit.table()
    terms: Any = document["terms"]
    for term, weight in new.items():
        terms[term] = _number(weight)
    return tomlkit.dumps(document)


def _append(document: tomlkit.TOMLDocument, key: str, values: Sequence[str]) -> None:
    array: Any = document.get(key, ())
    for value in values:
        if value not in array:  # a list that was made for them has them already
            array.append(value)


def _with_lists(text: str, edit: Edit) -> str:
    """The text with the lists that are to be filled and are not there yet: plain keys stand before tables."""
    for key, more, note in (("seeds", edit.seeds, SEEDS), ("never", edit.never, NEVER)):
        values = tomllib.loads(text)
        if more and key not in values:
            block = f"# {note}\n{key} = [\n{listed(quoted(one) for one in more)}]\n\n"
            text = _inserted(text, block, {**values, key: list(more)})
    return text


def _inserted(text: str, block: str, intended: dict[str, Any]) -> str:
    """The text with a block above its first table and that table's comments, at its end where it has none."""
    lines = text.splitlines(keepends=True)
    places = [at for at, line in enumerate(lines) if _TABLE.match(line)][:_TRIES]
    for place in (*(_above(lines, at) for at in places), len(lines)):
        before = "".join(lines[:place])
        gap = "" if not before or before.endswith("\n\n") else "\n" if before.endswith("\n") else "\n\n"
        found = before + gap + (block if lines[place:] else block.rstrip("\n") + "\n") + "".join(lines[place:])
        with suppress(ValueError):
            if tomllib.loads(found) == intended:
                return found
    return text


def _above(lines: Sequence[str], at: int) -> int:
    """The line above the comments that stand directly over a line."""
    while at and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    return at


def _spelt(text: str, terms: Mapping[str, Any]) -> str:
    """A term as the file writes it; a new one as it is."""
    folded = text.casefold().strip()
    return next((key for key in terms if key.casefold().strip() == folded), text)


def _number(weight: float) -> float | int:
    return int(weight) if weight == int(weight) else weight


def _refused(file: str) -> TopicError:
    return TopicError(
        f"{file}: cannot be changed without changing more than is meant; take the lines of the list over by hand"
    )
