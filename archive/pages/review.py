"""The articles that wait for a reader's yes or no, and why each of them does."""

from __future__ import annotations

import re

from archive.pages.asked import Asked, Page
from archive.queries import Reader, rows
from archive.reviews import TO_REVIEW

SIZE, PAGES = 40, 1000  # articles of a page, and pages at most


def review(db: Reader, asked: Asked) -> Page:
    """A page of them, best score first, of one topic or of all."""
    digits = re.match(r"\s*(\d{1,9})", asked.args.get("page", ""))
    number = max(1, min(int(digits[1]), PAGES)) if digits else 1
    topic = asked.args.get("topic", "")
    found = rows(db, TO_REVIEW, topic=topic, limit=SIZE, skip=SIZE * (number - 1))
    shows = {"articles": found, "topic": topic, "page": number, "has_more": len(found) == SIZE and number < PAGES}
    return Page(template="review.html", shows=shows)
