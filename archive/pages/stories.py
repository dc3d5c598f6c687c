"""The stories that more than one article carries: those of most outlets, or the newest."""

from __future__ import annotations

from archive.pages.asked import Asked, Page
from archive.pages.listing import main_language
from archive.queries import Reader, Row, rows

MOST, PAGES = 30, 30  # stories of a page, and pages at most
NAMED = 6  # outlets of a story beside that of its original
LOOKED = 20_000  # newest articles that are looked through for stories with copies

ORDERS = {"widest": "Carried widest", "newest": "Newest first"}

OF = """s.id AS story_id, s.size, s.outlets AS carriers, a.id, a.title, a.summary, a.language, a.published, a.kind,
    a.removed, a.outlet_id, o.domain AS outlet, o.name AS outlet_name"""

WIDEST = f"""
SELECT {OF} FROM (
    SELECT id, article_id, outlets, size FROM stories INDEXED BY stories_outlets
    WHERE outlets > 0 ORDER BY outlets DESC, size DESC, id DESC LIMIT :limit OFFSET :skip
) AS s JOIN articles AS a ON a.id = s.article_id JOIN outlets AS o ON o.id = a.outlet_id
WHERE s.size > 1 ORDER BY s.outlets DESC, s.size DESC, s.id DESC
"""

# By the article that stands for the story, which is the original as far as is known.
NEWEST = f"""
SELECT {OF} FROM (
    SELECT n.id FROM (
        SELECT id FROM articles INDEXED BY articles_published WHERE published IS NOT NULL
        ORDER BY published DESC, id DESC LIMIT :looked
    ) AS n CROSS JOIN stories AS s ON s.article_id = n.id WHERE s.size > 1 LIMIT :limit OFFSET :skip
) AS n CROSS JOIN articles AS a ON a.id = n.id CROSS JOIN stories AS s ON s.article_id = a.id
JOIN outlets AS o ON o.id = a.outlet_id ORDER BY a.published DESC, a.id DESC
"""

# Each outlet is one step in the index, however many copies it has.
CARRIERS = """
SELECT o.domain, o.name FROM (
    SELECT DISTINCT outlet_id FROM articles INDEXED BY articles_story_outlet
    WHERE story_id = :story AND outlet_id != :own LIMIT :limit
) AS d JOIN outlets AS o ON o.id = d.outlet_id
"""


def stories(db: Reader, asked: Asked) -> Page:
    """A page of them, in the order that is asked for."""
    order = "newest" if asked.args.get("order") == "newest" else "widest"
    number = asked.args.get("page", "")
    page = max(1, min(int(number), PAGES)) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    found = listed(db, order, page)
    shows = {
        "stories": [{**one, "also_in": carriers(db, one)} for one in found[:MOST]],
        "order": order,
        "orders": ORDERS,
        "page": page,
        "has_more": len(found) > MOST and page < PAGES,
        "language": main_language(db),
    }
    return Page(template="stories.html", shows=shows)


def carriers(db: Reader, story: Row) -> list[str]:
    """The names of some outlets that carry a story beside the first."""
    found = rows(db, CARRIERS, story=story["story_id"], own=story["outlet_id"], limit=NAMED)
    return sorted(one["name"] or one["domain"] for one in found)


def listed(db: Reader, order: str, page: int) -> list[Row]:
    """The stories of a page, and one more where others follow."""
    limits = {"limit": MOST + 1, "skip": MOST * (page - 1)}
    if order == "newest":
        return rows(db, NEWEST, looked=LOOKED, **limits)
    return rows(db, WIDEST, **limits)
