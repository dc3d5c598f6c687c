from __future__ import annotations

from pathlib import Path

from archive.queries import open_reader
from archive.suggestions import BEGINNING, addresses
from tests.filling import fill


def test_addresses_that_begin_so_are_found_by_index_alone(tmp_path: Path) -> None:
    db = open_reader(fill(tmp_path))
    assert addresses(db, "https://wire.example/k") == ["https://wire.example/kabul-market"]
    assert len(addresses(db, "")) == 6
    assert addresses(db, "https://wire.example/%") == []
    plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {BEGINNING}", {"begun": "h", "most": 1})]
    assert all("SEARCH" in step and "INDEX" in step for step in plan), plan
    db.close()
