"""One article: its text to read, and around it where it comes from, why it is here, and what became of it."""

from __future__ import annotations

from archive.pages.asked import Asked, Page
from archive.pages.citations import authors_of, bibtex, citation_of, plain, ris
from archive.pages.copies import carried
from archive.pages.marking import SHOWN, either, lines_of, shown
from archive.pages.neighbours import neighbours
from archive.pages.surroundings import around, local, read_article
from archive.pieces import unmarked
from archive.queries import Reader, Row
from archive.questions.question import parse

COPIES = 12  # of its story, that are listed beside it
PARAGRAPHS = 3_000  # on a page; while it is drawn, no other one is


def article(db: Reader, asked: Asked) -> Page | None:
    """The reading view; with `marked`, what the topic looks for is marked in the text, with `q`, what a search did."""
    found = read_article(db, int(asked.parts["id"]))
    if found is None:
        return None
    beside = around(db, found)
    terms = [term for one in beside["topics"] for term, _ in one["matched"]]
    searched = asked.args.get("q", "")
    match = parse(searched).words if searched else either(terms) if asked.args.get("marked") else ""
    text = shown(found, match)
    lines = lines_of(text["body"])
    citation = citation_of(found, found["digest"] or "")
    shows = {
        **beside,
        **neighbours(db, found),
        **text,
        "article": found,
        "lines": lines[:PARAGRAPHS],
        "summary": "" if lines and says(lines[0][1], text["summary"]) else text["summary"],
        "is_cut": len(found["body"]) > SHOWN or len(lines) > PARAGRAPHS,
        "authors": authors_of(found["byline"]),
        "local": local(found),
        "story": copies_of(db, found),
        "is_marked": bool(match),
        "can_mark": bool(either(terms)),
        "plain": plain(citation),
        "bibtex": bibtex(citation),
        "ris": ris(citation),
    }
    return Page(template="article.html", shows=shows)


def says(paragraph: str, summary: str) -> bool:
    """Whether a text begins with its own standfirst, so that nobody has to read it twice."""
    return unmarked(paragraph).startswith(unmarked(summary).strip().rstrip("…"))


def copies_of(db: Reader, found: Row) -> list[Row]:
    """The first of all articles that carry its text, and itself; none where it is the only one."""
    if found["copies"] < 2:
        return []
    first = carried(db, found["story_id"], COPIES)
    if all(one["id"] != found["id"] for one in first):
        own = {**found, "relation": found["story_relation"], "similarity": found["story_similarity"], "delay": ""}
        first.append(own)
    return first
