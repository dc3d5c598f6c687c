"""A bound on what one question brings into memory."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.serving.bounded import MOST, TooMuch, bound
from archive.store import Archive
from tests.filling import fill
from tests.serving import serving


def test_each_question_may_bring_so_much_and_no_more() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        bound(db, 100)
        for _ in range(5):
            assert db.execute("SELECT 'a' || x'c3a4', 1, NULL, ? FROM (VALUES (1), (2))", ["b" * 40]).fetchall()
        with pytest.raises(TooMuch):
            db.execute("SELECT ? FROM (VALUES (1), (2), (3))", ["b" * 40]).fetchall()
        assert db.execute("SELECT ?", ["b" * 100]).fetchone() == ("b" * 100,)


def test_a_page_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    with closing(Archive.open(fill(tmp_path))) as archive, archive.writing() as db:
        db.execute("UPDATE versions SET body = ?", ["b" * (MOST // 8)])
        columns = "article_id, fetched, title, body, content_hash"
        for _ in range(9):
            db.execute(f"INSERT INTO versions ({columns}) SELECT {columns} FROM versions LIMIT 1")
    with serving(tmp_path) as get:
        page = get("/news/versions.json?_size=100")
        assert page.status_code == 400
        assert "fewer rows" in page.json()["error"]
        assert get("/news/versions.json?_nocol=body").status_code == 200
        assert get("/news/articles").status_code == 200
