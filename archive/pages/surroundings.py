"""What lies around one article: who announced it, where it belongs, what happened to it, who disputes what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from archive.history import belongs, happened, witnessed
from archive.queries import CAPTIONS_OF, MEMBERSHIPS_OF, POSTS_OF, RULINGS_OF, WITNESSES_OF, Reader, Row, row, rows

RULINGS = 20  # on one article, that are listed
EVENTS = 50  # the newest, that are listed
SIGHTINGS = 12  # the first ones

ARTICLE = """
SELECT a.id, a.url, o.domain AS outlet, o.name AS outlet_name, a.story_id, a.story_relation, a.story_similarity,
    a.title, a.byline, a.summary, a.language, a.section, a.published, a.published_precision, a.published_offset,
    a.modified, a.fetched, a.words, a.kind, a.is_paywalled, a.is_partial, a.partial_reason, a.body_source, a.extractor,
    a.wire, a.is_agency, a.removed, COALESCE(s.size, 1) AS copies, COALESCE(s.outlets, 1) AS outlets,
    (SELECT COUNT(*) FROM versions WHERE article_id = a.id) AS earlier_texts,
    r.digest, r.id AS record_id, a.body
FROM articles AS a JOIN outlets AS o ON o.id = a.outlet_id LEFT JOIN stories AS s ON s.id = a.story_id
LEFT JOIN records AS r ON r.id = COALESCE(
    a.record_id, (SELECT id FROM records WHERE article_id = a.id ORDER BY fetched DESC, id DESC LIMIT 1))
WHERE a.id = :article
"""

# Whatever address led to it. A link that two topics follow was announced once.
ANNOUNCED = """
WITH addresses(url) AS (
    SELECT url FROM articles WHERE id = :article
    UNION SELECT url FROM (SELECT url FROM aliases WHERE article_id = :article LIMIT 50))
SELECT s.channel, s.url AS source, MIN(g.first_seen) AS first_seen, MAX(g.last_seen) AS last_seen, COUNT(*) AS links
FROM addresses AS d CROSS JOIN topics AS t
CROSS JOIN candidates AS c ON c.topic_id = t.id AND c.url = d.url
CROSS JOIN sightings AS g ON g.candidate_id = c.id CROSS JOIN sources AS s ON s.id = g.source_id
GROUP BY s.id ORDER BY first_seen, MIN(g.rank), s.url
"""

LATEST_EVENTS = """
SELECT kind, at, detail FROM (
    SELECT id, kind, at, detail FROM events WHERE article_id = :article ORDER BY at DESC, id DESC LIMIT :limit)
ORDER BY at, id
"""

CHANNELS = {
    "feeds": "a feed", "sitemaps": "a sitemap", "sections": "a section page", "outlinks": "a link in another article",
    "gdelt": "GDELT", "gal": "GDELT’s list of articles", "google_news": "Google News", "bing_news": "Bing News",
    "wayback": "the Wayback Machine", "ccnews": "Common Crawl’s news",
}  # fmt: skip
FIELDS = {"published": "date", "modified": "date of change", "title": "headline", "canonical": "address",
          "authors": "authors", "summary": "standfirst"}  # fmt: skip


def around(db: Reader, article: Row) -> dict[str, Any]:
    """What a page says beside the text of a row of ARTICLE."""
    key = article["id"]
    announced = rows(db, ANNOUNCED, article=key)
    return {
        "topics": [belongs(one) for one in rows(db, MEMBERSHIPS_OF, article=key)],
        "announced": [{**one, "by": CHANNELS.get(one["channel"], one["channel"])} for one in announced[:SIGHTINGS]],
        "announced_by": len(announced),
        "events": events(db, key),
        "rulings": rows(db, RULINGS_OF, article=key, limit=RULINGS),
        "posts": {one["line"]: one for one in rows(db, POSTS_OF, article=key)},
        "captions": [one["caption"] for one in rows(db, CAPTIONS_OF, article=key)],
        "contested": [contested(one) for one in map(witnessed, rows(db, WITNESSES_OF, article=key)) if one["others"]],
    }


def read_article(db: Reader, key: int) -> Row | None:
    """An article with its outlet, its text, how many it had before, and where its bytes lie; None where it is not."""
    return row(db, ARTICLE, article=key)


def local(found: Row) -> str:
    """When an article was published by the clocks of its page, as `14:00 there (UTC+4:30)`; empty where that is UTC."""
    offset = found["published_offset"]
    if not offset or found["published_precision"] == "day":
        return ""
    try:
        at = datetime.fromisoformat(found["published"] or "").astimezone(timezone(timedelta(minutes=offset)))
    except (ValueError, OverflowError):
        return ""
    sign, minutes = "−" if offset < 0 else "+", abs(offset)
    zone = f"UTC{sign}{minutes // 60}{f':{minutes % 60:02}' if minutes % 60 else ''}"
    return f"{at:%H:%M} by its own clock ({zone})"


def events(db: Reader, key: int) -> list[Row]:
    """What happened to an article, the newest of it, in order."""
    return [happened(one) for one in rows(db, LATEST_EVENTS, article=key, limit=EVENTS)]


def contested(one: Row) -> Row:
    """A field on which others disagree: what people call it, and the `claims` of others, times as people read them."""
    is_time = one["field"] in {"published", "modified"}
    claims = [(str(witness), spelled(str(words)) if is_time else str(words)) for witness, words in one["others"][:12]]
    return {**one, "name": FIELDS.get(one["field"], one["field"].replace("_", " ")), "claims": claims}


def spelled(words: str) -> str:
    """`12 March 2019, 09:30 UTC` of a claimed time; what is none stays as it is."""
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return words
    at = at.astimezone(UTC) if at.tzinfo else at
    return f"{at.day} {at:%B %Y, %H:%M}{' UTC' if at.tzinfo else ''}"
