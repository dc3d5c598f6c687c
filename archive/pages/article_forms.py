"""An article for programs: as JSON, as a citation, as plain text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from archive.pages.article import copies_of
from archive.pages.asked import Asked, Page
from archive.pages.citations import authors_of, bibtex, citation_of, plain, printable, ris
from archive.pages.copies import described
from archive.pages.neighbours import neighbours
from archive.pages.surroundings import around, read_article
from archive.queries import Reader, Row

CITED = {
    "bib": (bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (ris, "application/x-research-info-systems; charset=utf-8"),
}
TOLD = (
    "id", "url", "outlet", "outlet_name", "title", "summary", "language", "section", "published",
    "published_precision", "published_offset", "modified", "fetched", "words", "kind", "partial_reason", "body_source",
    "extractor", "wire", "removed", "earlier_texts", "digest", "body",
)  # fmt: skip
JSON = "application/json; charset=utf-8"


def article_as(db: Reader, asked: Asked) -> Page | None:
    """An article in the form that its address names."""
    found = read_article(db, int(asked.parts["id"]))
    if found is None:
        return None
    form = asked.parts["form"]
    if form == "json":
        return Page(text=json.dumps(told(db, found), ensure_ascii=True), content_type=JSON)
    citation = citation_of(found, found["digest"] or "")
    if form == "txt":
        parts = (plain(citation), found["title"], found["summary"], found["body"])
        text = "\n\n".join(printable(part) for part in parts if part)
        return Page(text=text + "\n", content_type="text/plain; charset=utf-8", filename=f"{citation.key}.txt")
    written, content_type = CITED[form]
    return Page(text=written(citation), content_type=content_type, filename=f"{citation.key}.{form}")


def told(db: Reader, found: Row) -> dict[str, Any]:
    """All that the page of an article says; other pages of the archive by their addresses, below its root."""
    beside, near = around(db, found), neighbours(db, found)
    return {
        "address": f"article/{found['id']}",
        **some(found, TOLD),
        **{name: bool(found[name]) for name in ("is_paywalled", "is_partial", "is_agency")},
        "authors": authors_of(found["byline"]),
        "citation": plain(citation_of(found, found["digest"] or "")),
        "topics": beside["topics"],
        "announced": [some(one, ("channel", "source", "first_seen", "last_seen")) for one in beside["announced"]],
        "announced_by": beside["announced_by"],
        "events": [some(one, ("kind", "at", "detail", "meaning")) for one in beside["events"]],
        "contested": [some(one, ("field", "witness", "others")) for one in beside["contested"]],
        "rulings": [addressed(one, ("url", "title", "ruling", "made")) for one in beside["rulings"]],
        "captions": beside["captions"],
        "posts": list(beside["posts"].values()),
        "story": storied(db, found),
        "neighbours": {
            name: one and addressed(one, ("title", "published")) for name, one in near.items() if name != "topic"
        },
    }


def storied(db: Reader, found: Row) -> dict[str, Any]:
    """What an article is to its story, and the first that carry it."""
    return {
        "address": f"story/{found['story_id']}" if found["story_id"] else None,
        "relation": found["story_relation"],
        "similarity": found["story_similarity"],
        "articles": found["copies"],
        "outlets": found["outlets"],
        "first": [described(one) for one in copies_of(db, found)],
    }


def addressed(one: Row, names: Iterable[str]) -> dict[str, Any]:
    """Some columns of an article, and where its page is."""
    return {"address": f"article/{one['id']}", **some(one, names)}


def some(one: Row, names: Iterable[str]) -> dict[str, Any]:
    """Some columns of a row."""
    return {name: one[name] for name in names}
