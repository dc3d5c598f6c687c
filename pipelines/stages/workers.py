"""The processes in which pages are read: bounded in time and memory, replaced now and then, dead with their parent."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from pebble import ProcessExpired, ProcessPool

from pipelines.items import Rejected

WATCH = 1.0  # seconds between a worker's looks at its parent


class Workers:
    """A pool that runs `task` in worker processes.

    A stuck or killed worker costs only its own page. Workers are forked from a server process that has the task's
    modules loaded but neither the crawl's lock nor its sockets; they leave Ctrl-C to the parent, and end when it does.
    """

    def __init__(self, task: Callable[..., Any], *, workers: int, deadline: float, memory: int, recycle: int) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([task.__module__])
        self.task = task
        self.deadline = deadline
        self.open: set[Future[Any]] = set()
        self.pool = ProcessPool(
            max_workers=workers, max_tasks=recycle, initializer=settle, initargs=(memory, os.getpid()), context=context
        )

    async def run(self, *arguments: object) -> Any:
        """What the task returns; `Rejected` where it took too long, too much, or its worker died twice."""
        for last in (False, True):
            future = self.pool.schedule(self.task, args=arguments, timeout=self.deadline)
            self.open.add(future)
            try:
                return await asyncio.wrap_future(future)
            except TimeoutError as error:
                raise Rejected(f"reading it took longer than {self.deadline:g} s", state="failed") from error
            except MemoryError as error:
                raise Rejected("too heavy: reading it took too much memory", state="failed") from error
            except asyncio.CancelledError as error:
                if not future.cancelled():
                    raise
                raise Rejected("the run was stopped before it was read", state="waiting") from error
            except ProcessExpired as error:
                if last:
                    raise Rejected(f"its reader died twice (exit code {error.exitcode})", state="failed") from error
            finally:
                self.open.discard(future)
        raise AssertionError("unreachable")

    def cancel_open(self) -> None:
        """Give up every page that is being read or waits for a reader."""
        for future in list(self.open):
            future.cancel()

    def close(self) -> None:
        """End all workers now."""
        self.cancel_open()
        self.pool.stop()
        with contextlib.suppress(TimeoutError):
            self.pool.join(timeout=5)


def settle(memory: int, parent: int) -> None:
    """Bound a new worker and bind it to its parent; `memory` is in bytes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    threading.Thread(target=watch, args=(parent,), daemon=True).start()


def watch(parent: int) -> None:
    """End this worker when the crawl is gone: nobody would take what it reads."""
    while True:
        try:
            os.kill(parent, 0)
        except OSError:
            os._exit(0)
        time.sleep(WATCH)
