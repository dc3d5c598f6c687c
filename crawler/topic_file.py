"""A topic's file, changed where a change is meant and nowhere else: comments, order and spelling stay as they are."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import KeyType, SingleKey, Table

from crawler.definition import listed, quoted
from pipelines.topic import TopicError

BACKUP = ".bak"
SEEDS = "The articles that its terms were learnt from. Nothing is judged by them."
NEVER = "Words or phrases that never belong, whatever else an article says."
_TABLE = re.compile(r"[ \t]*\[")
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
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, name)
        shutil.copy2(path, backup)
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
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
    is_windows, is_loose = "\r\n" in text, text.endswith("\n\n")
    document = tomlkit.parse(_with_lists(text if text.endswith("\n") else f"{text}\n", edit))
    for key, more in (("never", edit.never), ("seeds", edit.seeds)):
        _append(document, key, more)
    for at in reversed([at for at, seed in enumerate(document.get("seeds", [])) if seed in edit.gone]):
        del document["seeds"][at]
    if edit.weights:
        _weigh(document, edit)
    after = tomlkit.dumps(document).replace("\r\n", "\n").replace(f"\n\n\n# {edit.note}", f"\n\n# {edit.note}")
    after = after if is_loose else after.rstrip("\n") + "\n"
    return after.replace("\n", "\r\n") if is_windows else after


def _append(document: tomlkit.TOMLDocument, key: str, values: Sequence[str]) -> None:
    array: Any = document.get(key, ())
    for value in values:
        if value not in array:  # a list that was made for them has them already
            array.append(value)


def _weigh(document: tomlkit.TOMLDocument, edit: Edit) -> None:
    terms: Any = document["terms"]  # a table, an inline table or dotted keys
    new = []
    for text, weight in edit.weights.items():
        if (key := _spelt(text, terms)) in terms:
            terms[key] = _number(weight)
        else:
            new.append((text, weight))
    if new and isinstance(terms, Table):
        terms.add(tomlkit.nl())
        terms.add(tomlkit.comment(edit.note))
        for text, weight in new:
            terms.add(SingleKey(text, t=KeyType.Basic), _number(weight))
        terms.add(tomlkit.nl())
    else:
        terms.update({text: _number(weight) for text, weight in new})


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
        gap = "" if not before or before.endswith("\n") else "\n"
        found = before + gap + block + "".join(lines[place:])
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
