"""Addresses that begin as somebody has begun to type them."""

from __future__ import annotations

from archive.queries import Reader

MOST = 30

# The end of the range keeps the search within the index of addresses: LIKE would read them all.
BEGINNING = "SELECT url FROM articles WHERE url >= :begun AND url < :begun || char(1114111) ORDER BY url LIMIT :most"


def addresses(db: Reader, begun: str) -> list[str]:
    """The first addresses of articles that begin so."""
    return [url for (url,) in db.execute(BEGINNING, {"begun": begun, "most": MOST})]
