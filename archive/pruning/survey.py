"""What a rule would take out, before anything is: counts, bytes, outlets, years and a few examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.pruning.rule import Rule
from archive.queries import Reader, Row, row, rows

EXAMPLES = 5
OUTLETS = 20

_WHOLE = "temp.doomed AS d CROSS JOIN articles AS a ON a.id = d.article_id AND d.is_whole"
COUNTS = f"""
SELECT COALESCE(SUM(is_whole), 0) AS articles, COALESCE(SUM(NOT is_whole), 0) AS leaving,
    (SELECT COUNT(*) FROM {_WHOLE} JOIN versions AS v ON v.article_id = a.id) AS versions,
    (SELECT COALESCE(SUM(length(a.title) + length(a.summary) + length(a.body)), 0) FROM {_WHOLE}) AS characters,
    (SELECT COUNT(*) FROM articles AS a WHERE :older != '' AND a.published IS NULL AND {{undated}}) AS undated
FROM temp.doomed
"""
STORIES = f"""
SELECT COALESCE(SUM(going >= s.size), 0) AS stories, COALESCE(SUM(going < s.size), 0) AS stories_left_smaller
FROM (SELECT a.story_id, COUNT(*) AS going FROM {_WHOLE} GROUP BY a.story_id) JOIN stories AS s ON s.id = story_id
"""
RECORDS = f"""
SELECT COUNT(*) AS records, COALESCE(SUM(r.warc_length), 0) AS bytes
FROM {_WHOLE} JOIN records AS r ON r.article_id = a.id
"""
LINKS = "SELECT COUNT(*) AS links FROM candidates WHERE topic_id = (SELECT id FROM topics WHERE name = :topic)"
BY_OUTLET = f"""
SELECT o.domain AS outlet, COUNT(*) AS articles FROM {_WHOLE} JOIN outlets AS o ON o.id = a.outlet_id
GROUP BY o.id ORDER BY articles DESC, outlet
"""
BY_YEAR = f"""
SELECT COALESCE(substr(a.published, 1, 4), 'undated') AS year, COUNT(*) AS articles FROM {_WHOLE}
GROUP BY year ORDER BY year
"""
SOME = f"""
SELECT a.url, a.title, a.published, o.domain AS outlet FROM {_WHOLE} JOIN outlets AS o ON o.id = a.outlet_id
ORDER BY a.published DESC NULLS LAST, a.id DESC LIMIT {EXAMPLES}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What goes.

    `leaving` are articles that another topic keeps, which only leave the rule's; `undated` such as have no day by which
    the rule could take them. `bytes` are those of the records on disk. Where `is_bytes_only`, the texts stay.
    """

    rule: str
    is_bytes_only: bool
    takes_topic: bool
    articles: int
    leaving: int
    versions: int
    characters: int
    undated: int
    stories: int
    stories_left_smaller: int
    records: int
    bytes: int
    links: int
    outlets: tuple[Row, ...]
    years: tuple[Row, ...]
    examples: tuple[Row, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing goes."""
        return not (self.articles or self.leaving or self.takes_topic)


def survey(db: Reader, rule: Rule) -> Survey:
    """What the rule takes out of the archive as it is."""
    rule.choose(db)
    undated = " AND ".join(rule.conditions()) or "1"
    counts: dict[str, Any] = {
        **(row(db, COUNTS.format(undated=undated), **rule.values) or {}),
        **(row(db, STORIES) or {}),
        **(row(db, RECORDS) or {}),
        **((row(db, LINKS, topic=rule.topic) or {}) if rule.takes_topic else {"links": 0}),
    }
    return Survey(
        rule=rule.words,
        is_bytes_only=rule.is_bytes_only,
        takes_topic=rule.takes_topic,
        outlets=tuple(rows(db, BY_OUTLET)),
        years=tuple(rows(db, BY_YEAR)),
        examples=tuple(rows(db, SOME)),
        **counts,
    )
