"""The processes in which pages are read: bounded in time and memory, replaced now and then, dead with their parent.

Each has a pipe of its own, so that one that is killed, idle or at work, takes nothing along. (A pool whose workers
share a queue cannot promise that: pebble's breaks when an idle worker is killed, the standard library's with any.)
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

from pipelines.items import Rejected
from pipelines.stages.worker import Worker, forkserver

PAUSE = 0.5  # seconds before a process that would not start is tried again


class WorkersError(Exception):
    """No worker can be started on this machine."""


@dataclass(frozen=True, slots=True)
class Job:
    """A call of the task that somebody waits for."""

    future: Future[Any]
    arguments: tuple[object, ...]
    named: dict[str, object]


class Workers:
    """Up to `workers` processes that run `task`, such as "pipelines.extraction:extract"; all figures hold for one call.

    It is a name because only they load it: reading pages takes libraries that a crawl has no other use for.

    `deadline` is in seconds, `memory` in bytes; a process is replaced after `recycle` calls.
    """

    def __init__(self, task: str, *, workers: int, deadline: float, memory: int, recycle: int) -> None:
        self.context = forkserver(task)
        self.task, self.deadline, self.memory, self.recycle = task, deadline, memory, recycle
        self.queue: SimpleQueue[Job | None] = SimpleQueue()
        # Not an executor's: those are waited for at exit, before anything could end what they wait for.
        self.threads = [Thread(target=self._attend, name="dossier-reader", daemon=True) for _ in range(workers)]
        self.lock = Lock()
        self.idle: list[Worker] = []
        self.busy: set[Worker] = set()
        self.open: set[Future[Any]] = set()
        self.closing = Event()
        for thread in self.threads:
            thread.start()
        atexit.register(self.close)  # before multiprocessing waits for its children, which heed no polite request

    async def run(self, *arguments: object, **named: object) -> Any:
        """What the task returns or raises; `Rejected` where it took too long, too much, or its worker died twice."""
        if self.closing.is_set():
            raise _stopped()
        future: Future[Any] = Future()
        self.open.add(future)
        self.queue.put(Job(future, arguments, named))
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if not future.cancelled():
                raise  # the caller itself was cancelled
            raise _stopped() from None
        except MemoryError as error:
            raise Rejected("too heavy: reading it took too much memory", state="failed") from error
        finally:
            self.open.discard(future)

    def cancel_open(self) -> None:
        """Give up every page that is being read or waits for a reader; `run` rejects it, to be read another time."""
        for future in list(self.open):
            future.cancel()
        with self.lock:
            for worker in self.busy:
                worker.give_up()

    def close(self) -> None:
        """End all workers now."""
        atexit.unregister(self.close)
        self.closing.set()
        self.cancel_open()  # their threads end the busy ones, whose pipes are in use
        with self.lock:
            idle, self.idle = self.idle, []
        for worker in idle:
            worker.end()
        for _ in self.threads:
            self.queue.put(None)

    def pids(self) -> list[int]:
        """The workers' process ids."""
        with self.lock:
            return [worker.pid for worker in (*self.idle, *self.busy)]

    def _attend(self) -> None:
        """What each thread does: wait for a call, see it through, until the end."""
        while (job := self.queue.get()) is not None:
            if job.future.set_running_or_notify_cancel():
                try:
                    job.future.set_result(self._call(job.arguments, job.named))
                except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the one who asked
                    job.future.set_exception(error)
            del job  # the page would stay in memory until the next one comes

    def _call(self, arguments: tuple[object, ...], named: dict[str, object]) -> Any:
        """What the task returns or raises; another worker is asked when the first dies, of the page or of a signal."""
        lost: EOFError | None = None
        for _ in range(2):
            with self._worker() as worker:
                try:
                    returned, answer = worker.ask(*arguments, **named)
                except TimeoutError as error:
                    raise Rejected(f"extraction took longer than {self.deadline:g} s", state="failed") from error
                except EOFError as error:
                    if worker.is_given_up or self.closing.is_set():
                        raise _stopped() from error
                    lost = error
                    continue
            if returned:
                return answer
            raise answer
        raise Rejected(f"its reader died twice ({lost})", state="failed", retry=True)

    @contextlib.contextmanager
    def _worker(self) -> Iterator[Worker]:
        """A worker of one's own for a while; what comes back unfit or worn out is ended."""
        worker = self._idle() or self._started()
        with self.lock:
            self.busy.add(worker)
        try:
            if self.closing.is_set():
                raise _stopped()
            yield worker
        finally:
            with self.lock:
                self.busy.discard(worker)
                is_fit = worker.is_fit and worker.calls < self.recycle and not self.closing.is_set()
                if is_fit:
                    self.idle.append(worker)
            if not is_fit:
                worker.end()

    def _idle(self) -> Worker | None:
        """A worker that waits, if one does and is still there."""
        while True:
            with self.lock:
                worker = self.idle.pop() if self.idle else None
            if worker is None or worker.is_alive():
                return worker
            worker.end()

    def _started(self) -> Worker:
        for is_last in (False, False, True):
            if self.closing.is_set():
                raise _stopped()
            try:
                return Worker(self.context, self.task, deadline=self.deadline, memory=self.memory)
            except ChildProcessError as error:
                if is_last:
                    raise WorkersError(
                        f"no process can be started to read pages: {error}; look at the limits on processes and memory"
                    ) from error
                self.closing.wait(PAUSE)
        raise AssertionError("unreachable")


def _stopped() -> Rejected:
    return Rejected("stopped before it was read", state="waiting")


def cores() -> int:
    """How many processes this one may use at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
