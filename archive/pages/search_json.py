"""A search for programs: the same answer as the search page gives, as JSON."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from archive.catalogue.results import PAGE, Facet, Results
from archive.pages.asked import Asked, Page
from archive.pages.facets import label
from archive.pages.listing import listed
from archive.pages.wanted import Wanted, wanted
from archive.pieces import END, START, unmarked
from archive.queries import Reader, Row

JSON = "application/json; charset=utf-8"
NAME = "search.json"
PLAIN = (
    "id", "url", "title", "byline", "summary", "outlet", "outlet_name", "published", "published_precision", "fetched",
    "month", "language", "kind", "words", "wire", "verdict", "story_id", "story_relation", "copies", "outlets",
)  # fmt: skip


def search_json(db: Reader, asked: Asked) -> Page:
    """The answer as JSON. Its keys stay; further ones may come."""
    asking = wanted(asked.args)
    results = asking.results(asked.site)
    root = urlsplit(asked.url).path.removesuffix(NAME)
    entries = listed(db, results.ids, asking.question.words)
    found = dict(zip(results.ids, results.found, strict=True))
    answer = {
        "question": understood(asking),
        "order": results.order,
        "copies": "folded" if asking.is_folded else "all",
        "articles": results.articles,
        "listed": results.listed,
        "ranked": results.ranked,
        "searched": results.searched,
        "is_whole": results.is_whole,
        "page": results.page,
        "pages": results.pages,
        "page_size": PAGE,
        **beside(asking, results, root),
        "facets": {facet.field: counted(facet) for facet in results.facets},
        "months": [{"month": month, "articles": count} for month, count in results.months],
        "results": [article(one, found[one["id"]], root) for one in entries],
    }
    return Page(text=json.dumps(answer, ensure_ascii=False, indent=1), content_type=JSON, until=results.until)


def understood(asking: Wanted) -> dict[str, Any]:
    """How a question was understood."""
    question = asking.question
    return {
        "typed": question.typed,
        "words": question.words,
        "unwanted": question.unwanted,
        "filters": [{"field": one.field, "value": one.value, "is_without": one.is_without} for one in question.filters],
        "since": question.since or None,
        "until": question.until or None,
        "unclear": list(question.unclear),
    }


def beside(asking: Wanted, results: Results, root: str) -> dict[str, str | None]:
    """The addresses of the same answer elsewhere, from the root of this host."""
    page = results.page
    return {
        "next": f"{root}{NAME}?{asking.query(page=page + 1)}" if page < results.pages else None,
        "previous": f"{root}{NAME}?{asking.query(page=min(page - 1, results.pages))}" if page > 1 else None,
        "html": f"{root}search?{asking.query(page=page)}",
        "csv": f"{root}search.csv?{asking.query()}",
        "atom": f"{root}search.atom?{asking.query()}",
    }


def counted(facet: Facet) -> dict[str, Any]:
    """A facet with its values."""
    values = [
        {
            "value": one.value,
            "label": label(facet.field, one.value, one.label),
            "articles": one.count,
            "is_chosen": one.is_chosen,
        }
        for one in facet.values
    ]
    return {"values": values, "further": facet.further}


def article(one: Row, found: int, root: str) -> dict[str, Any]:
    """One result. `marks` are the places in its snippet of what was looked for, from a character to another."""
    snippet, marks = placed(one["snippet"])
    return {
        **{name: one[name] for name in PLAIN},
        "is_paywalled": bool(one["is_paywalled"]),
        "removed": one["removed"],
        "found": found,
        "snippet": snippet,
        "marks": marks,
        "article": f"{root}article/{one['id']}",
        "story": f"{root}story/{one['story_id']}" if one["story_id"] else None,
    }


def placed(text: str) -> tuple[str, list[list[int]]]:
    """A text without its marks, and where they were."""
    places, length = [], 0
    for number, part in enumerate(text.replace(END, START).split(START)):
        if number % 2:
            places.append([length, length + len(part)])
        length += len(part)
    return unmarked(text), places
