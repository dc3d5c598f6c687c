"""What one article of a story says differently from the one that stands for it."""

from __future__ import annotations

from archive.pages.asked import Asked, Page
from archive.pages.comparison import compared
from archive.pages.story import STORY, text
from archive.queries import Reader, row, rows

PAIR = """
SELECT a.id, a.title, o.domain AS outlet, o.name AS outlet_name, a.published, a.published_precision, a.language, a.wire,
    a.is_agency, a.story_relation AS relation, a.story_similarity AS similarity
FROM articles AS a JOIN outlets AS o ON o.id = a.outlet_id
WHERE a.id IN (:one, :original) AND a.story_id = :story
"""


def story_changes(db: Reader, asked: Asked) -> Page | None:
    """Both texts word by word."""
    found = row(db, STORY, story=int(asked.parts["id"]))
    number = asked.args.get("article", "")
    if found and not number:
        return Page(location=f"story/{found['id']}", status=302)
    if found is None or not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    asked_for = {"one": int(number), "original": found["article_id"], "story": found["id"]}
    pair = {one["id"]: one for one in rows(db, PAIR, **asked_for)}
    if not {int(number), found["article_id"]} <= pair.keys():
        return None
    one, original = pair[int(number)], pair[found["article_id"]]
    shows = {
        "story": found,
        "one": one,
        "original": original,
        "told": compared(asked.site.difference, text(db, original["id"]), text(db, one["id"])),
    }
    return Page(template="story_changes.html", shows=shows)
