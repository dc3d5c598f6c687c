"""The front page: what the archive is, and what is new in it."""

from __future__ import annotations

from typing import Any

from archive.catalogue.results import Facet, Results
from archive.pages.asked import Asked, Page
from archive.pages.histogram import histogram
from archive.pages.listing import is_empty, listed, main_language
from archive.pages.wanted import wanted
from archive.queries import Reader, Row, row, rows
from archive.questions.question import adding

LATEST, OUTLETS, WIDEST = 12, 12, 6

# Both ends are read from the index, and so is everything that has an order here.
SPAN = """
SELECT (SELECT MIN(published) FROM articles) AS first, (SELECT MAX(published) FROM articles) AS last
"""
TOPICS = "SELECT name, title FROM topics ORDER BY name LIMIT 50"
STORIES = """
SELECT s.id AS story_id, a.title, a.language, s.outlets, s.size AS articles, a.published
FROM (
    SELECT id, article_id, outlets, size FROM stories INDEXED BY stories_outlets
    WHERE outlets > 0 ORDER BY outlets DESC, size DESC, id DESC LIMIT :limit
) AS s JOIN articles AS a ON a.id = s.article_id
WHERE s.size > 1 ORDER BY s.outlets DESC, s.size DESC, s.id DESC
"""


def front(db: Reader, asked: Asked) -> Page:
    """Figures, newest articles, outlets, months, widest stories; a search where one is asked for."""
    asking = wanted(asked.args)
    if "q" in asked.args:
        return Page(location=f"search?{asking.query(page=asking.page)}", status=302)
    results = asked.site.catalogue.search(wanted({}).question, order="newest", size=LATEST)
    facets = {facet.field: facet for facet in results.facets}
    outlets = facets.get("outlet", Facet(field="outlet", values=()))
    shows = {
        "is_empty": is_empty(db),
        "totals": totals(db, results, outlets),
        "topics": topics(db, facets),
        "latest": listed(db, results.ids),
        "language": main_language(db),
        "outlets": outlets.values[:OUTLETS],
        "months": histogram(wanted({}), results.months),
        "widest": rows(db, STORIES, limit=WIDEST),
        "to_review": count_of(facets, "verdict", "review"),
    }
    return Page(template="front.html", shows=shows)


def totals(db: Reader, results: Results, outlets: Facet) -> Row:
    """The archive in figures."""
    return {
        "articles": results.articles,
        "stories": results.listed,
        "outlets": len(outlets.values) + outlets.further,
        **(row(db, SPAN) or {}),
    }


def topics(db: Reader, facets: dict[str, Facet]) -> list[dict[str, Any]]:
    """What is followed, with the articles of each, and the search for them."""
    return [
        {
            **one,
            "articles": count_of(facets, "topic", one["name"]),
            "query": wanted({}).query(typed=adding("", "topic", one["name"])),
        }
        for one in rows(db, TOPICS)
    ]


def count_of(facets: dict[str, Facet], field: str, value: str) -> int:
    """The count of one value of a facet; 0 where it is not among those that are listed."""
    facet = facets.get(field)
    return next((one.count for one in facet.values if one.value == value), 0) if facet else 0
