from __future__ import annotations

import asyncio
import threading

import pytest

from archive.serving.edition import Edition


class Archive:
    """Counts how often it is looked at."""

    def __init__(self) -> None:
        self.version = self.looks = 0
        self.is_free = threading.Event()
        self.is_free.set()

    def look(self) -> int:
        self.looks += 1
        assert self.is_free.wait(10)
        return self.version


def test_many_pages_at_once_take_one_look() -> None:
    archive = Archive()

    async def ask() -> list[int]:
        edition = Edition(archive.look, every=0)
        return await asyncio.gather(*(edition.version() for _ in range(50)))

    assert set(asyncio.run(ask())) == {0}
    assert archive.looks == 1


@pytest.mark.parametrize(("every", "seen", "looks"), [(3600, [0, 0], 1), (0, [0, 7], 2)])
def test_a_look_holds_for_its_time(every: float, seen: list[int], looks: int) -> None:
    archive = Archive()

    async def ask() -> list[int]:
        edition = Edition(archive.look, every=every, patience=10)
        first = await edition.version()
        archive.version = 7
        return [first, await edition.version()]

    assert asyncio.run(ask()) == seen
    assert archive.looks == looks


def test_a_long_look_keeps_no_page_waiting_but_the_first() -> None:
    archive = Archive()

    async def ask() -> list[int]:
        edition = Edition(archive.look, every=0, patience=0.01)
        versions = [await edition.version()]
        archive.is_free.clear()
        archive.version = 7
        versions += [await edition.version(), await edition.version()]
        archive.is_free.set()
        if edition.looking:
            await asyncio.wait([edition.looking])
        return [*versions, edition.seen or 0]

    assert asyncio.run(ask()) == [0, 0, 0, 7]
    assert archive.looks == 2


def test_a_look_that_fails_is_made_again_by_the_next_page() -> None:
    faults = [OSError("gone")]

    def look() -> int:
        if faults:
            raise faults.pop()
        return 3

    async def ask() -> int:
        edition = Edition(look, every=0)
        with pytest.raises(OSError, match="gone"):
            await edition.version()
        return await edition.version()

    assert asyncio.run(ask()) == 3
