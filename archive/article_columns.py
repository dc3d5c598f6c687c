"""What a row about an article says, in snapshots and in exports.

Its values come from `articles AS a`, its outlet (`o`), and its story (`s`) where it has one.
"""

from __future__ import annotations

from archive.columns import Column

# Topics by name: their ids say in which order they were followed.
OF_TOPICS = """(SELECT {} FROM (
    SELECT t.name, m.verdict, m.score FROM article_topics AS m JOIN topics AS t ON t.id = m.topic_id
    WHERE m.article_id = a.id AND m.verdict != 'drop' ORDER BY t.name))"""
NAMES, VERDICTS, SCORES = (f"COALESCE(group_concat({one}, ' '), '')" for one in ("name", "verdict", "round(score, 4)"))

# In order. A later release may add columns at the end; none changes its meaning.
COLUMNS = (
    Column("url", "a.url", "canonical address; the key, and the order of the rows", is_required=True),
    Column("outlet", "o.domain", "registrable domain of the publisher"),
    Column("outlet_name", "o.name", "the publisher's own name, where its pages give one"),
    Column("title", "a.title", "headline"),
    Column("byline", "a.byline", "authors as named"),
    Column("summary", "a.summary", "standfirst"),
    Column("language", "a.language", "language code"),
    Column("section", "a.section", "section of the outlet"),
    Column("published", "a.published", "when it was published; ISO 8601, UTC", "datetime"),
    Column(
        "published_precision", "a.published_precision", "instant, or day where the page gives no time",
        one_of=("instant", "day"),
    ),
    Column("published_offset", "a.published_offset", "the page's own time zone, in minutes from UTC", "integer"),
    Column(
        "modified", "a.modified", "when the page says that it was changed; ISO 8601, UTC", "datetime",
        told="alone",
    ),
    Column(
        "fetched", "a.fetched", "when this text was fetched; ISO 8601, UTC", "datetime", is_required=True,
        told="alone",
    ),
    Column("words", "a.words", "words of the text", "integer"),
    Column("kind", "a.kind", "article, live blog, video, gallery or list"),
    Column("is_paywalled", "a.is_paywalled", "1 where the page says that a reader has to pay", "boolean"),
    Column("is_partial", "a.is_partial", "1 where only a part of the text was on the page", "boolean"),
    Column(
        "topics", OF_TOPICS.format(NAMES),
        "names of the topics that it belongs to, separated by spaces",
    ),
    Column(
        "verdicts", OF_TOPICS.format(VERDICTS),
        "keep or review, in the order of the topics",
    ),
    Column(
        "scores", OF_TOPICS.format(SCORES),
        "relevance from 0 to 1, in the order of the topics", told="alone",
    ),
    Column(
        "story",
        "CASE WHEN s.article_id = a.id THEN a.url ELSE (SELECT url FROM articles WHERE id = s.article_id) END",
        "address of the article that stands for all copies of this text",
    ),
    Column("story_relation", "a.story_relation", "original, or what kind of copy"),
    Column(
        "story_similarity", "round(a.story_similarity, 4)", "share of the text that is in the original too, 0 to 1",
        "number", told="alone",
    ),
    Column(
        "versions", "(SELECT COUNT(*) FROM versions WHERE article_id = a.id)",
        "earlier texts that the archive keeps", "integer", told="alone",
    ),
    Column(
        "content_hash", "a.content_hash", "changes when, and only when, headline or text change", told="never"
    ),
    Column("partial_reason", "a.partial_reason", "why it is not all of the text"),
    Column("tags", "a.tags", "the page's own keywords, a JSON list", "array"),
    Column("removed", "a.removed", "since when its page is gone; ISO 8601, UTC; empty where it is not", "datetime"),
    Column("wire", "a.wire", "the agency that its text is credited to"),
    Column("is_agency", "a.is_agency", "1 where its outlet is that agency", "boolean"),
)  # fmt: skip
BODY = Column("body", "a.body", "the text, one paragraph a line", told="never")
