"""All named read-only SQL, shared by the command and by Datasette, and the connection that it runs on."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from archive.errors import StoreError, told

DATABASE = "news.db"
NEWEST = "m011_merging"
"""The last migration of an archive that these queries can read."""

Reader = sqlite3.Connection
Row = dict[str, Any]


class NoArchiveError(StoreError):
    """There is no archive in that folder."""


def open_reader(data: Path, *, shared: bool = False) -> Reader:
    """A read-only connection to the archive in a data folder; NoArchiveError where there is none.

    All that it reads is of one moment. A crawl may write meanwhile: neither waits for the other. A `shared` one may be
    used by any thread, by one at a time.
    """
    path = data / DATABASE
    if not path.is_file():
        raise NoArchiveError(none_in(data))
    with told(path):
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=not shared)
        db.row_factory = sqlite3.Row
        db.execute("BEGIN")
        if not db.execute("SELECT COUNT(*) FROM sqlite_master WHERE name IN ('articles', 'articles_fts')").fetchone()[
            0
        ]:
            db.close()
            raise NoArchiveError(f"{path} is no archive of Dossier: name another folder with --data")
        if mend := unread(db):
            db.close()
            raise NoArchiveError(f"{path} was written by {mend}")
    return db


def none_in(data: Path) -> str:
    """What to say of a folder without an archive."""
    return f"no archive at {data}: run `dossier crawl` first (or name another folder with --data)"


def unread(db: Reader) -> str:
    """By whom an archive was written that these queries cannot read, and what to do; empty of one that they can."""
    last = db.execute("SELECT MAX(name) FROM _sqlite_migrations WHERE migration_set = 'dossier'").fetchone()[0]
    if last < NEWEST:
        return "an older dossier: `dossier rescore --dry-run` brings it up to date, and so does a crawl"
    return f"a newer dossier ({last}): update this one" if last > NEWEST else ""


def rows(db: Reader, sql: str, **values: Any) -> list[Row]:
    """All rows of a named query."""
    return [dict(row) for row in db.execute(sql, values)]


def row(db: Reader, sql: str, **values: Any) -> Row | None:
    """The first row of a named query, or None."""
    found = db.execute(sql, values).fetchone()
    return None if found is None else dict(found)


def defined(db: Reader) -> list[tuple[str, str]]:
    """The topics of an archive with the text of their files, as of their last crawl."""
    return [(name, definition) for name, definition in db.execute(DEFINITIONS)]


# Of all matches, only the newest arrivals are ranked: bm25 over every match of a common word takes seconds at a million
# articles. The inner LIMIT walks the index in the order of rowids, which costs nothing.
WINDOW = 20_000

TOTALS = """
SELECT (SELECT COUNT(*) FROM articles) AS articles, (SELECT COUNT(*) FROM stories) AS stories,
    (SELECT COUNT(*) FROM outlets AS o WHERE EXISTS (SELECT 1 FROM articles WHERE outlet_id = o.id)) AS outlets,
    (SELECT MIN(published) FROM articles) AS first, (SELECT MAX(published) FROM articles) AS last,
    (SELECT COUNT(*) FROM versions) AS versions, (SELECT COUNT(*) FROM articles
        WHERE removed IS NOT NULL AND id IN (SELECT article_id FROM events WHERE kind = 'removed')) AS removed
"""

LATEST = """
SELECT a.id, a.published, a.published_precision, o.id AS outlet_id, o.domain AS outlet, o.name AS outlet_name, a.title,
    a.summary, a.language, a.words, COALESCE(s.size, 1) - 1 AS copies
FROM articles AS a JOIN outlets AS o ON o.id = a.outlet_id LEFT JOIN stories AS s ON s.id = a.story_id
WHERE a.published IS NOT NULL AND a.story_relation = 'original'
    AND (SELECT MAX(verdict) FROM article_topics WHERE article_id = a.id) IS NOT 'drop'
ORDER BY a.published DESC, a.id DESC LIMIT :limit
"""

BY_OUTLET = """
SELECT o.id AS outlet_id, o.domain AS outlet, o.name AS outlet_name, g.articles, g.first, g.last
FROM (SELECT outlet_id, COUNT(*) AS articles, MIN(published) AS first, MAX(published) AS last
    FROM articles GROUP BY outlet_id) AS g
JOIN outlets AS o ON o.id = g.outlet_id ORDER BY g.articles DESC, outlet LIMIT :limit
"""

BY_MONTH = "SELECT month, COUNT(*) AS articles FROM articles GROUP BY month ORDER BY month DESC LIMIT :limit"

WIDEST = """
SELECT s.article_id AS id, a.title, s.outlets, s.size AS articles, o.domain AS outlet, o.name AS outlet_name,
    o.id AS outlet_id, a.published, a.published_precision
FROM stories AS s JOIN articles AS a ON a.id = s.article_id JOIN outlets AS o ON o.id = a.outlet_id
WHERE s.size > 1 ORDER BY s.outlets DESC, s.size DESC, a.published DESC, s.id LIMIT :limit
"""

# A score is no reason of its own: all that are too low are one.
REJECTED = """
SELECT t.name AS topic, c.state, IIF(c.reason GLOB 'score [0-9].[0-9][0-9], *', 'score ' || substr(c.reason, 13),
    c.reason) AS why, COUNT(*) AS links, MAX(c.checked) AS last, MIN(c.url) AS for_example
FROM candidates AS c JOIN topics AS t ON t.id = c.topic_id
WHERE c.state IN ('off-topic', 'duplicate', 'not-an-article', 'refused', 'failed')
GROUP BY t.name, c.state, why ORDER BY links DESC, t.name, c.state, why LIMIT :limit
"""

TOPICS = """
SELECT t.name, t.title, COALESCE(SUM(m.verdict != 'drop'), 0) AS articles,
    COALESCE(SUM(m.verdict = 'keep'), 0) AS keep, COALESCE(SUM(m.verdict = 'review'), 0) AS review,
    COALESCE(SUM(m.verdict = 'drop'), 0) AS dropped
FROM topics AS t LEFT JOIN article_topics AS m ON m.topic_id = t.id GROUP BY t.id ORDER BY t.name
"""

# The story of one URL.

OUTLET_NAMED = "SELECT domain FROM outlets WHERE domain = :domain"

ARTICLE_OF = """
SELECT a.id, a.url, a.title, a.byline, o.domain AS outlet, o.name AS outlet_name, a.published, a.published_precision,
    a.modified, a.fetched, a.words, a.language, a.kind, a.is_paywalled, a.is_partial, a.partial_reason, a.body_source,
    a.wire, a.is_agency, a.extractor, a.story_id, a.story_relation, a.story_similarity, a.removed, a.record_id,
    COALESCE(length(l.furniture) / 8, 0) AS furniture
FROM articles AS a JOIN outlets AS o ON o.id = a.outlet_id LEFT JOIN article_lines AS l ON l.article_id = a.id
WHERE a.id = COALESCE((SELECT id FROM articles WHERE url = :url), (SELECT article_id FROM aliases WHERE url = :url))
"""

ALIASES_OF = "SELECT url, kind FROM aliases WHERE article_id = :article ORDER BY kind, url"

MEMBERSHIPS_OF = """
SELECT t.name AS topic, t.title AS topic_title, m.score, m.verdict, m.matched, m.reason, m.answer,
    m.answered
FROM article_topics AS m JOIN topics AS t ON t.id = m.topic_id WHERE m.article_id = :article ORDER BY t.name
"""

STORY_OF = """
SELECT a.id, a.url, a.title, o.domain AS outlet, o.name AS outlet_name, a.published, a.published_precision, a.words,
    a.wire, a.is_agency, a.story_relation, a.story_similarity, a.story_jaccard
FROM articles AS a JOIN outlets AS o ON o.id = a.outlet_id WHERE a.story_id = :story
ORDER BY a.story_relation != 'original', a.published, a.id LIMIT :limit
"""

STORY_SIZE = "SELECT size, outlets FROM stories WHERE id = :story"

# A ruling is about both articles of its pair, whichever is named first.
RULED = """
SELECT article_id, other_id, ruling, made FROM story_rulings
UNION ALL SELECT other_id, article_id, ruling, made FROM story_rulings
"""
RULINGS_OF = f"""
SELECT a.id, ruled.ruling, ruled.made, a.url, a.title
FROM ({RULED}) AS ruled JOIN articles AS a ON a.id = ruled.other_id
WHERE ruled.article_id = :article ORDER BY ruled.made DESC, ruled.ruling, a.id LIMIT :limit
"""

WITNESSES_OF = "SELECT field, witness, others FROM witnesses WHERE article_id = :article ORDER BY field"
CAPTIONS_OF = "SELECT caption FROM captions WHERE article_id = :article ORDER BY place"
POSTS_OF = "SELECT line, published, title FROM posts WHERE article_id = :article ORDER BY line"

EVENTS_OF = "SELECT kind, at, detail FROM events WHERE article_id = :article ORDER BY at, id"

VERSIONS_OF = (
    "SELECT id, fetched, title, length(body) AS characters FROM versions WHERE article_id = :article ORDER BY id"
)

TEXT_OF = "SELECT fetched, title, body FROM articles WHERE id = :article"
VERSION_TEXT = "SELECT fetched, title, body FROM versions WHERE id = :version"

RECORDS_OF = """
SELECT url, fetched, status, digest, warc_file, warc_offset, warc_length FROM records
WHERE article_id = :article ORDER BY fetched, id
"""

CANDIDATES_OF = """
SELECT c.id, t.name AS topic, c.url, c.host, c.title, c.published, c.score, c.state, c.reason, c.tries, c.next_try,
    c.first_seen, c.checked, c.via, COALESCE(c.link_score, c.score) AS link_score
FROM topics AS t JOIN candidates AS c ON c.topic_id = t.id AND c.url = :url ORDER BY t.name
"""

BYTES_OF = """
SELECT r.url, r.fetched, r.status, r.digest, r.warc_file, r.warc_offset, r.warc_length
FROM candidates AS c JOIN records AS r ON r.id = c.record_id WHERE c.id = :dropped AND r.article_id IS NULL
"""

SIGHTINGS_OF = """
SELECT s.channel, s.url AS source, g.first_seen, g.last_seen, g.rank FROM sightings AS g
JOIN sources AS s ON s.id = g.source_id WHERE g.candidate_id = :candidate ORDER BY g.first_seen, g.rank, s.url
"""

# What the pages of a topic that were judged last had promised by their links, and what they turned out to be. What was
# dropped for its day or for a word that never belongs says nothing of its headline's words.
JUDGED = """
SELECT c.title, c.url, COALESCE(c.link_score, c.score) AS promised,
    CASE WHEN c.state = 'off-topic' THEN 'drop' ELSE COALESCE((
        SELECT verdict FROM aliases JOIN article_topics USING (article_id)
        WHERE aliases.url = c.url AND article_topics.topic_id = c.topic_id), 'keep') END AS decision
FROM candidates AS c INDEXED BY candidates_judged
WHERE c.topic_id = :topic AND c.state IN ('stored', 'unchanged', 'off-topic')
    AND (c.state != 'off-topic' OR c.reason LIKE 'score %')
ORDER BY c.checked DESC, c.id DESC LIMIT :limit
"""

TOPIC_OF = "SELECT id, definition FROM topics WHERE name = :name"

RECHECK_OF = "SELECT due, asked, step FROM rechecks WHERE candidate_id = :candidate AND due < '9999'"

REST_OF = "SELECT host, rests_until, reason FROM hosts WHERE host = :host AND rests_until > :now"

# The ledger by month: each question counts in every month that its window touches; one without a window, in the month
# in which it was asked. Windows that were asked in halves are told by their halves.
LEDGER = """
SELECT t.name AS topic, s.channel, COALESCE(c.since, r.started) AS since, COALESCE(c.until, r.started) AS until,
    c.status, COUNT(*) AS questions, SUM(c.found) AS found
FROM coverage AS c JOIN runs AS r ON r.id = c.run_id JOIN topics AS t ON t.id = r.topic_id
JOIN sources AS s ON s.id = c.source_id
WHERE c.resume != 'halved'
GROUP BY t.name, s.channel, substr(COALESCE(c.since, r.started), 1, 7), substr(COALESCE(c.until, r.started), 1, 10),
    c.status
ORDER BY t.name, since, s.channel, c.status
"""

DEFINITIONS = "SELECT name, definition FROM topics ORDER BY name"
