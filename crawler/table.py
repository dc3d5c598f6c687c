"""A table of `dossier.toml` while it is read: every value has the type and the bounds that its reader names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from crawler.operation import NAME, OperationError
from crawler.terminal import printable

SHOWN = 60  # characters of a wrong value that are told
LONGEST = 2_000  # characters of a text


class Table:
    """The table `name` of the file in a data folder; OperationError names file, key, fault and mend."""

    def __init__(self, data: Path, name: str, values: Mapping[str, Any], known: Collection[str]) -> None:
        self.file = data / NAME
        self.name = name
        self.values = values
        for key in values:
            if key not in known:
                raise self.fault(key, "is no key of it", f"it may have {', '.join(sorted(known))}")

    def fault(self, key: str, fault: str, mend: str) -> OperationError:
        """What to raise about a key."""
        return OperationError(f"{self.file}: [{self.name}] {printable(key)[:SHOWN]} {fault}; {mend}")

    def wrong(self, key: str, mend: str) -> OperationError:
        """What to raise about the value of a key."""
        return self.fault(key, f"is {printable(repr(self.values[key])[:SHOWN])}", mend)

    def number(self, key: str, default: float, *, least: float, most: float, whole: bool = False) -> float:
        """A number within bounds."""
        value = self.values.get(key, default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int if whole else int | float)
            or not least <= value <= most
        ):
            raise self.wrong(key, f"give a {'whole ' if whole else ''}number from {least:,} to {most:,}")
        return value

    def whole(self, key: str, default: int, *, least: int, most: int) -> int:
        """A whole number within bounds."""
        return int(self.number(key, default, least=least, most=most, whole=True))

    def text(self, key: str, mend: str, default: str = "") -> str:
        """A text of one line that is not empty, or the default where there is none."""
        if key not in self.values:
            return default
        value = self.values[key]
        if not is_line(value):
            raise self.wrong(key, mend)
        return str(value)

    def texts(
        self, key: str, mend: str, *, least: int = 1, most: int = 50, fits: Callable[[object], bool] | None = None
    ) -> tuple[str, ...]:
        """A list of such texts, or of those that fit; empty where there is none."""
        if key not in self.values:
            return ()
        value = self.values[key]
        if not isinstance(value, list) or not least <= len(value) <= most or not all(map(fits or is_line, value)):
            raise self.wrong(key, mend)
        return tuple(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Yes or no."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "give true or false")
        return value

    def one_of(self, key: str, choices: Collection[str], default: str) -> str:
        """One of these words."""
        value = self.values.get(key, default)
        if value not in choices:
            raise self.wrong(key, "give " + " or ".join(f'"{choice}"' for choice in choices))
        return str(value)

    def table(self, key: str, known: Collection[str]) -> Table | None:
        """A table below this one, None where there is none."""
        if key not in self.values:
            return None
        value = self.values[key]
        if not isinstance(value, dict):
            raise self.wrong(key, f"write [{self.name}.{key}] above its keys")
        return Table(self.file.parent, f"{self.name}.{key}", value, known)


def is_line(value: object) -> bool:
    """Whether a value is a text of one line that says something."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable() and bool(value.strip())


def is_word(value: object) -> bool:
    """Whether a value can be an argument of a program."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST and "\0" not in value
