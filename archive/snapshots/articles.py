"""Articles and their earlier texts, as the files of a snapshot have them."""

from __future__ import annotations

from dataclasses import replace

from archive.article_columns import BODY, COLUMNS, NAMES, OF_TOPICS, SCORES, VERDICTS
from archive.columns import Column
from archive.snapshots.columns import Pack, Reference, Table

ARTICLES = Table(
    name="articles",
    says="The articles of the archive, one a row.",
    columns=COLUMNS,
    key=("url",),
    # In the order in which they lie on disk, and sorted afterwards: in the order of the addresses each row would be a
    # read somewhere else, which takes three times as long on a fast disk, and hours on one that turns.
    source="""articles AS a NOT INDEXED CROSS JOIN outlets AS o ON o.id = a.outlet_id
        LEFT JOIN stories AS s ON s.id = a.story_id""",
    references=(
        Reference(column="outlet", table="outlets", key="outlet"),
        Reference(column="story", table="stories", key="story"),
    ),
    has_twin=True,
    pack=Pack(
        columns=("topics", "verdicts", "scores"),
        sql=OF_TOPICS.format(f"""printf('"%w","%w","%w"', {NAMES}, {VERDICTS}, {SCORES})"""),
    ),
)  # fmt: skip

VERSIONS = Table(
    name="versions",
    says="Earlier texts of articles: each was replaced by the next, and the last one by what stands in `articles`.",
    columns=(
        Column("url", "a.url", "address of the article", is_required=True),
        Column(
            "version",
            """(SELECT COUNT(*) FROM versions AS e WHERE e.article_id = v.article_id
                AND (e.fetched, e.content_hash, e.id) <= (v.fetched, v.content_hash, v.id))""",
            "1 for the first text of the article, 2 for the next", "integer", is_required=True,
        ),
        Column("fetched", "v.fetched", "when this text was fetched; ISO 8601, UTC", "datetime", is_required=True),
        Column("title", "v.title", "its headline"),
        Column("words", "words_of(v.body)", "its words", "integer"),
        Column("content_hash", "v.content_hash", "as in `articles`: equal where headline and text are"),
    ),
    key=("url", "version"),
    source="versions AS v CROSS JOIN articles AS a ON a.id = v.article_id",
    references=(Reference(column="url", table="articles", key="url"),),
)  # fmt: skip

BODIES = {"articles": BODY, "versions": replace(BODY, sql="v.body")}
"""The last column of these tables, where the texts are asked for."""
