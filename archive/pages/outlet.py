"""One outlet: how much of it is here, from when, by whom, whose texts it carries, how its sources answer."""

from __future__ import annotations

from archive.pages.asked import Asked, Page
from archive.pages.charts import stretches
from archive.pages.gathered import absent, gathered, part, place_path
from archive.pages.shelf import SIZE, shelf
from archive.pages.timeline import timeline
from archive.queries import Reader, Row, row, rows

OUTLET = """
SELECT o.id, o.domain, o.name, o.country,
    (SELECT MIN(published) FROM articles WHERE outlet_id = o.id) AS first,
    (SELECT MAX(published) FROM articles WHERE outlet_id = o.id) AS last
FROM outlets AS o WHERE o.domain = :domain
"""

SOURCES = """
SELECT channel, url, last_asked, last_success, last_status, last_reason, failures, items, new_items, moved_to
FROM sources WHERE outlet_id = :outlet ORDER BY failures DESC, new_items DESC, channel, url LIMIT :limit
"""

NEAR = """
SELECT domain, name FROM outlets WHERE domain >= :start AND domain < :start || char(1114111)
ORDER BY domain LIMIT 6
"""

LISTED = 10  # sources


def outlet(db: Reader, asked: Asked) -> Page:
    """The page of an outlet, by its registrable domain."""
    domain = part(asked, "domain").lower().removeprefix("www.")
    found = row(db, OUTLET, domain=domain)
    if found is None:
        near = [(one["name"] or one["domain"], place_path("outlet", one["domain"])) for one in close(db, domain)]
        return absent("No such outlet", f"No articles of {domain} are in this archive.", domain, near)
    held = gathered(db, asked, ("outlet", domain))
    counted = shelf(db, found["id"], domain)
    sources = rows(db, SOURCES, outlet=found["id"], limit=LISTED + 1)
    shows = {
        "outlet": found,
        "held": held,
        "months": timeline([held.months], held.asking),
        "shelf": counted,
        "shares": stretches((counted.originals, counted.copies)),
        "is_whole": held.articles <= SIZE,
        "sources": [{**one, "told": told(one), "state": state(one)} for one in sources[:LISTED]],
        "more_sources": len(sources) > LISTED,
    }
    return Page(template="outlet.html", shows=shows)


def close(db: Reader, domain: str) -> list[Row]:
    """Outlets whose names begin like this one."""
    return rows(db, NEAR, start=domain[:3]) if len(domain) >= 3 else []


def state(source: Row) -> str:
    """`ok`, `failing`, `silent` where a source answers and lists nothing, or `unasked`."""
    if not source["last_asked"]:
        return "unasked"
    if source["failures"]:
        return "failing"
    return "ok" if source["items"] or source["new_items"] else "silent"


def told(source: Row) -> str:
    """How a source answers, in words."""
    failures, items, new = source["failures"], source["items"] or 0, source["new_items"] or 0
    why = f": {source['last_reason']}" if source["last_reason"] else ""
    match state(source):
        case "unasked":
            return "not asked yet"
        case "failing":
            often = "the last time" if failures == 1 else f"{failures:,} times in a row"
            return f"did not answer well {often}{why}"
        case "silent":
            return "answers, and lists no article itself" + (
                f": {source['last_reason']}" if source["last_reason"] else ""
            )
    listing = f"lists {items:,} {'link' if items == 1 else 'links'}" if items else "lists nothing at present"
    return f"answers; {listing}" + (f"; it was the first to announce {new:,}" if new else "")
