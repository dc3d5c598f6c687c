"""What later releases changed of the tables, as SQL: each part belongs to one migration in `schema.py`."""

from __future__ import annotations

# When a question was answered, why so, and where the answer broke off; where a source has moved to and how often it is
# asked; where the bytes of a candidate can be had, by which words its headline is found again, and how the links of
# each host have fared.
DISCOVERY = """
ALTER TABLE coverage ADD COLUMN asked TEXT;
ALTER TABLE coverage ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE coverage ADD COLUMN resume TEXT NOT NULL DEFAULT '';
DROP INDEX coverage_source;
CREATE INDEX coverage_question ON coverage(source_id, query, since, until);
ALTER TABLE sources ADD COLUMN moved_to TEXT NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN seconds REAL;
ALTER TABLE sources ADD COLUMN pause_minutes INTEGER;
ALTER TABLE candidates ADD COLUMN via TEXT NOT NULL DEFAULT '';
ALTER TABLE candidates ADD COLUMN title_key INTEGER;
ALTER TABLE candidates ADD COLUMN link_score REAL;
CREATE INDEX candidates_title ON candidates(topic_id, title_key) WHERE title_key IS NOT NULL;
CREATE INDEX candidates_judged ON candidates(topic_id, checked DESC, id DESC)
    WHERE state IN ('stored', 'unchanged', 'off-topic');
CREATE TABLE yields (
    topic_id INTEGER NOT NULL REFERENCES topics(id),
    host TEXT NOT NULL,
    kept INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (topic_id, host)
) WITHOUT ROWID;
"""

LISTENERS = """
ALTER TABLE sources ADD COLUMN listed_for INTEGER REFERENCES topics(id);
"""

SPARES = """
ALTER TABLE candidates ADD COLUMN spare TEXT NOT NULL DEFAULT '';
"""

# Who said what of an article, what stands beside its text, and which of its lines its outlet's other articles share.
ARTICLES = """
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
    tags TEXT NOT NULL DEFAULT '[]',
    image TEXT NOT NULL DEFAULT '',
    partial_reason TEXT NOT NULL DEFAULT '',
    record_id INTEGER REFERENCES records(id),
    month TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL DEFAULT ''
"""
EXTRACTION = """
CREATE TABLE witnesses (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    field TEXT NOT NULL,
    witness TEXT NOT NULL,
    others TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (article_id, field)
) WITHOUT ROWID;
CREATE TABLE captions (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    place INTEGER NOT NULL,
    caption TEXT NOT NULL,
    PRIMARY KEY (article_id, place)
) WITHOUT ROWID;
CREATE TABLE posts (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    line INTEGER NOT NULL,
    published TEXT,
    title TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (article_id, line)
) WITHOUT ROWID;
CREATE TABLE article_lines (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    outlet_id INTEGER NOT NULL REFERENCES outlets(id),
    lines BLOB NOT NULL,
    furniture BLOB NOT NULL
);
"""

# Which agency a text is credited to, and whether its outlet is that agency; how much of all that two copies say is in
# both, since when a page is gone; what the user said of an article, what happened to it beside its versions, when it is
# looked at again; which articles carry one text, or do not, because somebody said so; where the bytes of a dropped page
# lie. What an archive holds already is looked at within three days or a month, each at its own time; the first look
# puts it on its own step. So are pages of articles that were not there when they were looked at last: the next miss in
# a row says that they are gone.
JUDGED_ARTICLES = ARTICLES.replace(
    "    record_id",
    "    wire TEXT NOT NULL DEFAULT '',\n    is_agency INTEGER NOT NULL DEFAULT 0,\n    removed TEXT,\n    record_id",
).replace("    title TEXT", "    story_jaccard REAL NOT NULL DEFAULT 0,\n    title TEXT")
JUDGEMENT = """
ALTER TABLE article_topics ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE article_topics ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE article_topics ADD COLUMN answered TEXT;
ALTER TABLE candidates ADD COLUMN matched TEXT NOT NULL DEFAULT '[]';
ALTER TABLE candidates ADD COLUMN record_id INTEGER REFERENCES records(id);
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX events_article ON events(article_id, kind);
CREATE TABLE rechecks (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    topic_id INTEGER NOT NULL REFERENCES topics(id),
    candidate_id INTEGER NOT NULL UNIQUE REFERENCES candidates(id),
    host TEXT NOT NULL,
    step INTEGER NOT NULL,
    due TEXT NOT NULL,
    asked TEXT,
    times INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (article_id, topic_id)
) WITHOUT ROWID;
CREATE INDEX rechecks_due ON rechecks(topic_id, host, step, due, candidate_id);
DROP INDEX articles_story;
CREATE INDEX articles_story ON articles(story_id, words DESC) WHERE story_id IS NOT NULL;
CREATE INDEX articles_story_outlet ON articles(story_id, outlet_id) WHERE story_id IS NOT NULL;
CREATE TABLE story_rulings (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    other_id INTEGER NOT NULL REFERENCES articles(id),
    ruling TEXT NOT NULL,
    made TEXT NOT NULL,
    PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID;
CREATE INDEX story_rulings_other ON story_rulings(other_id);
UPDATE candidates SET state = 'gone' WHERE state = 'not-an-article' AND via = ''
    AND (reason LIKE 'gone: %' OR reason LIKE '%(soft 404)%') AND EXISTS (
        SELECT 1 FROM aliases JOIN article_topics USING (article_id)
        WHERE aliases.url = candidates.url AND article_topics.topic_id = candidates.topic_id);
INSERT INTO rechecks (article_id, topic_id, candidate_id, host, step, due)
SELECT article_id, topic_id, candidate_id, host, step,
    strftime('%Y-%m-%dT%H:%M:%SZ', 'now', (article_id * 7919 % step) || ' minutes')
FROM (
    SELECT articles.id AS article_id, candidates.topic_id AS topic_id, MIN(candidates.id) AS candidate_id,
        candidates.host AS host,
        CASE WHEN COALESCE(articles.published, fetched) > strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-30 days')
            THEN 4320 ELSE 43200 END AS step
    FROM articles JOIN aliases ON aliases.article_id = articles.id JOIN candidates ON candidates.url = aliases.url
    JOIN article_topics USING (article_id, topic_id)
    WHERE state IN ('stored', 'unchanged', 'gone') AND via = ''
        AND COALESCE(articles.published, fetched) > strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-365 days')
    GROUP BY articles.id, candidates.topic_id
);
"""

# What a server keeps of every article in memory, read without the rows that hold bodies, in the order of arrival: a new
# article is written at the end. And which articles have changed since: the numbers grow with every change, so that who
# has read up to one reads on from there. Texts have a trigger of their own, lest another column's change reads a body.
# A trigger deletes and inserts: what a statement says of conflicts would also hold for what its triggers do.
TOUCH = """
    DELETE FROM touched WHERE article_id = {one};
    INSERT INTO touched (article_id) VALUES ({one});
"""
CATALOGUE = f"""
CREATE INDEX articles_catalogue ON articles(
    id, outlet_id, month, language, kind, byline, published, story_id, story_relation);
CREATE TABLE touched (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL UNIQUE
);
CREATE TRIGGER articles_touched_text AFTER UPDATE OF title, byline, summary, body ON articles
WHEN (old.title, old.byline, old.summary, old.body) IS NOT (new.title, new.byline, new.summary, new.body)
BEGIN{TOUCH.format(one="new.id")}END;
CREATE TRIGGER articles_touched AFTER UPDATE OF
    outlet_id, story_id, story_relation, language, published, month, kind ON articles
WHEN (old.outlet_id, old.story_id, old.story_relation, old.language, old.published, old.month, old.kind)
    IS NOT (new.outlet_id, new.story_id, new.story_relation, new.language, new.published, new.month, new.kind)
BEGIN{TOUCH.format(one="new.id")}END;
CREATE TRIGGER articles_touched_gone AFTER DELETE ON articles
BEGIN{TOUCH.format(one="old.id")}END;
CREATE TRIGGER article_topics_touched_new AFTER INSERT ON article_topics
BEGIN{TOUCH.format(one="new.article_id")}END;
CREATE TRIGGER article_topics_touched AFTER UPDATE OF article_id, topic_id, verdict ON article_topics
WHEN (old.article_id, old.topic_id, old.verdict) IS NOT (new.article_id, new.topic_id, new.verdict)
BEGIN{TOUCH.format(one="old.article_id")}{TOUCH.format(one="new.article_id")}END;
CREATE TRIGGER article_topics_touched_gone AFTER DELETE ON article_topics
BEGIN{TOUCH.format(one="old.article_id")}END;
"""

# How each source was on each day: how often it was asked, answered and failed, how many links it listed last, how many
# of them it listed for the first time (`fresh`) and how many no source had listed before (`new_items`); and of the
# links that it has listed, how many pages were kept, dropped as off topic, found to be no article, or not had, on the
# day of that outcome.
SOURCE_DAYS = """
CREATE TABLE source_days (
    source_id INTEGER NOT NULL REFERENCES sources(id),
    day TEXT NOT NULL,
    asked INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    items INTEGER NOT NULL DEFAULT 0,
    fresh INTEGER NOT NULL DEFAULT 0,
    new_items INTEGER NOT NULL DEFAULT 0,
    kept INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    missed INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (source_id, day)
) WITHOUT ROWID;
"""

# What several archives say of one article, so that they can be joined in any order (docs/decisions/0010-merging.md).
# Of a version: the lines that were taken out of its text, whether it is one because archives were joined, and whether
# its article is found by what it says. Tellings are texts that say what another text of their article says, and texts
# that some archive has shown as a version although the page shows them again. Other aliases are addresses by which
# several articles are known. Tracks are hashes of what an article has said before. What is unsettled is to be grouped
# anew before a merge is done, also by the next one where it was killed.
MERGING = """
ALTER TABLE versions ADD COLUMN furniture BLOB NOT NULL DEFAULT x'';
ALTER TABLE versions ADD COLUMN merged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE versions ADD COLUMN tracked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX versions_untracked ON versions(article_id) WHERE tracked = 0;
CREATE TABLE tracks (
    track BLOB NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    PRIMARY KEY (track, article_id)
) WITHOUT ROWID;
CREATE INDEX tracks_article ON tracks(article_id);
CREATE TABLE tellings (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    fetched TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    record_id INTEGER REFERENCES records(id),
    furniture BLOB NOT NULL DEFAULT x'',
    shown INTEGER NOT NULL DEFAULT 0,
    UNIQUE (article_id, content_hash)
);
CREATE TABLE other_aliases (
    url TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    PRIMARY KEY (url, article_id)
) WITHOUT ROWID;
CREATE INDEX other_aliases_article ON other_aliases(article_id);
CREATE TABLE unsettled (
    what TEXT NOT NULL,
    key INTEGER NOT NULL,
    PRIMARY KEY (what, key)
) WITHOUT ROWID;
CREATE INDEX records_fetch ON records(digest, fetched);
"""
