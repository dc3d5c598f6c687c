"""What happened to articles after they were published: new texts, corrections, removals, the newest first."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import urlsplit

from archive.cells import guarded
from archive.events import MEANINGS, QUOTING
from archive.history import happened
from archive.pages.asked import Asked, Page
from archive.queries import Reader, Row, rows

MOST, PAGES = 60, 20  # of a page, and pages at most; a file has what all pages have
LOOKED = 10_000  # newest events that are looked through
NAME = "changes.csv"
CSV = "text/csv; charset=utf-8"
COLUMNS = ("at", "kind", "detail", "title", "outlet", "published", "url", "address")

KINDS = {
    "texts": "New versions",
    "corrections": "Corrections and notes",
    "removals": "Removals and returns",
}
"""What can be asked for by itself, and how people read it."""
EVENTS = {"corrections": sorted(QUOTING), "removals": ["removed", "returned"]}

OF = """a.id, a.url, a.title, a.language, a.story_id, o.domain AS outlet, o.name AS outlet_name, a.published
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
    """The newest changes of all kinds, or those of the kind that is asked for; `page` leads to older ones."""
    kind = kind_of(asked)
    number = asked.args.get("page", "")
    page = max(1, min(int(number), PAGES)) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    found = newest(db, kind, page)
    shows = {
        "changes": found[:MOST],
        "kind": kind,
        "kinds": KINDS,
        "page": page,
        "has_more": len(found) > MOST and page < PAGES,
        "most": MOST * PAGES,
    }
    return Page(template="what_changed.html", shows=shows)


def what_changed_as_json(db: Reader, asked: Asked) -> Page:
    """The same for machines, of all pages."""
    told = [
        {"at": one["at"], "kind": one["kind"], "detail": one["detail"], "title": one["title"], "outlet": one["outlet"],
         "article": f"/article/{one['id']}"}
        for one in every(db, kind_of(asked))
    ]  # fmt: skip
    return Page(text=json.dumps({"changes": told}, ensure_ascii=False, indent=1), content_type="application/json")


def what_changed_as_csv(db: Reader, asked: Asked) -> Page:
    """The same as a table; no cell of it can begin a formula."""
    kind = kind_of(asked)
    address = urlsplit(asked.url)
    root = f"{address.scheme}://{address.netloc}{address.path.removesuffix(NAME)}"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in every(db, kind):
        values = (one["at"], one["kind"], one["detail"], one["title"], one["outlet"], one["published"], one["url"])
        writer.writerow([guarded(value or "") for value in values] + [f"{root}article/{one['id']}"])
    filename = f"dossier-changes{f'-{kind}' if kind else ''}.csv"
    return Page(text=text.getvalue(), content_type=CSV, filename=filename, is_kept=False)


def kind_of(asked: Asked) -> str:
    """The kind that is asked for; empty where all are."""
    kind = asked.args.get("kind", "")
    return kind if kind in KINDS else ""


def every(db: Reader, kind: str) -> list[Row]:
    """What all pages show."""
    return merged(db, kind, MOST * PAGES)[: MOST * PAGES]


def newest(db: Reader, kind: str, page: int = 1) -> list[Row]:
    """The changes of a page, the last one seen first, and one more where there are older ones."""
    return merged(db, kind, MOST * page + 1)[MOST * (page - 1) : MOST * page + 1]


def merged(db: Reader, kind: str, most: int) -> list[Row]:
    """At least the newest changes of a kind, or of all where it is empty; each with its `meaning`."""
    found: list[Row] = []
    if kind in {"", "texts"}:
        found += [{**one, "meaning": "a new version"} for one in rows(db, TEXTS, limit=most)]
    wanted = [name for group, names in EVENTS.items() if kind in {"", group} for name in names]
    if wanted:
        events = rows(db, HAPPENED, looked=LOOKED, kinds=json.dumps(wanted), limit=most)
        found += [{**happened(one), "meaning": MEANINGS[one["kind"]]} for one in events]
    return sorted(found, key=lambda one: (one["at"], one["place"]), reverse=True)
