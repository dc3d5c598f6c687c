"""One process that does a task, a call at a time, over a pipe of its own: both its ends."""

from __future__ import annotations

import contextlib
import logging
import math
import multiprocessing
import os
import pickle
import pkgutil
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any

START = 60.0  # seconds for a worker to come up: the first waits until everything is imported
SWOLLEN = 0.5  # of its memory that a worker may have held and still read the next page
GRACE = 5  # seconds after its deadline in which a call is ended from outside, before the kernel does

_starting = threading.Lock()


def forkserver(task: str) -> ForkServerContext:
    """The context that workers come from: a process with the task loaded, but without our lock, sockets and threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, task.partition(":")[0]])
    return context


class Worker:
    """Our end of a worker. Making one raises ChildProcessError where the process does not come up."""

    def __init__(self, context: ForkServerContext, task: str, *, deadline: float, memory: int) -> None:
        self.deadline, self.memory = deadline, memory
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(
            target=serve, args=(theirs, task, deadline, memory), name="dossier-reader", daemon=True
        )
        self.calls = 0
        self.is_given_up = False
        self.is_fit = False
        try:
            with _starting, nameless_main():
                self.process.start()
            theirs.close()
            self._within(START, self.pipe.recv)
        except (OSError, EOFError) as error:  # a TimeoutError is an OSError
            theirs.close()
            self.end()
            raise ChildProcessError(f"{type(error).__name__}: {error}") from error
        self.is_fit = True

    @property
    def pid(self) -> int:
        """Its process id; 0 where it never came up."""
        return self.process.pid or 0

    def is_alive(self) -> bool:
        """Whether the process is there."""
        return self.process.is_alive()

    def ask(self, *arguments: object, **named: object) -> tuple[bool, Any]:
        """Whether the task returned, and what; else what it raised.

        Raises TimeoutError after the deadline, EOFError with the exit code where the worker ended before.

        After either, and after a call that took a large share of its memory, the worker is no longer fit: libraries
        keep the texts of a page in their caches, and the next page would pay for it.
        """
        self.calls += 1
        self.is_fit = False
        (returned, answer), peak = self._within(self.deadline, lambda: self._exchange((arguments, named)))
        self.is_fit = peak < self.memory * SWOLLEN and not isinstance(answer, MemoryError)
        return returned, answer

    def give_up(self) -> None:
        """Kill it, because nobody waits for its answer any more."""
        self.is_given_up = True
        self._kill()

    def end(self) -> None:
        """Kill it and forget it."""
        self._kill()
        self.pipe.close()
        if self.process.pid is not None:
            self.process.join(1)

    def _exchange(self, call: object) -> Any:
        self.pipe.send(call)
        return self.pipe.recv(), self.pipe.recv()

    def _within(self, seconds: float, do: Callable[[], Any]) -> Any:
        """What `do` returns; the worker is killed when it takes longer, whatever the worker or the pipe is stuck in."""
        until = time.monotonic() + seconds
        timer = threading.Timer(seconds, self._kill)
        timer.daemon = True
        timer.start()
        try:
            return do()
        except (EOFError, OSError) as error:
            if time.monotonic() >= until:
                raise TimeoutError(f"no answer within {seconds:g} s") from error
            self.process.join(1)
            raise EOFError(f"exit code {self.process.exitcode}") from error
        finally:
            timer.cancel()

    def _kill(self) -> None:
        if self.process.pid is not None and self.process.is_alive():
            self.process.kill()


@contextlib.contextmanager
def nameless_main() -> Iterator[None]:
    """Start processes that do not import the running program again: theirs is the task, not Scrapy or our command."""
    main = sys.modules["__main__"]
    spec, file = main.__spec__, main.__dict__.pop("__file__", None)
    main.__spec__ = None
    try:
        yield
    finally:
        main.__spec__ = spec
        if file is not None:
            main.__file__ = file


def serve(pipe: Connection, task: str, deadline: float, memory: int) -> None:
    """The worker's end: do the task for whatever comes through the pipe, until that closes."""
    settle(memory)
    do = pkgutil.resolve_name(task)
    pipe.send("ready")
    with contextlib.suppress(EOFError, OSError):  # the other end is gone
        while True:
            arguments, named = pipe.recv()
            # Should the parent be gone and the task be stuck where no thread gets a turn, the kernel ends it.
            signal.alarm(math.ceil(deadline) + GRACE)
            pipe.send_bytes(sendable(answer_of(do, arguments, named)))
            pipe.send(peak_of_memory())
            signal.alarm(0)


def answer_of(task: Callable[..., Any], arguments: Sequence[Any], named: Mapping[str, Any]) -> tuple[bool, object]:
    """Whether the task returned, and what it returned or raised."""
    try:
        return True, task(*arguments, **named)
    except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the one who asked
        error.__traceback__ = error.__context__ = error.__cause__ = None
        return False, error


def sendable(answer: tuple[bool, object]) -> bytes:
    """An answer as it goes through the pipe; one that cannot is told as what the task raised."""
    try:
        return pickle.dumps(answer)
    except Exception as error:  # noqa: BLE001 - an object may raise anything when it is pickled
        return pickle.dumps((False, TypeError(f"the answer cannot be sent: {error}")))


def peak_of_memory() -> int:
    """The most bytes of memory that this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def settle(memory: int) -> None:
    """Make a new process a worker: deaf to Ctrl-C, silent, bounded in memory (bytes), and bound to its parent."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a terminal sends them to all; the parent decides
    logging.disable()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    threading.Thread(target=follow_parent, daemon=True).start()


def follow_parent() -> None:
    """End this process when the one that asks is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
