from __future__ import annotations

import asyncio

import pytest

from archive.serving.flights import Flights, Made


class Kitchen:
    """Makes an answer as soon as it may, and counts how many."""

    def __init__(self, *, is_everybodys: bool = True) -> None:
        self.made, self.is_everybodys = 0, is_everybodys
        self.may = asyncio.Event()

    async def make(self) -> Made:
        self.made += 1
        number = self.made
        await self.may.wait()
        return number, self.is_everybodys


@pytest.mark.parametrize(("is_everybodys", "made"), [(True, 1), (False, 20)])
def test_what_everybody_may_have_is_made_once_for_all_who_ask_meanwhile(is_everybodys: bool, made: int) -> None:
    async def ask() -> tuple[set[int], int]:
        flights, kitchen = Flights(), Kitchen(is_everybodys=is_everybodys)
        asked = [asyncio.ensure_future(flights.answer("/", kitchen.make)) for _ in range(20)]
        await asyncio.sleep(0)
        kitchen.may.set()
        answers = set(await asyncio.gather(*asked))
        assert not flights.under_way
        return answers, kitchen.made

    assert asyncio.run(ask()) == (set(range(1, made + 1)), made)


def test_other_addresses_are_made_for_themselves_and_the_same_one_again_later() -> None:
    async def ask() -> int:
        flights, kitchen = Flights(), Kitchen()
        kitchen.may.set()
        await asyncio.gather(flights.answer("/a", kitchen.make), flights.answer("/b", kitchen.make))
        await flights.answer("/a", kitchen.make)
        return kitchen.made

    assert asyncio.run(ask()) == 3


def test_the_first_to_ask_may_go_away() -> None:
    async def ask() -> int:
        flights, kitchen = Flights(), Kitchen()
        first = asyncio.ensure_future(flights.answer("/", kitchen.make))
        second = asyncio.ensure_future(flights.answer("/", kitchen.make))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        kitchen.may.set()
        return int(await second)

    assert asyncio.run(ask()) == 1


def test_a_fault_is_everybodys_and_not_kept() -> None:
    async def fail() -> Made:
        await asyncio.sleep(0)
        raise ValueError("no")

    async def ask() -> list[BaseException]:
        flights = Flights()
        found = await asyncio.gather(*(flights.answer("/", fail) for _ in range(3)), return_exceptions=True)
        assert not flights.under_way
        return found

    assert [str(one) for one in asyncio.run(ask())] == ["no"] * 3
