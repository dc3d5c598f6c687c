"""What the archive is: its topics, its size, how it decides, what may be done with it, and the ways in for programs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from archive.pages.asked import Asked, Page
from archive.pages.definition import Definition, definition
from archive.pages.gathered import gathered, place_path
from archive.pages.runs import runs
from archive.queries import Reader, Row, row, rows

TOPICS = """
SELECT name, title, substr(definition, 1, 120000) AS definition FROM topics ORDER BY name LIMIT 20
"""

REACH = """
SELECT (SELECT MIN(published) FROM articles) AS first, (SELECT MAX(published) FROM articles) AS last,
    (SELECT COUNT(*) FROM outlets) AS outlets, (SELECT COUNT(*) FROM versions) AS versions
"""

AHEAD = 8  # terms of a topic that are told


def about(db: Reader, asked: Asked) -> Page:
    """The page about the archive."""
    held = gathered(db, asked, latest=0)
    sizes = {one.value: one.count for one in held.facet("topic").values}
    shows = {
        "held": held,
        "reach": row(db, REACH) or {},
        "topics": [described(db, asked, one, sizes) for one in rows(db, TOPICS)],
        "runs": runs(db, 6),
        "version": installed(),
    }
    return Page(template="about.html", shows=shows)


def described(db: Reader, asked: Asked, topic: Row, sizes: Mapping[str, int]) -> Row:
    """A topic in short; `sizes` are the articles of those that are counted already."""
    defined: Definition = definition(topic["definition"])
    name = topic["name"]
    articles = sizes[name] if name in sizes else gathered(db, asked, ("topic", name), latest=0).articles
    terms = [term for term, _ in defined.terms[:AHEAD]]
    path = place_path("topic", topic["name"])
    return {**topic, "defined": defined, "terms": terms, "articles": articles, "path": path}


def installed() -> str:
    """The version of this program, empty where it runs from a bare folder."""
    try:
        return version("dossier-news")
    except PackageNotFoundError:
        return ""
