"""Rules by which two facts under one key become one: each gives the same in any order, and twice is once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Order = tuple[tuple[int, Any], ...]


def order(values: Sequence[Any]) -> Order:
    """Values as they are compared, column by column; None comes before all others."""
    return tuple((0, 0) if value is None else (1, value) for value in values)


def latest(mine: Sequence[Any], theirs: Sequence[Any]) -> Sequence[Any]:
    """The greater of two rows; whichever column says most of their age stands first."""
    return max(mine, theirs, key=order)


def most(*values: Any) -> Any:
    """The greatest of the values that are there, None where none is."""
    return max((value for value in values if value is not None), default=None)


def named(mine: str, theirs: str) -> str:
    """A name that is there; of two names the one that comes first."""
    return min(mine, theirs) if mine and theirs else mine or theirs
