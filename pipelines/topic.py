"""The topic that a user follows, as its TOML file says it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from pipelines import keys
from pipelines.fields import Fields, TopicError, shown
from pipelines.keys import CHANNELS, KEEP, LONGEST_TERM, MOST_SEEDS, PORTS, REVIEW

__all__ = [
    "CHANNELS",
    "KEEP",
    "LONGEST_TERM",
    "MOST_SEEDS",
    "PORTS",
    "REVIEW",
    "Source",
    "Term",
    "Topic",
    "TopicError",
    "find_topic",
    "is_topic_name",
    "load_topic",
    "parse_topic",
    "with_keep",
]

MOST_BYTES = 1024 * 1024

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or phrase of the topic, casefolded, with its weight (0 to 10, 1 is ordinary)."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that a channel asks. `verified` is False until `dossier sources check` has seen it answer.

    A service that knows where to ask has no `url`. `only` are the registrable domains that it is asked about, all
    where it is empty.
    """

    channel: str
    url: str
    outlet: str = ""
    verified: bool = False
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What the user follows. `file` is where it was read, `definition` the file's text.

    `seeds` are the articles that the terms were learnt from; nothing is judged by them.
    """

    name: str
    title: str = ""
    language: str = "en"
    seeds: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    never: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    queries: tuple[str, ...] = ()
    keep: float = KEEP
    review: float = REVIEW
    sources: tuple[Source, ...] = ()
    ports: tuple[int, ...] = PORTS
    preserve: Literal["kept", "all"] = "kept"
    file: str = ""
    definition: str = field(default="", repr=False)


def is_topic_name(name: str) -> bool:
    """Whether a name may become NAME.toml: lowercase letters, digits, `-` and `_`, at most 80."""
    return _NAME.fullmatch(name) is not None


def parse_topic(text: str, file: str) -> Topic:
    """The topic that a TOML text describes; `file` names it in errors and gives the topic its name."""
    fields = Fields(file=file, values=_toml(text, file))
    fields.only(keys.KEYS)
    since, until = keys.window(fields.table("window"))
    keep, review = keys.thresholds(fields.table("thresholds"))
    return Topic(
        name=Path(file).stem,
        title=fields.text("title"),
        language=keys.language(fields),
        seeds=keys.seeds(fields),
        terms=tuple(Term(text=text, weight=weight) for text, weight in keys.terms(fields, keep)),
        never=keys.never(fields),
        since=since,
        until=until,
        queries=fields.texts("queries", longest=500),
        keep=keep,
        review=review,
        sources=tuple(Source(**listed._asdict()) for listed in keys.sources(fields)),
        ports=keys.ports(fields),
        preserve=keys.preserve(fields),
        file=file,
        definition=text,
    )


def load_topic(path: Path) -> Topic:
    """The topic in a file."""
    try:
        with path.open("rb") as stream:
            body = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        fault = getattr(error, "strerror", None) or error
        raise TopicError(f"{path}: cannot be read ({fault}); name a topic file that you may read") from error
    if len(body) > MOST_BYTES:
        raise TopicError(f"{path}: is larger than {MOST_BYTES:,} bytes; a topic is a short file for hand edits")
    try:
        # Windows editors begin a file with a byte order mark.
        return parse_topic(body.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise TopicError(f"{path}: line {line} is not UTF-8; save the file as UTF-8") from error


def with_keep(topic: Topic, keep: float | None) -> Topic:
    """The topic with another threshold, where one is given; what is for review lies below it."""
    return topic if keep is None else replace(topic, keep=keep, review=min(topic.review, keep))


def find_topic(name_or_path: str, folders: Sequence[Path]) -> Path:
    """The file of a topic: the path if it names a file, else NAME.toml in the first of the folders that has it."""
    if _is_file(Path(name_or_path)):
        return Path(name_or_path)
    name = name_or_path.removesuffix(".toml")
    if is_topic_name(name):
        for folder in folders:
            if _is_file(folder / f"{name}.toml"):
                return folder / f"{name}.toml"
    raise TopicError(_not_found(name, folders))


def _not_found(name: str, folders: Sequence[Path]) -> str:
    there = sorted(
        {path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.toml") if _is_file(path)}
    )
    near = difflib.get_close_matches(name[:100], there, n=1)
    guess = f"; did you mean {near[0]}?" if near else ""
    places = ", ".join(str(folder) for folder in folders) or "no folder"
    known = (
        f"topics there: {', '.join(there)}; `dossier new` makes others"
        if there
        else "there is no topic there yet: `dossier new` makes one"
    )
    return f"{shown(name)}: no such topic or file{guess} (looked in {places}; {known})"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long for the system, or with a NUL in it
        return False


def _toml(text: str, file: str) -> dict[str, object]:
    if len(text) > MOST_BYTES:
        raise TopicError(f"{file}: is larger than {MOST_BYTES:,} characters; a topic is a short file for hand edits")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise TopicError(f"{file}: is nested too deeply; a topic has tables of plain values") from error
    except ValueError as error:
        fault = str(error)
        place = "the file"
        if found := _PLACE.fullmatch(fault):
            fault, place = found[1], f"line {found[2]}" if found[2] else "the end of the file"
        raise TopicError(
            f"{file}: {place} is not TOML: {shown(fault)}; mend it (texts and phrases in quotes)"
        ) from error
