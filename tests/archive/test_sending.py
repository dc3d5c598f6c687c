from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from archive.datasette.sending import Sending
from archive.serving.downloads import Downloads


def sent(downloads: Downloads, *, leaves_after: int = 1_000) -> list[dict[str, Any]]:
    """What a server gets to send of a thousand pieces, whose reader goes after some of them."""
    messages: list[dict[str, Any]] = []

    async def run() -> None:
        has_left = asyncio.Event()

        async def receive() -> dict[str, str]:
            await has_left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)
            if len(messages) > leaves_after:
                has_left.set()
                await asyncio.sleep(0.001)

        await Sending(pieces(), downloads, {"content-type": "text/csv"}, receive).asgi_send(send)

    asyncio.run(run())
    return messages


def pieces() -> Iterator[bytes]:
    yield from (b"%d\r\n" % number for number in range(500))


def test_an_answer_has_its_headers_all_its_pieces_and_an_end() -> None:
    downloads = Downloads()
    start, *bodies = sent(downloads)
    assert (start["status"], start["headers"]) == (200, [(b"content-type", b"text/csv")])
    assert b"".join(one["body"] for one in bodies) == b"".join(pieces())
    assert [one.get("more_body", False) for one in bodies] == [True] * 500 + [False]
    assert not downloads.running


def test_an_answer_that_breaks_off_has_no_end() -> None:
    downloads = Downloads()
    messages = sent(downloads, leaves_after=5)
    assert 5 < len(messages) < 50
    assert messages[-1]["more_body"]
    assert not downloads.running


def test_one_too_many_is_told_when_to_come_again() -> None:
    start, body = sent(Downloads(most=0))
    assert start["status"] == 503
    assert dict(start["headers"])[b"retry-after"].isdigit()
    assert not body.get("more_body")


def test_a_fault_before_the_first_piece_is_told_by_nobody_yet() -> None:
    def faulty() -> Iterator[bytes]:
        raise ValueError("no")
        yield b""

    async def run() -> None:
        async def receive() -> dict[str, str]:
            await asyncio.Event().wait()
            return {}

        await Sending(faulty(), downloads, {}, receive).asgi_send(send)

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    downloads, messages = Downloads(), list[dict[str, Any]]()
    with pytest.raises(ValueError, match="no"):
        asyncio.run(run())
    assert (messages, downloads.running) == ([], 0)
