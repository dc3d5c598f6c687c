from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from archive.pages.what_changed import HAPPENED, MOST, TEXTS, newest
from archive.queries import open_reader
from archive.store import Archive
from tests.filling import fill
from tests.opened import Get, opened

HOSTILE = "<img src=x onerror=alert(1)>\u202e"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("changed"))


@pytest.fixture(scope="module")
def get(data: Path) -> Iterator[Get]:
    with opened(data) as asked:
        yield asked


def told(get: Get, path: str) -> list[str]:
    answer = get(path)
    assert answer.status_code == 200
    return [
        " ".join(one.text_content().split()) for one in html.fromstring(answer.text).xpath("//li[@class='entry']/p[1]")
    ]


def test_texts_and_notices_and_removals_are_told_with_their_words(get: Get) -> None:
    lines = told(get, "/changes")
    assert any(line.startswith("A new version: what it changed") for line in lines)
    assert any("says that it was corrected: Correction: the market <b>opens</b>" in line for line in lines)
    assert any(line.startswith("The page is gone, its text stays here") for line in lines)
    assert not any("says the same" in line for line in lines), "a boring change is no change"


def test_one_kind_can_be_asked_for(get: Get) -> None:
    everything = told(get, "/changes")
    parts = [told(get, f"/changes?kind={kind}") for kind in ("texts", "corrections", "removals")]
    assert all(parts)
    assert sorted(everything) == sorted(line for part in parts for line in part)
    assert told(get, "/changes?kind=no-such-kind") == everything


def test_machines_get_the_same(get: Get) -> None:
    changes = get("/changes.json?kind=removals").json()["changes"]
    assert [one["kind"] for one in changes] == ["removed"]
    assert get(changes[0]["article"]).status_code == 200


@pytest.mark.parametrize("kind", ["", "texts", "corrections", "removals"])
def test_a_table_has_just_what_the_page_has(get: Get, kind: str) -> None:
    query = f"?kind={kind}" if kind else ""
    answer = get(f"/changes.csv{query}")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(lines) == len(told(get, f"/changes{query}")) > 0
    assert [one["kind"] for one in lines] == [one["kind"] for one in get(f"/changes.json{query}").json()["changes"]]
    assert all(get("/" + one["address"].split("/", 3)[3]).status_code == 200 for one in lines)


def test_older_changes_are_pages_further(tmp_path: Path) -> None:
    archive = Archive.open(fill(tmp_path))
    archive.db.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
        " INSERT INTO events (article_id, kind, at, detail) SELECT 1, 'note', '2019-05-01T00:00:00Z', '=' || i FROM n"
    )
    archive.db.conn.commit()
    archive.close()
    with opened(tmp_path) as get:
        found = [line for page in (1, 2, 3) for line in told(get, f"/changes?kind=corrections&page={page}")]
        assert len(found) == len(set(found)) > 100
        assert get("/changes?page=x").status_code == get("/changes?page=9999").status_code == 200
        lines = list(csv.DictReader(io.StringIO(get("/changes.csv?kind=corrections").text)))
    assert len(lines) == len(found)
    assert not [one for one in lines if one["detail"].startswith("=")], "no cell begins a formula"


def test_what_a_page_says_of_itself_stays_text(tmp_path: Path) -> None:
    archive = Archive.open(fill(tmp_path / "data"))
    archive.db.execute("UPDATE events SET detail = ? WHERE kind = 'correction'", [HOSTILE])
    archive.db.execute("UPDATE versions SET title = ?", [HOSTILE])
    archive.db.conn.commit()
    archive.close()
    with opened(tmp_path / "data") as get:
        page = get("/changes").text
    assert "<img" not in page
    assert "\u202e" not in page
    assert page.count("&lt;img src=x") == 2


def test_the_newest_are_few_however_many_there_are(tmp_path: Path) -> None:
    archive = Archive.open(fill(tmp_path / "data"))
    archive.db.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
        " INSERT INTO events (article_id, kind, at, detail) SELECT 1, 'note',"
        " printf('2019-05-01T00:%02d:%02dZ', i / 60, i % 60), 'note ' || i FROM n"
    )
    archive.db.conn.commit()
    archive.close()
    db = open_reader(tmp_path / "data")
    found = newest(db, "corrections")
    assert [one["detail"] for one in found[:MOST]] == [f"note {number}" for number in range(500, 500 - MOST, -1)]
    for sql in (TEXTS, HAPPENED):
        values = {"limit": MOST, "looked": 100, "kinds": "[]"}
        plan = [step["detail"] for step in db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert not [step for step in plan if step.startswith("SCAN") and "articles" in step.lower()], plan
    db.close()


def test_an_archive_without_changes_says_so(tmp_path: Path) -> None:
    Archive.open(tmp_path).close()
    with opened(tmp_path) as get:
        assert "Nothing of this kind was seen yet" in get("/changes").text
