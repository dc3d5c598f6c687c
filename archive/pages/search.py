"""The search page: what was found, what it can be narrowed by, and where it lies in time."""

from __future__ import annotations

from typing import Any

from archive.catalogue.results import ORDERS, PAGE, Results
from archive.pages.addressed import instead
from archive.pages.advice import advice
from archive.pages.asked import Asked, Page
from archive.pages.facets import chips, menus
from archive.pages.histogram import histogram
from archive.pages.listing import is_empty, listed, main_language
from archive.pages.wanted import Wanted, bare, timeless, wanted
from archive.queries import Reader

LONG = 600  # bytes of a question, of which a page has as few links as it can do with
FORMS = ("csv", "json", "atom")


def search(db: Reader, asked: Asked) -> Page:
    """The answer to whatever was typed."""
    if page := instead(db, asked.args.get("q", "")):
        return page
    asking = wanted(asked.args)
    results = asking.results(asked.site)
    entries = listed(db, results.ids, asking.question.words)
    found = dict(zip(results.ids, results.found, strict=True))
    filters = chips(asking, results)
    shows = {
        "typed": asking.question.typed,
        "results": results,
        "entries": [{**one, "found": found[one["id"]]} for one in entries],
        "language": main_language(db),
        "start": (results.page - 1) * PAGE + 1,
        "told": told(asking, results),
        "chips": filters,
        "all_off": asking.query(typed=bare(asking.question.typed)),
        "menus": menus(asking, results),
        "months": histogram(asking, results.months),
        "timeless": asking.query(typed=timeless(asking.question.typed)),
        "orders": [
            (one, asking.query(order=one), one == results.order)
            for one in ORDERS
            if one != "best" or asking.question.words
        ],
        "order": asking.order,
        "is_folded": asking.is_folded,
        "other_folding": asking.query(is_folded=not asking.is_folded),
        "pages": around(asking, results),
        "forms": [(form, asking.query()) for form in FORMS],
        "is_empty": is_empty(db),
    }
    if not results.articles and not shows["is_empty"]:
        shows["advice"] = advice(db, asked.site, asking, filters)
    return Page(template="search.html", shows=shows, until=results.until)


def told(asking: Wanted, results: Results) -> list[str]:
    """What a reader should know of a result: what was ranked, what is missing, what was not understood."""
    sentences = list(asking.question.unclear)
    if results.order == "best" and 0 < results.ranked < results.articles:
        sentences.append(
            f"The {results.ranked:,} latest arrivals of {results.articles:,} matches are ranked by their words; "
            "the rest follows, newest first."
        )
    if not results.is_whole:
        sentences.append(
            f"There was no time to look at all: these are the counts of the {results.searched:,} articles that arrived "
            "last. A rarer word or a further filter gives exact ones."
        )
    return sentences


def around(asking: Wanted, results: Results) -> dict[str, Any]:
    """The pages of a result that can be gone to from this one."""
    page, pages = results.page, results.pages
    is_long = len(asking.query()) > LONG
    near = [] if is_long else sorted({1, *range(max(1, page - 2), min(pages, page + 2) + 1), pages})
    return {
        "near": [(number, asking.query(page=number)) for number in near] if pages > 1 else [],
        "previous": asking.query(page=min(page - 1, pages)) if page > 1 and pages else "",
        "next": asking.query(page=page + 1) if page < pages else "",
        "is_beyond": page > max(1, pages),
        "last": asking.query(page=pages),
    }
