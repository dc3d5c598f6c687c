"""How a command ends: with an exit code, and where something is wrong with one line that says what and what to do."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from crawler.exits import Exit
from crawler.manners import manners_of

PIPED = 141  # what a shell says of a program that wrote into a pipe which nobody read to its end
LOG = "fault.log"
HELP_ERRORS: tuple[type[click.UsageError], ...] = tuple(
    filter(None, [getattr(click.exceptions, "NoArgsIsHelpError", None)])  # click 8.2
)


class Piped(Exception):  # noqa: N818 - the state of the pipe
    """Whoever read what is printed has read enough."""


class Known(click.ClickException):
    """A fault that has a name; nobody caught it where it was met."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.exit_code = int(code)  # type: ignore[misc]  # click has it by class, and reads it from the instance


class UnexpectedError(Exception):
    """A fault of ours, or of the machine's; the message is what to print."""


@contextmanager
def told(ctx: click.Context) -> Iterator[None]:
    """Turn what nobody caught into one line; a fault of ours leaves its traceback in the data folder."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except BrokenPipeError as error:
        raise Piped from error
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # so rich ends where a pipe is closed
            raise Piped from error
        raise
    except Exception as error:
        if manners_of(ctx).verbose:
            traceback.print_exc()
        if (code := known(error)) is not None:
            raise Known(str(error), code) from error
        raise UnexpectedError(of_system(error) or of_ours(error, ctx.find_root().obj)) from error


def known(error: Exception) -> Exit | None:
    """The exit code of a fault that has a name and a mend of its own; None of any other."""
    from archive.errors import StoreError  # noqa: PLC0415 - only where something is wrong: help starts at once
    from archive.lock import ArchiveBusy  # noqa: PLC0415 - the same reason
    from crawler.operation import OperationError  # noqa: PLC0415 - the same reason
    from pipelines.topic import TopicError  # noqa: PLC0415 - the same reason

    kinds = {StoreError: Exit.NOT_STORED, ArchiveBusy: Exit.BUSY, OperationError: Exit.USAGE, TopicError: Exit.USAGE}
    return next((code for kind, code in kinds.items() if isinstance(error, kind)), None)


def of_system(error: Exception) -> str:
    """What the system refuses, with the mend; empty where it is a fault of another kind."""
    if not isinstance(error, OSError) or not error.strerror:
        return ""
    place = f"{error.filename}: " if error.filename else ""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"{place or 'what was to be printed: '}the disk is full; make room, or name another disk"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{place}{error.strerror}; give yourself the right to it, or name another place"
    return f"{place}{error.strerror}; see that it is there and can be used" if place else ""


def of_ours(error: Exception, data: object) -> str:
    """What to say of a fault of ours, and where its traceback is."""
    words = " ".join(str(error).split())[:200]
    name = f"{type(error).__name__}{f': {words}' if words else ''}"
    where = "-v shows the traceback"
    if isinstance(data, Path) and data.is_dir():
        with suppress(OSError):
            log = data / LOG
            log.write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="replace")
            where = f"its traceback is in {log}"
    return f"an unexpected fault ({name}); {where}: please report it"


def opened() -> None:
    """See that there is something to print on: whoever starts the command may have closed it."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the command runs
            setattr(sys, name, nowhere)


def code_of(work: Callable[[], object]) -> int:
    """The exit code of a command that is run; where it does not end well, a line on the standard error says why."""
    try:
        code = work()
        sys.stdout.flush()
    except HELP_ERRORS as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        complain(line_of(error))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        complain("interrupted; what was written until now is kept")
        return int(Exit.INTERRUPTED)
    except (Piped, BrokenPipeError):
        silence()
        return PIPED
    except UnexpectedError as error:
        complain(str(error))
        return int(Exit.FAULT)
    return code if isinstance(code, int) else int(Exit.DONE)


BETTER = (
    (" is not a valid integer range", " is no whole number"),
    (" is not a valid integer", " is no whole number"),
    (" is not a valid float range", " is no number"),
    (" does not match the format '%Y-%m-%d'", " is no day; give one such as 2019-01-31"),
)
"""What click says, and how people say it."""


def line_of(error: click.ClickException) -> str:
    """What is wrong, on one line, and how to mend it; click's own messages leave that to the help."""
    text = " ".join(error.format_message().split())
    for words, better in BETTER:
        text = text.replace(words, better)
    if isinstance(error, click.UsageError) and error.ctx is not None and not {";", "`"} & set(text):
        text = f"{text.removesuffix('.')}; see `{error.ctx.command_path} --help`"
    return text


def complain(text: str) -> None:
    """Print an error, on one line and harmless; nobody may be there to read it."""
    from crawler.terminal import printable  # noqa: PLC0415 - only where something is wrong: help starts at once

    with suppress(OSError):
        click.echo(f"dossier: {printable(text)}", err=True)


def silence() -> None:
    """Let nothing more be written into a pipe that is closed: Python would complain of it when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
