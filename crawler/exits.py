"""The exit codes of `dossier`, named. docs/operating.md lists them."""

from __future__ import annotations

from enum import IntEnum

import click


class Exit(IntEnum):
    """How a command went. A run that could not store what it fetched is never DONE."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    NOT_STORED = 3
    UNREACHABLE = 4
    BUSY = 5
    INTERRUPTED = 6
    UNWELL = 7


class NotStored(click.ClickException):
    """What was to be written could not be; the message says why."""

    exit_code = int(Exit.NOT_STORED)


class Busy(click.ClickException):
    """Another program is writing; the message says what to do again."""

    exit_code = int(Exit.BUSY)
