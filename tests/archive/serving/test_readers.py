from __future__ import annotations

import asyncio
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.queries import Reader
from archive.serve import application
from archive.serving.gate import Gate
from archive.serving.readers import Busy, Readers
from pipelines.difference import difference
from tests.filling import fill


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("read"))


def count(db: Reader) -> int:
    return int(db.execute("SELECT COUNT(*) FROM articles").fetchone()[0])


def test_who_waits_too_long_for_a_thread_is_told_so_and_the_next_is_not(data: Path) -> None:
    free = threading.Event()

    def slow(_db: Reader) -> bool:
        return free.wait(20)

    async def visit(readers: Readers) -> list[Any]:
        readers.gate = Gate(room=1, waiting=1, seconds=0.05)
        first = asyncio.ensure_future(readers.run(slow))
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await readers.run(count)
        free.set()
        return [await first, await readers.run(count)]

    with closing(Readers(data, threads=1)) as readers:
        assert asyncio.run(visit(readers)) == [True, 6]


def test_a_page_for_which_there_was_no_thread_says_to_come_again(data: Path) -> None:
    app = application(data, difference)
    app.dossier.searching.gate = Gate(room=0, waiting=0)
    answer = asyncio.run(app.client.get("/search?q=doha"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Ask again in a moment" in answer.text
    assert asyncio.run(app.client.get("/article/1")).status_code == 200
    app.dossier.close()
