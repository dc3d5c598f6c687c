from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from archive.serving.downloads import Downloads, TooMany


class Source:
    """Pieces without end, which knows when it was closed."""

    def __init__(self, last: int = 1_000_000) -> None:
        self.made, self.last = 0, last
        self.is_closed = False

    def pieces(self) -> Iterator[bytes]:
        try:
            while self.made < self.last:
                self.made += 1
                yield b"piece %d;" % self.made
        finally:
            self.is_closed = True


async def closed(source: Source) -> bool:
    """Whether it is closed, soon."""
    for _ in range(500):
        if source.is_closed:
            return True
        await asyncio.sleep(0.01)
    return False


def test_all_pieces_are_sent_in_their_order() -> None:
    source, sent = Source(50), []

    async def take(piece: bytes) -> None:
        sent.append(piece)

    async def run() -> bool:
        return await Downloads().send(source.pieces(), take, asyncio.get_running_loop().create_future())

    assert asyncio.run(run())
    assert sent == [b"piece %d;" % number for number in range(1, 51)]


def test_a_reader_who_goes_ends_it() -> None:
    source = Source()

    async def run() -> tuple[bool, bool]:
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def take(_piece: bytes) -> None:
            if source.made == 3:
                gone.set_result(None)

        return await Downloads().send(source.pieces(), take, gone), await closed(source)

    assert asyncio.run(run()) == (False, True)
    assert source.made == 3


def test_a_reader_who_takes_nothing_ends_it() -> None:
    source = Source()

    async def take(_piece: bytes) -> None:
        await asyncio.Event().wait()

    async def run() -> tuple[bool, bool]:
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        return await Downloads(patience=0.05).send(source.pieces(), take, gone), await closed(source)

    assert asyncio.run(run()) == (False, True)
    assert source.made == 1


def test_a_server_that_ends_while_a_piece_is_made_closes_what_makes_it() -> None:
    source = Source()

    async def run() -> bool:
        taken = asyncio.Event()

        async def take(_piece: bytes) -> None:
            taken.set()

        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        sending = asyncio.ensure_future(Downloads().send(source.pieces(), take, gone))
        await taken.wait()
        sending.cancel()
        await asyncio.wait([sending])
        return await closed(source)

    assert asyncio.run(run())


def test_so_many_are_sent_at_once_and_an_end_makes_place() -> None:
    downloads = Downloads(most=2)
    with downloads.place():
        with downloads.place():
            assert downloads.is_full
            with pytest.raises(TooMany), downloads.place():
                pass
        assert not downloads.is_full
        with pytest.raises(ValueError, match="fault"), downloads.place():
            raise ValueError("fault")
        assert not downloads.is_full
