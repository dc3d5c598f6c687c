"""The questions that Datasette offers by name; their SQL stands in archive/queries.py."""

from __future__ import annotations

from typing import Any

from pluggy import HookimplMarker

from archive.pages.review import PAGES, SIZE
from archive.queries import BY_MONTH, BY_OUTLET, LATEST, REJECTED, WIDEST
from archive.reviews import TO_REVIEW
from archive.serving.datasette_versions import NAME, add_queries

hookimpl = HookimplMarker("datasette")


def limited(sql: str, limit: int) -> str:
    """The query with its own number of rows."""
    return sql.replace(":limit", str(limit)).strip()


SKIP = f"{SIZE} * (MAX(1, MIN(CAST(:page AS INTEGER), {PAGES})) - 1)"

QUERIES: dict[str, dict[str, Any]] = {
    "latest": {
        "title": "Latest articles",
        "description": "By time of publication, without copies of stories that are already here.",
        "sql": limited(LATEST, 100),
    },
    "by_outlet": {
        "title": "Articles by outlet",
        "description": "How much of each publisher is here, and from when to when: the 200 with most.",
        "sql": limited(BY_OUTLET, 200),
    },
    "by_month": {
        "title": "Articles by month",
        "description": "How many articles of each month are here, copies too.",
        "sql": limited(BY_MONTH, 1000),
    },
    "widest": {
        "title": "Stories with most outlets",
        "description": "Texts that more than one article carries, by the number of different publishers.",
        "sql": limited(WIDEST, 100),
    },
    "to_review": {
        "title": "To review",
        "description": "Articles that may belong to a topic, best score first: those are the likeliest to belong.",
        "sql": limited(TO_REVIEW, SIZE).replace(":skip", SKIP),
    },
    "rejected": {
        "title": "Rejected links by reason",
        "description": "Links that became no article, by what became of them and why.",
        "sql": limited(REJECTED, 500),
    },
}


@hookimpl
def canned_queries(database: str) -> dict[str, dict[str, Any]]:
    """Our questions, for the archive's own database. Datasette changes what it gets, so each time a new one."""
    return {name: {**query, "hide_sql": True} for name, query in QUERIES.items()} if database == NAME else {}


@hookimpl
async def startup(datasette: Any) -> None:
    """The same for a Datasette that has no hook for them."""
    await add_queries(datasette, {name: {**query, "hide_sql": True} for name, query in QUERIES.items()})
