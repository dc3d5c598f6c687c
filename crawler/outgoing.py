"""What goes out of a command: to a pipe whose reader may leave, to a terminal, with a bar, and until a signal comes."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from archive.exports.progress import Progress
from crawler.exits import Exit
from crawler.terminal import plain

# A terminal takes some of these as orders, and others turn a line around.
_ORDERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def to_stdout(pieces: Iterable[bytes], *, is_text: bool) -> bool:
    """Whether all was written to standard output; False where its reader has gone, as `head` does.

    What a terminal might take as an order is left out there.
    """
    out = sys.stdout.buffer
    is_terminal = out.isatty()
    if is_terminal and not is_text:
        raise click.UsageError("packed bytes are not for a terminal; name a file with -o, or send them to a pipe")
    try:
        for piece in pieces:
            out.write(_ORDERS.sub("", piece.decode("utf-8", "replace")).encode() if is_terminal else piece)
            out.flush()
    except BrokenPipeError:
        # Python flushes once more at its end, which must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


@contextmanager
def shown(count: Callable[[], int], *, is_shown: bool = True) -> Iterator[Progress]:
    """What is done, shown as a bar where standard error is a terminal; `count` says then of how many."""
    console = Console(stderr=True)
    if not is_shown or not console.is_terminal:
        yield Progress()
        return
    columns = (TextColumn("articles"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=count())
        yield Progress(told=lambda done: bar.update(task, completed=done))


@contextmanager
def narrated(beginning: str, *, is_shown: bool = True) -> Iterator[Callable[[str], None]]:
    """Where standard error is a terminal, one line there says what is being done; call what you get to change it."""
    console = Console(stderr=True)
    if not is_shown or not console.is_terminal:
        yield lambda _text: None
        return
    with console.status(beginning) as status:
        yield lambda text: status.update(plain(text))


@contextmanager
def stoppable(said: str = "") -> Iterator[None]:
    """Let a signal end the work as Ctrl-C does, so that nothing half done is left; the command ends as interrupted.

    `said` is what follows from that.
    """
    before = {number: signal.signal(number, _stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except KeyboardInterrupt as error:
        click.echo(f"dossier: interrupted{f'; {said}' if said else ''}", err=True)
        raise click.exceptions.Exit(int(Exit.INTERRUPTED)) from error
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
