"""One topic: what it follows, how its coverage went, what waits for a reader's answer."""

from __future__ import annotations

from archive.pages.asked import Asked, Page
from archive.pages.definition import definition
from archive.pages.gathered import absent, gathered, months_of, part, place_path
from archive.pages.listing import listed
from archive.pages.runs import runs
from archive.pages.timeline import timeline
from archive.queries import Reader, Row, row, rows

LONGEST = 400_000  # characters of a definition that are read from the archive

TOPIC = "SELECT id, name, title, substr(definition, 1, :longest) AS definition FROM topics WHERE name = :name"
NEAR = "SELECT name, title FROM topics ORDER BY name LIMIT 6"

# The widest of the archive, by their index, of which those of the topic are taken.
WIDEST = """
SELECT s.article_id AS id, s.size FROM (
    SELECT article_id, outlets, size FROM stories WHERE outlets > 1 ORDER BY outlets DESC, size DESC LIMIT 2000) AS s
CROSS JOIN article_topics AS m ON m.article_id = s.article_id AND m.topic_id = :topic
WHERE m.verdict != 'drop' ORDER BY s.outlets DESC, s.size DESC, s.article_id LIMIT :limit
"""


def topic(db: Reader, asked: Asked) -> Page:
    """The page of a topic."""
    name = part(asked, "name")
    found = row(db, TOPIC, name=name, longest=LONGEST)
    if found is None:
        near = [(one["title"] or one["name"], place_path("topic", one["name"])) for one in rows(db, NEAR)]
        return absent("No such topic", f"This archive follows no topic of the name “{name}”.", name, near)
    held = gathered(db, asked, ("topic", name))
    review = months_of(asked, ("topic", name), ("verdict", "review"))
    keep = {month: max(count - review.get(month, 0), 0) for month, count in held.months.items()}
    shows = {
        "topic": found,
        "held": held,
        "keep": sum(keep.values()),
        "review": sum(review.values()),
        "months": timeline([keep, review], held.asking),
        "widest": widest(db, found["id"]),
        "defined": definition(found["definition"]),
        "runs": runs(db, 6, name),
    }
    return Page(template="topic.html", shows=shows)


def widest(db: Reader, topic_id: int, limit: int = 5) -> list[Row]:
    """The stories of a topic that most outlets carry."""
    sizes = {one["id"]: one["size"] for one in rows(db, WIDEST, topic=topic_id, limit=limit)}
    return [{**one, "found": sizes[one["id"]]} for one in listed(db, list(sizes))]
