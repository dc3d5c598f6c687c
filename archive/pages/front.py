"""The front page: what the archive is, and what is new in it."""

from __future__ import annotations

from archive.pages.asked import Asked, Page
from archive.queries import BY_MONTH, BY_OUTLET, LATEST, TOPICS, TOTALS, WIDEST, Reader, row, rows


def front(db: Reader, _asked: Asked) -> Page:
    """Figures, newest articles, outlets, months, widest stories."""
    months = rows(db, BY_MONTH, limit=36)
    shows = {
        "totals": row(db, TOTALS) or {},
        "topics": rows(db, TOPICS),
        "latest": rows(db, LATEST, limit=12),
        "outlets": rows(db, BY_OUTLET, limit=14),
        "months": months[::-1],
        "tallest": max((one["articles"] for one in months), default=1),
        "widest": rows(db, WIDEST, limit=6),
    }
    return Page(template="front.html", shows=shows)
