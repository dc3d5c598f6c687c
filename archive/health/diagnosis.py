"""What an examination found: one line of `dossier doctor`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["well", "warning", "fault"]

EXAMPLES = 3  # of many of a kind, that are named
LONGEST = 160  # characters of one name


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """How one thing is, and what to do about it.

    `is_mendable` says that `dossier doctor --repair` does it, `repaired` that it did.
    """

    examination: str
    state: State
    what: str
    mend: str = ""
    is_mendable: bool = False
    repaired: bool = False


REPAIR = "`dossier doctor --repair` "
RESTORE = "take it from a backup"


def well(examination: str, what: str) -> Diagnosis:
    """Nothing is wrong with it."""
    return Diagnosis(examination=examination, state="well", what=what)


def warning(examination: str, what: str, mend: str = "", *, is_mendable: bool = False) -> Diagnosis:
    """It works, and a person should know."""
    return Diagnosis(examination=examination, state="warning", what=what, mend=mend, is_mendable=is_mendable)


def fault(examination: str, what: str, mend: str, *, is_mendable: bool = False) -> Diagnosis:
    """It is wrong, and stays so until somebody does something."""
    return Diagnosis(examination=examination, state="fault", what=what, mend=mend, is_mendable=is_mendable)


def mendable(examination: str, what: str, does: str) -> Diagnosis:
    """It is wrong, and `--repair` mends it; `does` says how."""
    return fault(examination, what, f"{REPAIR}{does}", is_mendable=True)


def examples(names: Iterable[object]) -> str:
    """The first few of many, in brackets behind a count; empty for none."""
    few: list[str] = []
    for name in names:
        if len(few) == EXAMPLES:
            few.append("...")
            break
        text = str(name)
        few.append(text if len(text) <= LONGEST else f"{text[:LONGEST]}...")
    return f" ({', '.join(few)})" if few else ""
