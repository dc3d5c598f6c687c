"""Real processes: killed, stuck, greedy and orphaned ones. Their tasks are functions of the standard library."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipelines.items import Rejected
from pipelines.stages.workers import Workers, WorkersError

PLENTY = 60.0
GIB = 1024**3
Make = Callable[..., Workers]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Workers] = []

    def workers(task: str, *, count: int = 1, deadline: float = PLENTY, recycle: int = 500) -> Workers:
        made.append(Workers(task, workers=count, deadline=deadline, memory=GIB, recycle=recycle))
        return made[-1]

    yield workers
    for one in made:
        one.close()


def is_alive(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what a process does is no event of the loop
            await asyncio.sleep(0.01)


def test_a_task_is_done_elsewhere_and_its_answer_comes_back(make: Make) -> None:
    workers = make("builtins:eval")
    assert asyncio.run(workers.run("6 * 7")) == 42
    assert asyncio.run(workers.run("__import__('os').getpid()")) != os.getpid()


def test_what_a_task_raises_is_raised_here(make: Make) -> None:
    with pytest.raises(ZeroDivisionError):
        asyncio.run(make("builtins:eval").run("1 / 0"))


def test_an_answer_that_cannot_be_sent_is_told_as_a_fault(make: Make) -> None:
    workers = make("builtins:eval")
    with pytest.raises(TypeError, match="cannot be sent"):
        asyncio.run(workers.run("lambda: 0"))
    assert asyncio.run(workers.run("1")) == 1


def test_a_worker_does_many_tasks_and_is_then_replaced(make: Make) -> None:
    async def pids() -> list[int]:
        return [await workers.run() for _ in range(5)]

    workers = make("os:getpid", recycle=2)
    first, second, third, fourth, fifth = asyncio.run(pids())
    assert first == second != third == fourth != fifth


def test_a_stuck_worker_costs_only_its_own_page(make: Make) -> None:
    async def run() -> Any:
        stuck = workers.run(3600)
        return await asyncio.gather(stuck, *(workers.run(0.01) for _ in range(20)), return_exceptions=True)

    workers = make("time:sleep", count=2, deadline=1)
    stuck, *others = asyncio.run(run())
    assert isinstance(stuck, Rejected)
    assert (stuck.reason, stuck.state) == ("extraction took longer than 1 s", "failed")
    assert others == [None] * 20


def test_a_worker_that_dies_of_its_page_takes_it_along_once_more_and_no_other(make: Make) -> None:
    async def run() -> Any:
        deadly = "__import__('os').kill(__import__('os').getpid(), 9)"
        return await asyncio.gather(*(workers.run(text) for text in [deadly, *"123456"]), return_exceptions=True)

    workers = make("builtins:eval", count=2)
    dead, *others = asyncio.run(run())
    assert isinstance(dead, Rejected)
    assert (dead.reason, dead.state, dead.retry) == ("its reader died twice (exit code -9)", "failed", True)
    assert others == [1, 2, 3, 4, 5, 6]


def test_a_worker_killed_once_from_outside_costs_nothing(make: Make) -> None:
    async def run() -> object:
        task = asyncio.ensure_future(workers.run(0.5))
        await until(workers.pids)
        os.kill(workers.pids()[0], signal.SIGKILL)
        return await task

    workers = make("time:sleep")
    assert asyncio.run(run()) is None


def test_an_idle_worker_that_is_killed_is_replaced(make: Make) -> None:
    workers = make("builtins:eval")
    assert asyncio.run(workers.run("1")) == 1
    (pid,) = workers.pids()
    os.kill(pid, signal.SIGKILL)
    assert asyncio.run(workers.run("2")) == 2
    assert workers.pids() != [pid]


def test_a_page_that_takes_too_much_memory_is_too_heavy(make: Make) -> None:
    workers = make("builtins:bytearray")
    with pytest.raises(Rejected, match="too heavy") as caught:
        asyncio.run(workers.run(2 * GIB))
    assert caught.value.state == "failed"
    assert len(asyncio.run(workers.run(10))) == 10


def test_a_worker_that_a_page_has_made_big_reads_no_other(make: Make) -> None:
    workers = make("builtins:eval")
    first, light = (asyncio.run(workers.run("__import__('os').getpid()")) for _ in range(2))
    big = asyncio.run(workers.run(f"len(b'x' * ({GIB} * 6 // 10)) and __import__('os').getpid()"))
    assert first == light == big != asyncio.run(workers.run("__import__('os').getpid()"))


def test_workers_leave_interrupts_to_their_parent(make: Make) -> None:
    async def run() -> object:
        task = asyncio.ensure_future(workers.run(0.3))
        await until(workers.pids)
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(workers.pids()[0], number)
        return await task

    workers = make("time:sleep")
    asyncio.run(workers.run(0))
    (pid,) = workers.pids()
    assert asyncio.run(run()) is None
    assert workers.pids() == [pid]


def test_what_is_open_can_be_given_up_and_what_comes_later_is_done(make: Make) -> None:
    async def run() -> list[object]:
        tasks = [asyncio.ensure_future(workers.run(3600)) for _ in range(5)]
        await until(lambda: len(workers.pids()) == 2)
        workers.cancel_open()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        return [*answers, await workers.run(0)]

    workers = make("time:sleep", count=2)
    *given_up, last = asyncio.run(run())
    assert [(one.reason, one.state) for one in given_up if isinstance(one, Rejected)] == [
        ("stopped before it was read", "waiting")
    ] * 5
    assert last is None


def test_after_the_end_nothing_is_begun_and_nobody_is_left(make: Make) -> None:
    workers = make("time:sleep")
    asyncio.run(workers.run(0))
    (pid,) = workers.pids()
    workers.close()
    assert not is_alive(pid)
    with pytest.raises(Rejected, match="stopped"):
        asyncio.run(workers.run(0))


def test_a_caller_that_is_cancelled_is_no_page_that_is_given_up(make: Make) -> None:
    async def run() -> None:
        task = asyncio.ensure_future(workers.run(3600))
        await until(workers.pids)
        task.cancel()
        await task

    workers = make("time:sleep")
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(run())


PROGRAM = """
import asyncio, sys, time
from pipelines.stages.workers import Workers

async def run():
    workers = Workers("{task}", workers=2, deadline=60, memory=1 << 30, recycle=500)
    tasks = [asyncio.ensure_future(workers.run({argument})) for _ in range(2)]
    while len(workers.pids()) < 2:
        await asyncio.sleep(0.01)
    print(*workers.pids(), flush=True)
    await asyncio.gather(*tasks)

asyncio.run(run())
"""


def program(tmp_path: Path, task: str, argument: str) -> subprocess.Popen[str]:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(task=task, argument=argument), encoding="utf-8")
    return subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_no_worker_outlives_its_parent(tmp_path: Path, number: signal.Signals) -> None:
    parent = program(tmp_path, "time:sleep", "3600")
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    assert all(map(is_alive, pids))
    parent.send_signal(number)
    asyncio.run(until(lambda: not any(map(is_alive, pids))))
    parent.communicate(timeout=30)


def test_where_no_worker_can_start_it_is_said_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no_task.py").write_text("raise SystemExit(7)\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    workers = Workers("no_task:task", workers=1, deadline=PLENTY, memory=GIB, recycle=500)
    try:
        with pytest.raises(WorkersError, match=r"no process can be started to read pages: .*limits"):
            asyncio.run(workers.run())
    finally:
        workers.close()
