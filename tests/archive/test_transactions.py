from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.store import Archive
from archive.transactions import MOST


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive.open(tmp_path)
    yield opened
    opened.close()


def committed(archive: Archive) -> int:
    """The topics that another program sees."""
    other = sqlite3.connect(archive.path)
    count = other.execute("SELECT COUNT(*) FROM topics").fetchone()[0]
    other.close()
    return int(count)


def add(archive: Archive, name: str) -> None:
    archive.topics.ensure(name, "", "")


def refuse(error: StoreError) -> None:
    raise error


def test_a_unit_by_itself_is_committed_at_once(archive: Archive) -> None:
    add(archive, "one")
    assert committed(archive) == 1


def test_units_of_one_moment_share_a_commit(archive: Archive) -> None:
    commits: list[int] = []

    async def crawl() -> None:
        archive.transactions.before_commit.append(lambda: commits.append(1))
        archive.transactions.together(0.05, refuse)
        for name in "abc":
            await archive.writable(1, lambda: False)
            add(archive, name)
            await asyncio.sleep(0)
        assert committed(archive) == 0
        await asyncio.sleep(0.3)

    asyncio.run(crawl())
    assert (committed(archive), len(commits)) == (3, 1)


def test_a_broken_unit_takes_no_other_with_it(archive: Archive) -> None:
    async def crawl() -> None:
        archive.transactions.together(60, refuse)
        add(archive, "whole")
        with pytest.raises(ZeroDivisionError), archive.writing() as db:  # noqa: PT012 - the fault must come inside the unit
            db.execute("INSERT INTO topics (name) VALUES ('half')")
            raise ZeroDivisionError
        add(archive, "next")
        archive.transactions.flush()

    asyncio.run(crawl())
    names = [row[0] for row in archive.db.execute("SELECT name FROM topics ORDER BY name").fetchall()]
    assert names == ["next", "whole"]


def test_no_more_is_held_than_the_next_run_can_take_back(archive: Archive) -> None:
    async def crawl() -> None:
        archive.transactions.together(60, refuse)
        for number in range(MOST):
            assert committed(archive) == 0
            add(archive, str(number))

    asyncio.run(crawl())
    assert committed(archive) == MOST


def test_a_refused_commit_writes_nothing_and_is_told(archive: Archive) -> None:
    told: list[StoreError] = []

    def full() -> None:
        raise StoreError("the disk is full", "full")

    async def crawl() -> None:
        archive.transactions.together(0.01, told.append)
        archive.transactions.before_commit.append(full)
        add(archive, "lost")
        await asyncio.sleep(0.2)

    asyncio.run(crawl())
    assert [error.kind for error in told] == ["full"]
    assert archive.db.execute("SELECT COUNT(*) FROM topics").fetchone() == (0,)
    archive.transactions.before_commit.clear()


def test_what_is_held_is_committed_on_closing(tmp_path: Path) -> None:
    async def crawl() -> None:
        archive = Archive.open(tmp_path)
        archive.transactions.together(60, refuse)
        add(archive, "kept")
        archive.close()

    asyncio.run(crawl())
    again = Archive.open(tmp_path)
    assert committed(again) == 1
    again.close()


def test_a_warc_tail_holds_no_more_than_a_transaction_does() -> None:
    from archive.warc import TAIL

    assert TAIL == MOST
