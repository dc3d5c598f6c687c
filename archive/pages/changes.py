"""What changed in an article from one of its texts to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archive.pages.asked import Asked, Page
from archive.pages.comparison import compared
from archive.pages.surroundings import events, read_article
from archive.pages.texts import texts_of, wording
from archive.queries import Reader, Row


def changes(db: Reader, asked: Asked) -> Page | None:
    """Two texts of an article word by word: those that are asked for, else the last change."""
    found = read_article(db, int(asked.parts["id"]))
    if found is None:
        return None
    texts = texts_of(db, found)
    happened = events(db, found["id"])
    shows = {"article": found, "texts": texts, "events": happened}
    if len(texts) == 1:
        return Page(template="changes.html", shows=shows)
    older, newer = chosen(texts, asked.args)
    told = compared(asked.site.difference, *(wording(db, found["id"], one) for one in (older, newer)))
    between = [one for one in happened if older["fetched"] <= one["at"] <= newer["fetched"]]
    return Page(template="changes.html", shows={**shows, "pair": (older, newer), "told": told, "events": between})


def chosen(texts: Sequence[Row], args: Mapping[str, str]) -> tuple[Row, Row]:
    """The two texts that are asked for, the older one first; what is no number of a text leads to the last change."""
    numbers = {str(one["number"]): one for one in texts}
    newer = numbers.get(args.get("to", ""), texts[-1])
    older = numbers.get(args.get("from", "")) or texts[max(newer["number"] - 2, 0)]
    if older is newer:
        older, newer = (texts[-2], texts[-1]) if newer is texts[0] else (texts[newer["number"] - 2], newer)
    return (older, newer) if older["number"] < newer["number"] else (newer, older)
