"""The exit codes of `dossier`, named. docs/operating.md lists them."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command went. A run that could not store what it fetched is never DONE."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    NOT_STORED = 3
    UNREACHABLE = 4
    BUSY = 5
    INTERRUPTED = 6
