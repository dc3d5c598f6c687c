from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.serve import application
from archive.serving.edition import Edition
from archive.serving.flights import MANY
from archive.store import Archive
from pipelines.difference import difference
from tests.filling import fill


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return fill(tmp_path / "data")


@pytest.fixture
def app(data: Path) -> Iterator[Any]:
    served = application(data, difference)
    yield served
    served.executor.shutdown()
    for database in served.databases.values():
        database.close()
    served.dossier.close()


def written(data: Path) -> None:
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET title = title || '!' WHERE id = 1")


def always(app: Any) -> None:
    """Let the archive be looked at before each page."""
    object.__setattr__(app.dossier, "edition", Edition(app.dossier.catalogue.refresh, every=0, patience=10))


def test_an_answer_is_kept_until_the_archive_changes(app: Any, data: Path) -> None:
    async def ask() -> list[Any]:
        always(app)
        first = await app.client.get("/")
        same = await app.client.get("/", headers={"if-none-match": first.headers["etag"]})
        written(data)
        new = await app.client.get("/", headers={"if-none-match": first.headers["etag"]})
        return [first, same, new]

    first, same, new = asyncio.run(ask())
    assert [one.status_code for one in (first, same, new)] == [200, 304, 200]
    assert "Doha talks end with a draft!" not in first.text
    assert "Doha talks end with a draft!" in new.text
    assert not same.content


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", W/{}', "{},"])
def test_an_answer_is_known_by_its_tag_as_a_proxy_sends_it(app: Any, form: str) -> None:
    async def ask() -> list[Any]:
        first = await app.client.get("/about")
        sent = form.format(first.headers["etag"])
        return [await app.client.get(path, headers={"if-none-match": sent}) for path in ("/about", "/overview")]

    assert [one.status_code for one in asyncio.run(ask())] == [304, 200]


def test_who_asks_for_the_same_at_once_gets_one_answer(app: Any) -> None:
    async def ask() -> list[Any]:
        return await asyncio.gather(*(app.client.get("/") for _ in range(20)))

    answers = asyncio.run(ask())
    assert {one.status_code for one in answers} == {200}
    assert len({(one.text, one.headers["etag"]) for one in answers}) == 1


def test_readers_who_are_too_many_get_the_answer_of_a_moment_ago(app: Any, data: Path) -> None:
    async def ask() -> list[Any]:
        always(app)
        first = await app.client.get("/")
        written(data)
        crowd = {number: asyncio.ensure_future(asyncio.sleep(60)) for number in range(MANY)}
        app.dossier.flights.under_way.update(crowd)
        crowded = await app.client.get("/")
        for number, one in crowd.items():
            one.cancel()
            del app.dossier.flights.under_way[number]
        return [first, crowded, await app.client.get("/")]

    first, crowded, alone = asyncio.run(ask())
    assert (crowded.text, crowded.headers["etag"]) == (first.text, first.headers["etag"])
    assert alone.text != first.text


@pytest.mark.parametrize("path", ["/search", "/search.json", "/search.atom"])
def test_an_answer_that_had_no_time_is_made_better_by_the_next_one(
    app: Any, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.catalogue.matches.CHUNK", 2)
    monkeypatch.setattr("archive.catalogue.matches.FASTER", 1)
    app.dossier.catalogue.seconds = 0.0

    async def ask() -> list[Any]:
        answers = [await app.client.get(f"{path}?q=doha+OR+market&order=newest") for _ in range(4)]
        tag = answers[-1].headers.get("etag", "")
        return [*answers, await app.client.get(f"{path}?q=doha+OR+market&order=newest", headers={"if-none-match": tag})]

    first, *_, last, again = asyncio.run(ask())
    assert "etag" not in first.headers
    assert "doha" in last.text
    assert first.text.count("/article/") < last.text.count("/article/")
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/", "/search.csv"])
def test_other_methods_are_refused(app: Any, path: str) -> None:
    answer = asyncio.run(app.client.request("DELETE", path))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
