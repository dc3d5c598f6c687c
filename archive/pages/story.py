"""A story: who carried a text first, who carried it after, and what each of them changed."""

from __future__ import annotations

import json

from archive.pages.article_forms import JSON
from archive.pages.asked import Asked, Page
from archive.pages.comparison import Comparison, compared
from archive.pages.copies import LOOKED_AT, carried, credits_of, described, sentence
from archive.queries import TEXT_OF, Reader, Row, row
from archive.serving.site import Differ

SHOWN = 200  # articles of a story
COMPARED = 12  # of them, the first ones that are no exact copy: how many words came and went
LONGEST, MOST_LINES = 40_000, 250  # characters and lines of two texts of which that is told in a list

STORY = """
SELECT s.id, s.article_id, s.size, s.outlets, a.title, a.language, a.summary
FROM stories AS s JOIN articles AS a ON a.id = s.article_id WHERE s.id = :story
"""


def story(db: Reader, asked: Asked) -> Page:
    """The articles that carry one text, earliest first, and what each of them has of the one that stands for all."""
    found = row(db, STORY, story=int(asked.parts["id"]))
    if found is None:
        return Page(template="story.html", shows={"story": None, "number": asked.parts["id"]}, status=404)
    articles = carried(db, found["id"], SHOWN)
    shows = {
        "story": found,
        "articles": articles,
        "said": sentence(articles, found["size"], found["outlets"]),
        "credits": credits_of(articles),
        "changes": counted_changes(db, asked.site.difference, found["article_id"], articles),
        "looked_at": LOOKED_AT,
    }
    return Page(template="story.html", shows=shows)


def story_as_json(db: Reader, asked: Asked) -> Page | None:
    """The same for programs."""
    found = row(db, STORY, story=int(asked.parts["id"]))
    if found is None:
        return None
    articles = carried(db, found["id"], SHOWN)
    told = {
        "address": f"story/{found['id']}",
        "title": found["title"],
        "said": sentence(articles, found["size"], found["outlets"]),
        "size": found["size"],
        "outlets": found["outlets"],
        "representative": f"article/{found['article_id']}",
        "credits": [{"agency": name, "articles": count} for name, count in credits_of(articles)],
        "articles": [described(one) for one in articles],
    }
    return Page(text=json.dumps(told), content_type=JSON)


def counted_changes(db: Reader, difference: Differ, original: int, articles: list[Row]) -> dict[int, Comparison]:
    """The changes of the first few that are no exact copy, by their ids; without those that are too long for a list."""
    other = [one["id"] for one in articles if one["id"] != original and one["relation"] != "exact copy"][:COMPARED]
    if not other:
        return {}
    first = text(db, original)
    found = {key: compared(difference, first, text(db, key), longest=LONGEST, most_lines=MOST_LINES) for key in other}
    return {key: one for key, one in found.items() if one is not None}


def text(db: Reader, article: int) -> tuple[str, str]:
    """Title and body of an article."""
    found = row(db, TEXT_OF, article=article)
    return (found["title"], found["body"]) if found else ("", "")
