"""Pages that take for ever, and all others meanwhile."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from datasette import hookimpl
from datasette.plugins import pm

from archive.serving.doorkeeper import Rules
from tests.filling import fill
from tests.serving import Visitor, serving

ENDLESS = "/news.json?sql=select+hang()"
OURS = ["/", "/news/to_review", "/static/dossier.css", "/nowhere"]


class Hanging:
    """A function of SQL that does not come back before it is let."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.__name__ = "hanging"  # Datasette lists its plugins by their names

    @hookimpl
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        conn.create_function("hang", 0, lambda: self.over.wait(30) and 1)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    plugin = Hanging()
    pm.register(plugin, name="hanging")
    yield plugin
    plugin.over.set()
    pm.unregister(name="hanging")


@pytest.fixture
def get(tmp_path: Path, hanging: Hanging) -> Iterator[Visitor]:
    with serving(fill(tmp_path), Rules(is_private=True)) as visitor:
        yield visitor


async def asked(get: Visitor, path: str, done: list[str]) -> int:
    reply = await get.ask(path)
    if reply.status_code in {301, 302}:
        reply = await get.ask(reply.headers["location"])
    done.append(path)
    return reply.status_code


def test_our_pages_are_answered_while_datasettes_own_hang(get: Visitor, hanging: Hanging) -> None:
    async def story() -> tuple[list[str], list[int]]:
        done: list[str] = []
        await get.ask("/news")
        slow = [asyncio.create_task(asked(get, ENDLESS, done)) for _ in range(20)]
        await asyncio.sleep(0)
        try:
            ours = [await asked(get, path, done) for path in OURS]
            assert not any(one.done() for one in slow)
        finally:
            hanging.over.set()
        await asyncio.gather(*slow)
        return done, ours

    done, ours = get.runner.run(story())
    assert done[:4] == OURS
    assert ours == [200, 200, 200, 404]


def test_who_comes_too_many_is_told_to_come_again(get: Visitor, hanging: Hanging) -> None:
    async def story() -> list[int]:
        done: list[str] = []
        await get.ask("/news")
        slow = [asyncio.create_task(asked(get, ENDLESS, done)) for _ in range(60)]
        try:
            refused, _ = await asyncio.wait(slow, return_when=asyncio.FIRST_COMPLETED, timeout=20)
            assert {one.result() for one in refused} == {503}
            page = await get.ask("/news/articles")
        finally:
            hanging.over.set()
        assert (page.status_code, page.headers["retry-after"]) == (503, "5")
        assert "Ask again in a moment" in page.text
        return await asyncio.gather(*slow)

    found = get.runner.run(story())
    assert found.count(200) >= 6
    assert found.count(503) >= 60 - 6 - 24
    assert get("/news/articles").status_code == 200
