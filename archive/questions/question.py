"""What somebody typed into the search box, taken apart: words to look for, and filters beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from archive.questions.parsing import MAX_TYPED, Reading, is_beginning, is_wanted, read
from archive.questions.terms import either, every, term
from archive.questions.typed import FIELDS, TIMES, Part, clean, written
from archive.questions.values import UnclearValueError, after, first, meant

__all__ = ["FIELDS", "Filter", "Question", "adding", "parse", "removing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One `field:value`, or `-field:value` where what has it is left out."""

    field: str
    value: str
    is_without: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the archive.

    `words` and `unwanted` are FTS5 expressions, always well formed, empty where there is none: an answer matches
    `words` (all articles do where it is empty) and does not match `unwanted`. An article is in time where
    `since <= published < until`, as far as they are given (ISO 8601, UTC). `typed` is the question as it can be asked
    again. `unclear` are sentences about what was left out because it could not be understood.
    """

    typed: str = ""
    words: str = ""
    unwanted: str = ""
    filters: tuple[Filter, ...] = ()
    since: str = ""
    until: str = ""
    unclear: tuple[str, ...] = ()


def parse(typed: str) -> Question:
    """The question that somebody typed; never a fault, whatever it was.

    Its `typed` has single spaces and straight quotes, and reads as the same question.
    """
    parts, unclear = _read(typed)
    clear = [part for part in parts if not part.is_unclear]
    left_out = [_term(part) for part in clear if part.is_words and part.is_without]
    times = {part.field: part.values[0] for part in clear if part.field in TIMES}
    return Question(
        typed=written(parts),
        words=every(_groups(clear)),
        unwanted=either(left_out) if left_out else "",
        filters=tuple(_filters(clear)),
        since=first(times["since"]) if "since" in times else "",
        until=after(times["until"]) if "until" in times else "",
        unclear=unclear,
    )


def adding(typed: str, field: str, value: str) -> str:
    """What to type for the same question with one more filter; `-outlet` as the field leaves that outlet out.

    A filter that contradicts it goes; so does the former `since` or `until`. It is the same question where the value
    means nothing, or where the question is full.
    """
    name = field.removeprefix("-")
    said = _said(name, value)
    if not said or (name in TIMES and field != name):
        return parse(typed).typed
    part = Part(field=name, values=(said,), is_without=field != name)
    parts, _ = _read(typed)
    reading = Reading(parts=_removed(parts, name, "" if name in TIMES else said))
    reading.keep(part)
    return written(reading.parts)


def removing(typed: str, field: str, value: str = "") -> str:
    """What to type for the same question without one filter, or without all of a field (`since` and `until` too).

    It does not matter whether the filter is wanted or left out.
    """
    parts, _ = _read(typed)
    said = _said(field, value)
    return written(_removed(parts, field, said) if said or not value else parts)


def _read(typed: str) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The parts of a question, and the sentences about it."""
    return _remembered(typed[: MAX_TYPED + 1])


@lru_cache(maxsize=256)
def _remembered(typed: str) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The same of a text of bounded length: a page asks for it once for each of its links."""
    reading = read(typed)
    return tuple(reading.parts), tuple(reading.unclear)


def _said(field: str, value: str) -> str:
    """A value as it stands in a question, on one line; empty where it means nothing."""
    if field not in (*FIELDS, *TIMES):
        return ""
    try:
        return meant(field, " ".join(clean(value).split()))
    except UnclearValueError:
        return ""


def _removed(parts: Sequence[Part], field: str, value: str) -> list[Part]:
    """The parts that are left without the filters of a field, or without one value of it."""
    kept = []
    for part in parts:
        if part.field != field or part.is_words:
            kept.append(part)
        elif value and (left := tuple(one for one in part.values if one != value)):
            kept.append(replace(part, values=left))
    return kept


def _filters(clear: Sequence[Part]) -> Iterator[Filter]:
    for part in clear:
        if part.field in FIELDS:
            yield from (Filter(field=part.field, value=value, is_without=part.is_without) for value in part.values)


def _groups(clear: Sequence[Part]) -> list[list[str]]:
    """The terms that are wanted; of those in one group, any."""
    groups: list[list[str]] = []
    for part in filter(is_wanted, clear):
        if part.is_either:
            groups[-1].append(_term(part))
        else:
            groups.append([_term(part)])
    return groups


def _term(part: Part) -> str:
    is_open = is_beginning(part)
    text = part.values[0].rstrip("*") if is_open else part.values[0]
    return term(text, part.field, is_beginning=is_open)
