"""One table of a topic file, read strictly: what is not as documented is an error that says how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime


class TopicError(ValueError):
    """A topic file that cannot be used; the message names file, key, fault and mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The keys of one table, each asked for by the type that it must have; `at` is the table's own key, if any."""

    file: str
    values: Mapping[str, object]
    at: str = ""

    def fault(self, key: str, fault: str, mend: str) -> TopicError:
        """The error to raise for a key of this table."""
        return TopicError(f"{self.file}: {shown(self.named(key))} {fault}; {mend}")

    def named(self, key: str) -> str:
        """The key as a reader finds it in the file."""
        return f"{self.at}.{key}" if self.at else key

    def only(self, known: Sequence[str]) -> None:
        """Refuse keys that nobody reads, with the one that was probably meant."""
        for key in self.values:
            if key not in known:
                near = difflib.get_close_matches(key[:100], known, n=1)
                guess = f"did you mean {near[0]}? " if near else ""
                raise self.fault(key, "is not a known key", f"{guess}The keys here are {', '.join(known)}")

    def text(self, key: str, default: str = "", *, longest: int = 300) -> str:
        """A line of text, or the default when the key is missing."""
        return self._line(key, self.values.get(key, default), longest)

    def texts(self, key: str, *, longest: int = 300, most: int = 1000) -> tuple[str, ...]:
        """A list of lines of text, or an empty one when the key is missing."""
        values = self.values.get(key, [])
        if not isinstance(values, list):
            raise self.fault(key, f"is {shown(values)}", f'give a list, such as {key} = ["one", "two"]')
        if len(values) > most:
            raise self.fault(key, f"has {len(values)} entries", f"keep at most {most}")
        return tuple(self._line(f"{key}[{at}]", value, longest, empty=False) for at, value in enumerate(values, 1))

    def _line(self, key: str, value: object, longest: int, *, empty: bool = True) -> str:
        if not isinstance(value, str):
            raise self.fault(key, f"is {shown(value)}", "give a text in quotes")
        if len(value) > longest:
            raise self.fault(key, f"is {len(value)} characters long", f"give at most {longest}")
        if not (value or empty) or (value and not value.strip()):
            raise self.fault(key, "is empty", "fill it in or take it out")
        if not value.isprintable():
            raise self.fault(key, "has line breaks or control characters", "give one plain line")
        return value.strip()

    def number(self, key: str, default: float, *, low: float, high: float) -> float:
        """A number within bounds, or the default when the key is missing."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.fault(key, f"is {shown(value)}", f"give a number from {low:g} to {high:g}")
        return float(value)

    def flag(self, key: str) -> bool:
        """True or false; false when the key is missing."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.fault(key, f"is {shown(value)}", "give true or false")
        return value

    def day(self, key: str) -> date | None:
        """A day without a time, or None when the key is missing."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self.fault(key, f"is {shown(value)}", "give a day without quotes, such as 2019-01-31")
        return value

    def table(self, key: str) -> Fields:
        """The table under that key; an empty one when it is missing."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.fault(key, f"is {shown(value)}", f"give a table: [{key}] with one key = value a line")
        return Fields(file=self.file, values=value, at=self.named(key))

    def tables(self, key: str, *, most: int = 5000) -> tuple[Fields, ...]:
        """The list of tables under that key; an empty one when it is missing."""
        values = self.values.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.fault(key, "is not a list of tables", f"give {key} = [ {{ ... }}, {{ ... }} ]")
        if len(values) > most:
            raise self.fault(key, f"has {len(values)} entries", f"keep at most {most}")
        named = ((f"{self.named(key)}[{at}]", value) for at, value in enumerate(values, 1))
        return tuple(Fields(file=self.file, values=value, at=at) for at, value in named)


def shown(value: object) -> str:
    """A value of the file for an error message, cut to a readable length and without control characters."""
    text = value if isinstance(value, str) else _written(value)
    text = "".join(sign if sign.isprintable() else "�" for sign in text[:81])
    text = text[:80] + "…" if len(text) > 80 else text
    return text or "an empty text"


def _written(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    # Python refuses to print an integer of more than 4300 digits.
    return "a huge number" if isinstance(value, int) and value.bit_length() > 128 else str(value)
