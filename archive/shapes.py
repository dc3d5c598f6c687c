"""What the newest pages of an outlet gave: how long their texts are, and whether date, byline and title were found."""

from __future__ import annotations

from dataclasses import dataclass

from archive.queries import Reader

DATED, UNDATED = 80, 40  # pages of an outlet that are looked at

# By the index of outlet and day, from its end: however many pages an outlet has, so many rows are read. Of those
# without a day, which stand together in it, the last that arrived.
_COLUMNS = "SELECT fetched, words, published, byline, title, is_paywalled FROM articles"
_OUTLET = "outlet_id = (SELECT id FROM outlets WHERE domain = :outlet)"
NEWEST_DATED = f"""{_COLUMNS} WHERE {_OUTLET} AND published <= :now ORDER BY published DESC LIMIT {DATED}"""
NEWEST_UNDATED = f"""{_COLUMNS} WHERE {_OUTLET} AND published IS NULL ORDER BY id DESC LIMIT {UNDATED}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What one page gave, and when it was fetched."""

    fetched: str
    words: int
    is_dated: bool = True
    has_byline: bool = True
    has_title: bool = True
    is_paywalled: bool = False


def shapes_of(db: Reader, outlet: str, now: str) -> list[Shape]:
    """The newest pages of an outlet (its domain) in the order in which they were fetched.

    Dated and undated ones reach equally far back, so that the share of each is that of its time.
    """
    found, since = [], ""
    for query, most in ((NEWEST_DATED, DATED), (NEWEST_UNDATED, UNDATED)):
        rows = db.execute(query, {"outlet": outlet, "now": now}).fetchall()
        found += [
            Shape(
                fetched=fetched, words=words, is_dated=published is not None, has_byline=bool(byline),
                has_title=bool(title), is_paywalled=bool(paywalled),
            )
            for fetched, words, published, byline, title, paywalled in rows
        ]  # fmt: skip
        if len(rows) == most:
            since = max(since, min(row[0] for row in rows))
    return sorted((shape for shape in found if shape.fetched >= since), key=lambda shape: shape.fetched)
