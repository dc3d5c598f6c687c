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
    shows = {"article": found, "texts": texts, "pair": (), "told": None, "events": events(db, found["id"])}
    if len(texts) > 1:
        pair = chosen(texts, asked.args)
        old, new = (wording(db, found["id"], one) for one in pair)
        shows |= {"pair": pair, "told": compared(asked.site.difference, old, new)}
        shows["events"] = [one for one in shows["events"] if pair[0]["fetched"] <= one["at"] <= pair[1]["fetched"]]
    return Page(template="changes.html", shows=shows)


def chosen(texts: Sequence[Row], args: Mapping[str, str]) -> tuple[Row, Row]:
    """The two texts that are asked for, the older one first; what is no number of a text leads to the last change."""
    numbers = {str(one["number"]): one for one in texts}
    newer = numbers.get(args.get("to", ""), texts[-1])
    older = numbers.get(args.get("from", "")) or texts[max(newer["number"] - 2, 0)]
    if older is newer:
        older, newer = (texts[-2], texts[-1]) if newer is texts[0] else (texts[newer["number"] - 2], newer)
    return (older, newer) if older["number"] < newer["number"] else (newer, older)
