"""A bound on how much is worked on at once."""

from __future__ import annotations

import asyncio

from archive.serving.gate import Gate


def test_a_few_are_let_in_a_few_wait_and_the_rest_is_told_to_come_again() -> None:
    async def story() -> None:
        gate = Gate(room=2, waiting=1, seconds=60)
        assert [await gate.entered(), await gate.entered()] == [True, True]
        waits = asyncio.create_task(gate.entered())
        await asyncio.sleep(0)
        assert not await gate.entered()
        assert not waits.done()
        gate.leave()
        assert await waits
        gate.leave()
        assert await gate.entered()

    asyncio.run(story())


def test_nobody_waits_for_ever() -> None:
    async def story() -> None:
        gate = Gate(room=1, waiting=3, seconds=0)
        assert await gate.entered()
        assert await asyncio.gather(*(gate.entered() for _ in range(3))) == [False] * 3
        assert gate.queue == 0
        gate.leave()
        assert await gate.entered()

    asyncio.run(story())


def test_who_goes_away_while_waiting_keeps_no_place() -> None:
    async def story() -> None:
        gate = Gate(room=1, waiting=1, seconds=60)
        assert await gate.entered()
        waits = asyncio.create_task(gate.entered())
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)
        assert gate.queue == 0
        gate.leave()
        assert await gate.entered()

    asyncio.run(story())
