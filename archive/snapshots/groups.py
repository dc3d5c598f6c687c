"""Stories and outlets, as the files of a snapshot have them."""

from __future__ import annotations

from archive.columns import Column
from archive.snapshots.columns import Reference, Table

# Nearly all stories have one article: what they say is looked up among many only where there are many.
_OF_ALL = "CASE WHEN s.size = 1 THEN a.{column} ELSE (SELECT {all} FROM articles WHERE story_id = s.id) END"
_LANGUAGES = """CASE WHEN s.size = 1 THEN a.language ELSE (SELECT group_concat(language, ' ') FROM (
    SELECT DISTINCT language FROM articles WHERE story_id = s.id AND language != '' ORDER BY language)) END"""

STORIES = Table(
    name="stories",
    says="The texts that articles carry, each with all its copies; most have one article.",
    columns=(
        Column("story", "a.url", "address of the article that stands for it; the key", is_required=True),
        Column("title", "a.title", "headline of that article"),
        Column("outlet", "o.domain", "registrable domain of its publisher"),
        Column("articles", "s.size", "how many articles carry the text", "integer", is_required=True),
        Column("outlets", "s.outlets", "of how many outlets", "integer", is_required=True),
        Column(
            "first_published", _OF_ALL.format(column="published", all="MIN(published)"),
            "when the first of them was published; ISO 8601, UTC", "datetime",
        ),
        Column(
            "last_published", _OF_ALL.format(column="published", all="MAX(published)"),
            "when the last of them was", "datetime",
        ),
        Column("languages", _LANGUAGES, "their language codes, separated by spaces"),
    ),
    key=("story",),
    source="""stories AS s NOT INDEXED CROSS JOIN articles AS a ON a.id = s.article_id
        CROSS JOIN outlets AS o ON o.id = a.outlet_id""",
    references=(Reference(column="outlet", table="outlets", key="outlet"),),
)  # fmt: skip

OUTLETS = Table(
    name="outlets",
    says="Publishers, those too of which the archive has no article yet.",
    columns=(
        Column("outlet", "o.domain", "registrable domain; the key", is_required=True),
        Column("name", "o.name", "its own name, where its pages give one"),
        Column("country", "o.country", "country code, where it is known"),
        Column("articles", "COALESCE(g.articles, 0)", "articles of it", "integer", is_required=True),
        Column("copies", "COALESCE(g.copies, 0)", "how many of them are copies of another article", "integer"),
        Column("languages", "g.languages", "their language codes, separated by spaces"),
        Column("first_published", "g.first", "when the first of them was published; ISO 8601, UTC", "datetime"),
        Column("last_published", "g.last", "when the last of them was", "datetime"),
    ),
    key=("outlet",),
    # All of it stands in the index of the catalogue, so that no article is read.
    source="""outlets AS o LEFT JOIN (
        SELECT outlet_id, SUM(n) AS articles, SUM(copies) AS copies, MIN(first) AS first, MAX(last) AS last,
            group_concat(NULLIF(language, ''), ' ') AS languages
        FROM (
            SELECT outlet_id, language, COUNT(*) AS n, SUM(story_relation != 'original') AS copies,
                MIN(published) AS first, MAX(published) AS last
            FROM articles INDEXED BY articles_catalogue GROUP BY outlet_id, language ORDER BY outlet_id, language)
        GROUP BY outlet_id) AS g ON g.outlet_id = o.id
        WHERE o.domain != ''""",
)
