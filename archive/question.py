"""What somebody typed into the search box, taken apart: words to look for, and filters beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.match import NOTHING, expression

FIELDS = ("outlet", "month", "language", "author", "topic", "kind", "verdict")
"""What results are filtered and counted by. The values of one field are alternatives, those of several all hold."""


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


_FIELD = re.compile(r'(-?)(outlet|month|language|lang|author|topic|kind|verdict|since|until):(?:"([^"]*)"|(\S+))')


def parse(typed: str) -> Question:
    """The question that somebody typed; never a fault, whatever it was."""
    filters: list[Filter] = []
    bounds: dict[str, str] = {}
    for dash, name, quoted, plain in _FIELD.findall(typed[:1000]):
        field = "language" if name == "lang" else name
        if field in {"since", "until"}:
            bounds[field] = quoted or plain
        else:
            filters.append(Filter(field=field, value=quoted or plain, is_without=bool(dash)))
    words = expression(_FIELD.sub(" ", typed))
    return Question(
        typed=typed,
        words="" if words == NOTHING else words,
        filters=tuple(filters),
        since=bounds.get("since", ""),
        until=bounds.get("until", ""),
    )


def adding(typed: str, field: str, value: str) -> str:
    """What to type for the same question with one more filter; `value` is quoted where it has to be."""
    return f'{typed} {field}:"{value}"'.strip() if " " in value else f"{typed} {field}:{value}".strip()


def removing(typed: str, field: str, value: str = "") -> str:
    """What to type for the same question without one filter, or without all of a field (`since` and `until` too)."""
    kept = [
        part[0]
        for part in re.finditer(r'[^\s"]*"[^"]*"|\S+', typed)
        if not (part[0].startswith(f"{field}:") and (not value or part[0].split(":", 1)[1].strip('"') == value))
    ]
    return " ".join(kept)
