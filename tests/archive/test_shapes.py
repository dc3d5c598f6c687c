"""What the newest pages of an outlet gave, read by the index and never by going through all of them."""

from __future__ import annotations

from contextlib import closing

import pytest

from archive.queries import open_reader
from archive.shapes import DATED, NEWEST_DATED, NEWEST_UNDATED, UNDATED, Shape, shapes_of
from archive.store import Archive

NOW = "2019-06-01T00:00:00Z"


def fill(archive: Archive, outlet: int, count: int, *, dated: bool, start: int = 0) -> None:
    """So many articles by plain SQL, one fetched a minute."""
    with archive.writing() as db:
        db.execute("INSERT OR IGNORE INTO outlets (id, domain) VALUES (?, ?)", [outlet, f"{outlet}.example"])
        db["articles"].insert_all(
            {
                "url": f"https://{outlet}.example/{dated}/{at}", "outlet_id": outlet, "title": f"Day {at}", "words": at,
                "published": f"2019-05-01T{at // 60:02}:{at % 60:02}:00Z" if dated else None, "content_hash": "x",
                "fetched": f"2019-05-02T{at // 60:02}:{at % 60:02}:00Z", "byline": "Mina Rahimi" if at % 2 else "",
            }
            for at in range(start, start + count)
        )  # fmt: skip


def shapes(archive: Archive, outlet: str, now: str = NOW) -> list[Shape]:
    with closing(open_reader(archive.folder)) as db:
        return shapes_of(db, outlet, now)


def test_the_newest_pages_come_in_the_order_in_which_they_were_fetched(archive: Archive) -> None:
    fill(archive, 1, 100, dated=True)
    fill(archive, 2, 5, dated=True)
    found = shapes(archive, "1.example")
    assert [shape.words for shape in found] == list(range(20, 100))
    assert found[0] == Shape(fetched="2019-05-02T00:20:00Z", words=20, has_byline=False)
    assert found[1].has_byline
    assert len(shapes(archive, "2.example")) == 5
    assert shapes(archive, "3.example") == []
    assert shapes(archive, "1.example", "2019-05-01T00:09:00Z")[-1].words == 9, "a date in the future is no news"


def test_pages_without_a_date_reach_as_far_back_as_those_with_one(archive: Archive) -> None:
    fill(archive, 1, 200, dated=True)
    fill(archive, 1, 40, dated=False, start=80)
    found = shapes(archive, "1.example")
    assert (len(found), sum(not shape.is_dated for shape in found)) == (DATED, 0), "those are of an earlier time"
    fill(archive, 1, 3, dated=False, start=200)
    assert sum(not shape.is_dated for shape in shapes(archive, "1.example")) == 3


@pytest.mark.parametrize("query", [NEWEST_DATED, NEWEST_UNDATED])
def test_so_many_rows_are_read_and_no_more(archive: Archive, query: str) -> None:
    values = {"outlet": "1.example", "now": NOW}
    plan = [step[3] for step in archive.db.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()]
    assert any("articles_outlet" in step for step in plan), plan
    assert not [step for step in plan if step.startswith("SCAN") or "TEMP B-TREE" in step], plan
    assert max(DATED, UNDATED) <= 100
