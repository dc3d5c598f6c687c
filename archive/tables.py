"""The first tables, as SQL. What was released is changed by a migration in `schema.py`, and not here."""

from __future__ import annotations

TABLES = """
CREATE TABLE topics (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL DEFAULT '',
    definition TEXT NOT NULL DEFAULT ''
);
CREATE TABLE outlets (
    id INTEGER PRIMARY KEY,
    domain TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL DEFAULT ''
);
CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    url TEXT NOT NULL,
    outlet_id INTEGER REFERENCES outlets(id),
    last_asked TEXT,
    last_success TEXT,
    last_listed TEXT,
    last_status TEXT,
    last_reason TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    items INTEGER NOT NULL DEFAULT 0,
    new_items INTEGER NOT NULL DEFAULT 0,
    next_ask TEXT,
    UNIQUE (channel, url)
);
CREATE TABLE validators (
    url TEXT PRIMARY KEY,
    etag TEXT,
    last_modified TEXT,
    body_hash TEXT,
    polls INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    rests_until TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    topic_id INTEGER NOT NULL REFERENCES topics(id),
    started TEXT NOT NULL,
    finished TEXT,
    outcome TEXT,
    counts TEXT
);
CREATE TABLE candidates (
    id INTEGER PRIMARY KEY,
    topic_id INTEGER NOT NULL REFERENCES topics(id),
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    published TEXT,
    score REAL NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting',
    reason TEXT NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    next_try TEXT,
    run_id INTEGER REFERENCES runs(id),
    first_seen TEXT NOT NULL,
    checked TEXT,
    UNIQUE (topic_id, url)
);
CREATE TABLE sightings (
    candidate_id INTEGER NOT NULL REFERENCES candidates(id),
    source_id INTEGER NOT NULL REFERENCES sources(id),
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    rank INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (candidate_id, source_id)
) WITHOUT ROWID;
CREATE TABLE coverage (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs(id),
    source_id INTEGER NOT NULL REFERENCES sources(id),
    query TEXT NOT NULL DEFAULT '',
    since TEXT,
    until TEXT,
    status TEXT NOT NULL,
    found INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    outlet_id INTEGER NOT NULL REFERENCES outlets(id),
    story_id INTEGER REFERENCES stories(id),
    story_relation TEXT NOT NULL DEFAULT 'original',
    story_similarity REAL NOT NULL DEFAULT 0,
    title TEXT NOT NULL DEFAULT '',
    byline TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    section TEXT NOT NULL DEFAULT '',
    published TEXT,
    published_precision TEXT,
    published_offset INTEGER,
    modified TEXT,
    fetched TEXT NOT NULL,
    words INTEGER NOT NULL DEFAULT 0,
    content_hash TEXT NOT NULL,
    words_hash TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL DEFAULT 'article',
    is_paywalled INTEGER NOT NULL DEFAULT 0,
    is_partial INTEGER NOT NULL DEFAULT 0,
    body_source TEXT NOT NULL DEFAULT '',
    extractor TEXT NOT NULL DEFAULT '',
    record_id INTEGER REFERENCES records(id),
    month TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL DEFAULT ''
);
CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    fetched TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    record_id INTEGER REFERENCES records(id)
);
CREATE TABLE article_topics (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    topic_id INTEGER NOT NULL REFERENCES topics(id),
    score REAL NOT NULL,
    verdict TEXT NOT NULL,
    matched TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (article_id, topic_id)
) WITHOUT ROWID;
CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    size INTEGER NOT NULL DEFAULT 1,
    outlets INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE aliases (
    url TEXT PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    kind TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE records (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    article_id INTEGER REFERENCES articles(id),
    fetched TEXT NOT NULL,
    status INTEGER NOT NULL,
    digest TEXT NOT NULL,
    warc_file TEXT NOT NULL,
    warc_offset INTEGER NOT NULL,
    warc_length INTEGER NOT NULL
);
CREATE TABLE fingerprints (
    hash INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    PRIMARY KEY (hash, article_id)
) WITHOUT ROWID;
CREATE TABLE sketches (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    hashes BLOB NOT NULL
);
CREATE TABLE furniture (
    outlet_id INTEGER NOT NULL REFERENCES outlets(id),
    line_hash INTEGER NOT NULL,
    articles INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (outlet_id, line_hash)
) WITHOUT ROWID;
"""

# Whatever a crawl asks for each page is answered from an index, so that its cost does not grow with the archive.
INDEXES = """
CREATE INDEX candidates_queue ON candidates(topic_id, host, score DESC) WHERE state = 'waiting' OR next_try IS NOT NULL;
CREATE INDEX candidates_run ON candidates(run_id, host, state);
CREATE INDEX candidates_state ON candidates(topic_id, state);
CREATE INDEX sightings_listed ON sightings(source_id, last_seen);
CREATE INDEX coverage_run ON coverage(run_id);
CREATE INDEX coverage_source ON coverage(source_id);
CREATE INDEX articles_published ON articles(published);
CREATE INDEX articles_outlet ON articles(outlet_id, published);
CREATE INDEX articles_month ON articles(month);
CREATE INDEX articles_language ON articles(language);
CREATE INDEX articles_story ON articles(story_id, words DESC, outlet_id);
CREATE INDEX articles_words_hash ON articles(words_hash);
CREATE INDEX versions_article ON versions(article_id);
CREATE INDEX article_topics_topic ON article_topics(topic_id, verdict);
CREATE INDEX stories_article ON stories(article_id);
CREATE INDEX stories_outlets ON stories(outlets, size);
CREATE INDEX aliases_article ON aliases(article_id);
CREATE INDEX records_article ON records(article_id);
CREATE INDEX records_file ON records(warc_file, warc_offset);
CREATE INDEX fingerprints_article ON fingerprints(article_id);
"""

# Datasette finds the index of a table only where the content table is named in double quotes.
# The update trigger names its columns: the one that sqlite-utils writes fires on every column, at 13 times the cost.
FULL_TEXT = """
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, byline, summary, body,
    content="articles", content_rowid="id", tokenize='porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER articles_ai AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts(rowid, title, byline, summary, body)
    VALUES (new.id, new.title, new.byline, new.summary, new.body);
END;
CREATE TRIGGER articles_ad AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, title, byline, summary, body)
    VALUES ('delete', old.id, old.title, old.byline, old.summary, old.body);
END;
CREATE TRIGGER articles_au AFTER UPDATE OF title, byline, summary, body ON articles BEGIN
    INSERT INTO articles_fts(articles_fts, rowid, title, byline, summary, body)
    VALUES ('delete', old.id, old.title, old.byline, old.summary, old.body);
    INSERT INTO articles_fts(rowid, title, byline, summary, body)
    VALUES (new.id, new.title, new.byline, new.summary, new.body);
END;
"""

VIEWS = """
CREATE VIEW latest_articles AS
    SELECT published, outlets.domain AS outlet, title, byline, url, story_id
    FROM articles JOIN outlets ON outlets.id = outlet_id ORDER BY published DESC;
CREATE VIEW articles_by_month AS
    SELECT month, COUNT(*) AS articles, COUNT(DISTINCT outlet_id) AS outlets, COUNT(DISTINCT story_id) AS stories
    FROM articles GROUP BY month ORDER BY month DESC;
CREATE VIEW widest_stories AS
    SELECT stories.id AS story_id, outlets, size, title, published, url
    FROM stories JOIN articles ON articles.id = stories.article_id WHERE size > 1 ORDER BY outlets DESC, size DESC;
CREATE VIEW rejected_candidates AS
    SELECT topics.name AS topic, state, reason, COUNT(*) AS candidates
    FROM candidates JOIN topics ON topics.id = topic_id WHERE state NOT IN ('waiting', 'stored', 'unchanged')
    GROUP BY topics.name, state, reason ORDER BY candidates DESC;
CREATE VIEW failing_sources AS
    SELECT channel, url, failures, last_status, last_reason, last_success, last_asked
    FROM sources WHERE failures > 0 ORDER BY failures DESC;
"""
