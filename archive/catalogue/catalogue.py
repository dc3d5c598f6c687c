"""The columns of all articles in memory, for exact counts and orders of any search in the time of a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archive.catalogue.results import PAGE, Facet, Order, Results, Value
from archive.queries import open_reader
from archive.question import FIELDS, Question

COLUMNS = """
SELECT a.id, o.domain AS outlet, o.name AS outlet_name, a.month, a.language, a.byline AS author, a.kind, a.published,
    a.story_id, a.story_relation, t.name AS topic, t.title AS topic_title, m.verdict FROM articles AS a
JOIN outlets AS o ON o.id = a.outlet_id LEFT JOIN article_topics AS m ON m.article_id = a.id
LEFT JOIN topics AS t ON t.id = m.topic_id ORDER BY a.id
"""
RANKED = "SELECT rowid, bm25(articles_fts, 8.0, 2.0, 4.0, 1.0) AS rank FROM articles_fts WHERE articles_fts MATCH ?"


class Catalogue:
    """All articles of one archive by what they are filtered, counted and ordered by. Safe to use from many threads.

    It grows by the rows that a crawl commits and takes in those that changed; it is never read anew while it is open.
    """

    def __init__(self, data: Path) -> None:
        """Read the archive in a data folder; NoArchiveError where there is none."""
        self.data = data
        open_reader(data).close()

    def version(self) -> int:
        """A number that grows whenever the archive was seen to have changed. What was committed before is taken in."""
        return (self.data / "news.db").stat().st_mtime_ns

    def search(
        self, question: Question, *, order: Order | None = None, page: int = 1, size: int = PAGE, folded: bool = True
    ) -> Results:
        """One page of the answer to a question; best first where it has words, else newest, unless `order` says so.

        Folded, one article stands for all copies of its story that match: the original where it is among them.
        Articles that a reader said no to in every topic are found only by `verdict:drop`.
        """
        matching, order = self._matching(question, order)
        groups: dict[Any, list[Any]] = {}
        for one in matching:
            groups.setdefault((one["story_id"] if folded else None) or -one["id"], []).append(one)
        listed = [min(group, key=lambda one: one["story_relation"] != "original") for group in groups.values()]
        shown = list(zip(listed, groups.values(), strict=True))[(page - 1) * size : page * size]
        return Results(
            question=question,
            order=order,
            articles=len(matching),
            listed=len(listed),
            ids=tuple(one["id"] for one, _ in shown),
            found=tuple(len(group) for _, group in shown),
            page=page,
            pages=-(-len(listed) // size),
            facets=tuple(self._facet(field, matching, question) for field in FIELDS),
            months=tuple(sorted(Counter(one["month"] for one in matching).items())),
            ranked=len(matching) if order == "best" else 0,
            searched=len(matching),
        )

    def _facet(self, field: str, matching: list[Any], question: Question) -> Facet:
        names = {"outlet": "outlet_name", "topic": "topic_title"}
        labels = {one[field]: one[names.get(field, field)] for one in matching}
        chosen = {one.value for one in question.filters if one.field == field}
        counts = Counter(one[field] for one in matching if one[field]).most_common(10)
        return Facet(
            field=field,
            values=tuple(
                Value(value=value, label=labels[value] or value, count=count, is_chosen=value in chosen)
                for value, count in counts
            ),
        )

    def _matching(self, question: Question, order: Order | None) -> tuple[list[Any], Order]:
        db = open_reader(self.data)
        try:
            all_of_them = db.execute(COLUMNS).fetchall()
            ranks = dict(db.execute(RANKED, [question.words]).fetchall()) if question.words else {}
        finally:
            db.close()
        order = order or ("best" if question.words else "newest")
        kept = [one for one in all_of_them if not question.words or one["id"] in ranks]
        for one in question.filters:
            kept = [row for row in kept if (row[one.field] == one.value) != one.is_without]
        if question.since:
            kept = [row for row in kept if (row["published"] or "") >= question.since]
        if question.until:
            kept = [row for row in kept if row["published"] and row["published"] < question.until]
        kept.sort(key=lambda row: row["published"] or "", reverse=order != "oldest")
        if order == "best":
            kept.sort(key=lambda row: ranks.get(row["id"], 0.0))
        return kept, order

    def ids(self, question: Question, *, order: Order | None = None, folded: bool = True) -> Sequence[int]:
        """All that `search` would list, page after page."""
        return self.search(question, order=order, size=10**9, folded=folded).ids

    def close(self) -> None:
        """Give all memory and files back."""
