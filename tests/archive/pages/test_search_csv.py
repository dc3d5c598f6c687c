from __future__ import annotations

import asyncio
import csv
import io
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.pages.search_csv import COLUMNS, ROWS, all_ids, lines, slug
from archive.pages.wanted import Wanted
from archive.questions.question import parse
from archive.serve import application
from archive.serving.readers import TooLong
from archive.store import Archive
from pipelines.difference import difference
from tests.filling import ARTICLES, HOSTILE, fill
from tests.opened import Get, opened

ROOT = "http://localhost/"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fill(tmp_path_factory.mktemp("served"))
    with closing(Archive.open(folder)) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET byline = ? WHERE id = 3", ['"Quoted", of\r\ntwo lines\rand a half'])
    return folder


@pytest.fixture(scope="module")
def get(data: Path) -> Iterator[Get]:
    with opened(data) as asked:
        yield asked


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("query", ["", "doha", "doha&order=oldest", "&copies=all", "outlet:wire.example&order=newest"])
def test_a_file_has_what_the_pages_list_in_their_order(get: Get, data: Path, query: str) -> None:
    typed, _, further = query.partition("&")
    order: Any = further.removeprefix("order=") if further.startswith("order=") else None
    with closing(Catalogue(data)) as catalogue:
        ids = catalogue.ids(parse(typed), order=order, folded="copies=all" not in further)
    found = get(f"/search.csv?q={query}")
    assert found.status_code == 200
    assert [row["address"] for row in table(found.text)] == [f"{ROOT}article/{key}" for key in ids]


def test_values_are_as_they_are(get: Get, data: Path) -> None:
    rows = table(get("/search.csv?copies=all").text)
    assert list(rows[0]) == list(COLUMNS)
    with closing(sqlite3.connect(data / "news.db")) as db:
        kept = db.execute("SELECT url, title, byline, summary, published, words, kind FROM articles").fetchall()
    names = ("url", "title", "byline", "summary", "published", "words", "kind")
    assert {tuple(row[name] for name in names) for row in rows} == {
        tuple("" if one is None else str(one) for one in row) for row in kept
    }
    assert HOSTILE in {row["title"] for row in rows}


def test_a_copy_names_its_story_its_topics_and_how_many_they_are(get: Get) -> None:
    rows = {row["url"]: row for row in table(get("/search.csv?copies=all").text)}
    copy = rows[ARTICLES[1]["url"]]
    assert (copy["story"], copy["story_relation"], copy["copies"]) == (ARTICLES[0]["url"], "syndicated", "2")
    assert (copy["topics"], copy["verdicts"], copy["wire"]) == ("talks", "keep", "AFP")
    assert rows[ARTICLES[5]["url"]]["removed"]


def test_no_cell_of_the_file_for_spreadsheets_begins_a_formula(get: Get) -> None:
    found = get("/search.csv?copies=all&for=spreadsheet")
    assert found.content.startswith(b"\xef\xbb\xbfurl,")
    rows = list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(ARTICLES) + 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)


def test_an_empty_result_is_a_file_with_its_columns(get: Get) -> None:
    for query in ("nowhere", "nowhere&for=spreadsheet"):
        assert get(f"/search.csv?q={query}").content.decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_browser_is_told_what_it_gets(get: Get, method: str) -> None:
    found = get('/search.csv?q=doha+"peace+talks"', method)
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert found.headers["content-disposition"] == "attachment; filename*=UTF-8''dossier-doha-peace-talks.csv"
    assert bool(found.content) == (method == "GET")


@pytest.mark.parametrize(
    ("typed", "name"),
    [("", "all"), ("../..//", "all"), ("a" * 500, "a" * 60), ('x" y\r\n', "x-y"), ("Gespräche", "gespräche")],
)
def test_a_name_of_a_file_is_the_beginning_of_the_question(typed: str, name: str) -> None:
    assert slug(typed) == name


def test_the_third_at_once_is_told_to_come_again(get: Get, data: Path) -> None:
    app = application(data, difference)
    with app.dossier.downloads.place(), app.dossier.downloads.place():
        answer = asyncio.run(app.client.get("/search.csv?q=doha"))
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    app.dossier.close()


@pytest.mark.parametrize(("last", "is_all"), [(100_000, True), (200_000, False)])
def test_a_file_is_of_all_articles_or_there_is_none(data: Path, tmp_path: Path, last: int, is_all: bool) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data, folder)
    with closing(Archive.open(folder)) as archive, archive.writing() as db:
        values = "VALUES (?, 'https://wire.example/late', 1, 'Late doha', '2019-03-14T00:00:00Z', 'late', 'Doha.')"
        db.execute(f"INSERT INTO articles (id, url, outlet_id, title, fetched, content_hash, body) {values}", [last])
    with closing(Catalogue(folder, seconds=0)) as catalogue:
        if is_all:
            found = all_ids(catalogue, Wanted(question=parse("doha"), order="newest", is_folded=False))
            assert sorted(found) == [1, 2, 3, last]
        else:
            with pytest.raises(TooLong):
                all_ids(catalogue, Wanted(question=parse("doha"), order="newest", is_folded=False))


def test_no_file_is_looked_for_any_further_when_the_server_ends(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.catalogue.matches.CHUNK", 1)
    monkeypatch.setattr("archive.catalogue.matches.FASTER", 1)
    looks: list[int] = []

    class Ending(Catalogue):
        def ids(self, *asked: Any, **how: Any) -> Any:
            looks.append(1)
            self.stop()
            return super().ids(*asked, **how)

    with closing(Ending(data, seconds=0.0)) as catalogue:
        with pytest.raises(TooLong):
            all_ids(catalogue, Wanted(question=parse("doha"), order="newest", is_folded=False))
        with catalogue.connections.one() as db:
            db.set_progress_handler(catalogue.stop, 100)
            with pytest.raises(sqlite3.OperationalError, match="interrupted"):
                db.execute(ENDLESS).fetchone()
    assert looks == [1]


def test_whoever_asks_for_what_takes_too_long_is_told_so(data: Path) -> None:
    class Hasty(Catalogue):
        def ids(self, *_: Any, **__: Any) -> Any:
            return None

    app = application(data, difference)
    app.dossier.catalogue.close()
    object.__setattr__(app.dossier, "catalogue", Hasty(data))
    answer = asyncio.run(app.client.get("/search.csv?q=doha"))
    assert answer.status_code >= 400
    assert answer.headers["content-type"].startswith("text/html")
    assert not app.dossier.downloads.running
    app.dossier.close()


def test_articles_come_in_the_order_of_their_ids_whatever_it_is_and_some_at_a_time(data: Path) -> None:
    ids = [random.Random(1).randrange(1, len(ARTICLES) + 1) for _ in range(3 * ROWS)]
    pieces = list(lines(data, ids, ROOT))
    rows = table(b"".join(pieces).decode())
    assert [row["address"] for row in rows] == [f"{ROOT}article/{key}" for key in ids]
    assert len(pieces) == 4


def test_what_is_gone_meanwhile_is_left_out(data: Path) -> None:
    rows = table(b"".join(lines(data, [2, 999, *range(1000, 1000 + ROWS), 1], ROOT)).decode())
    assert [row["address"] for row in rows] == [f"{ROOT}article/2", f"{ROOT}article/1"]


def test_a_download_that_is_not_taken_does_not_keep_the_log_of_a_crawl(data: Path) -> None:
    pieces = lines(data, [1] * (3 * ROWS), ROOT)
    next(pieces), next(pieces)
    with closing(Archive.open(data)) as archive:
        with archive.writing() as db:
            db.execute("UPDATE articles SET section = section || 'x' WHERE id = 1")
        blocked, *_ = archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not blocked
    assert len(list(pieces)) == 2
