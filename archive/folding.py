"""Copies of one story as one answer: the articles that match, ranked, and one of each story taken."""

from __future__ import annotations

OF_STORY = "MIN(m.rank) OVER (PARTITION BY COALESCE(a.story_id, -a.id))"  # by whichever of its copies matches best


def folded(rank: str, standing: str = "m.rank", narrow: str = "") -> str:
    """The first articles of `matches`, which are ids and ranks: one of each story, the original where it matches.

    Where the original does not, `standing` says which of the others comes first. `narrow` names an index that has all
    that is asked of each of them.
    """
    return f"""
placed AS (
    SELECT m.id, {rank} AS rank, ROW_NUMBER() OVER (
        PARTITION BY COALESCE(a.story_id, -a.id)
        ORDER BY a.story_relation != 'original', {standing}, m.id DESC) AS place
    FROM matches AS m CROSS JOIN articles AS a {narrow} ON a.id = m.id
), best AS (
    SELECT id, rank FROM placed WHERE place = 1 ORDER BY rank, id DESC LIMIT :limit
)
SELECT a.id, a.published, a.published_precision, o.domain AS outlet, o.name AS outlet_name, a.title, a.language, a.url,
    a.story_relation, COALESCE(s.size, 1) - 1 AS copies
FROM best AS b JOIN articles AS a ON a.id = b.id JOIN outlets AS o ON o.id = a.outlet_id
LEFT JOIN stories AS s ON s.id = a.story_id ORDER BY b.rank, b.id DESC
"""


# Title, byline, summary and body weigh 8, 2, 4 and 1.
RANK = "bm25(articles_fts, 8.0, 2.0, 4.0, 1.0)"
