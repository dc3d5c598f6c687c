"""What happened to articles after they were published: new texts, corrections, removals, the newest first."""

from __future__ import annotations

import json

from archive.events import MEANINGS, QUOTING
from archive.history import happened
from archive.pages.asked import Asked, Page
from archive.queries import Reader, Row, rows

MOST = 60  # of a page
LOOKED = 10_000  # newest events that are looked through

KINDS = {
    "texts": "New texts",
    "corrections": "Corrections and notes",
    "removals": "Removals and returns",
}
"""What can be asked for by itself, and how people read it."""
EVENTS = {"corrections": sorted(QUOTING), "removals": ["removed", "returned"]}

OF = """a.id, a.title, a.language, a.story_id, o.domain AS outlet, o.name AS outlet_name, a.published
FROM {some} AS one JOIN articles AS a ON a.id = one.article_id JOIN outlets AS o ON o.id = a.outlet_id"""

# A text was superseded when the next one was fetched.
TEXTS = """
SELECT one.id AS place, COALESCE((SELECT MIN(fetched) FROM versions WHERE article_id = one.article_id AND id > one.id),
    a.fetched) AS at, 'text' AS kind, one.title AS detail, {of} ORDER BY one.id DESC
""".format(of=OF.format(some="(SELECT id, article_id, title FROM versions ORDER BY id DESC LIMIT :limit)"))

HAPPENED = """
SELECT one.id AS place, one.at, one.kind, one.detail, {of} ORDER BY one.id DESC
""".format(
    of=OF.format(
        some="""(SELECT id, article_id, at, kind, detail FROM (
    SELECT * FROM events ORDER BY id DESC LIMIT :looked) WHERE kind IN (SELECT value FROM json_each(:kinds))
    ORDER BY id DESC LIMIT :limit)"""
    )
)


def what_changed(db: Reader, asked: Asked) -> Page:
    """The newest changes of all kinds, or those of the kind that is asked for."""
    kind = asked.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = newest(db, kind)
    return Page(template="what_changed.html", shows={"changes": found, "kind": kind, "kinds": KINDS, "most": MOST})


def what_changed_as_json(db: Reader, asked: Asked) -> Page:
    """The same for machines."""
    kind = asked.args.get("kind", "")
    told = [
        {"at": one["at"], "kind": one["kind"], "detail": one["detail"], "title": one["title"], "outlet": one["outlet"],
         "article": f"/article/{one['id']}"}
        for one in newest(db, kind if kind in KINDS else "")
    ]  # fmt: skip
    return Page(text=json.dumps({"changes": told}, ensure_ascii=False, indent=1), content_type="application/json")


def newest(db: Reader, kind: str) -> list[Row]:
    """At most MOST changes of a kind, or of all where it is empty, the last one seen first; each with its `meaning`."""
    found: list[Row] = []
    if kind in {"", "texts"}:
        found += [{**one, "meaning": "a new text"} for one in rows(db, TEXTS, limit=MOST)]
    wanted = [name for group, names in EVENTS.items() if kind in {"", group} for name in names]
    if wanted:
        events = rows(db, HAPPENED, looked=LOOKED, kinds=json.dumps(wanted), limit=MOST)
        found += [{**happened(one), "meaning": MEANINGS[one["kind"]]} for one in events]
    return sorted(found, key=lambda one: (one["at"], one["place"]), reverse=True)[:MOST]
