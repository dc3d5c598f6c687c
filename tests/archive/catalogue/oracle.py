"""What a catalogue should answer, worked out article by article, as the words of the rules say it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from archive.catalogue.results import Order, Results
from archive.queries import Reader
from archive.questions.question import FIELDS, Filter, Question

ROWS = """
SELECT a.*, o.domain AS outlet, o.name AS outlet_name FROM articles AS a JOIN outlets AS o ON o.id = a.outlet_id
"""
MEMBERS = """
SELECT m.article_id, t.name, m.verdict FROM article_topics AS m JOIN topics AS t ON t.id = m.topic_id
"""
RANKED = "SELECT rowid, bm25(articles_fts, 8.0, 2.0, 4.0, 1.0) FROM articles_fts WHERE articles_fts MATCH ?"
BEST_FIRST = ("keep", "review", "drop")


@dataclass
class Oracle:
    """An archive as of one moment."""

    db: Reader

    def __post_init__(self) -> None:
        self.articles = [dict(row) for row in self.db.execute(ROWS)]
        self.outlets = dict(tuple(row) for row in self.db.execute("SELECT domain, name FROM outlets"))
        self.members: dict[int, dict[str, str]] = {}
        for article, topic, verdict in self.db.execute(MEMBERS):
            self.members.setdefault(article, {})[topic] = verdict

    def matching(self, question: Question) -> list[dict[str, Any]]:
        """The articles that answer a question."""
        found = [one for one in self.articles if self.passes(one, question)]
        if question.words:
            ranks = dict(tuple(row) for row in self.db.execute(RANKED, [question.words]))
            found = [{**one, "rank": int(-1e12 * ranks[one["id"]])} for one in found if one["id"] in ranks]
        if question.unwanted:
            unwanted = {row[0] for row in self.db.execute(RANKED, [question.unwanted])}
            found = [one for one in found if one["id"] not in unwanted]
        return found

    def passes(self, one: dict[str, Any], question: Question) -> bool:
        """Whether an article has what the filters ask for."""
        said = one["published"] or ""
        if (question.since or question.until) and not (said and question.since <= said < (question.until or "9")):
            return False
        wanted = {field: values(question, field) for field in FIELDS}
        without = {field: values(question, field, is_without=True) for field in FIELDS}
        for field in ("outlet", "month", "language", "author", "kind"):
            if wanted[field] and not any(has(one, field, value) for value in wanted[field]):
                return False
            if any(has(one, field, value) for value in without[field]):
                return False
        members = self.members.get(one["id"], {})
        if any(members.get(topic, "drop") != "drop" for topic in without["topic"]):
            return False
        counting = [members[topic] for topic in members if not wanted["topic"] or topic in wanted["topic"]]
        none = "" if wanted["topic"] else "keep"
        verdict = min(counting, key=BEST_FIRST.index) if counting else none
        return verdict in (wanted["verdict"] or ["keep", "review"]) and verdict not in without["verdict"]

    def listed(self, question: Question, order: Order, *, folded: bool) -> list[tuple[int, int]]:
        """All that the pages list, with how many articles each stands for."""
        found = self.matching(question)
        found.sort(key=lambda one: (one["published"] is None, one["published"] or "", one["id"]))
        groups: dict[Any, list[dict[str, Any]]] = {}
        for one in found:
            groups.setdefault((one["story_id"] if folded else None) or -one["id"], []).append(one)
        by_rank = order == "best"
        shown = []
        for group in groups.values():
            first = max(group, key=lambda one: (one["rank"], one["id"])) if by_rank else group[0]
            originals = [one for one in group if one["story_relation"] == "original"]
            stands = (originals or group)[0]
            shown.append((first, stands, len(group)))
        if by_rank:
            shown.sort(key=lambda one: (one[0]["rank"], one[0]["id"]), reverse=True)
        elif order == "newest":
            shown.sort(key=lambda one: (one[1]["published"] or "", one[1]["id"]), reverse=True)
        else:
            shown.sort(key=lambda one: (one[1]["published"] is None, one[1]["published"] or "", one[1]["id"]))
        return [(stands["id"], size) for _, stands, size in shown]

    def check(self, results: Results, question: Question, order: Order, *, folded: bool) -> None:
        """Whether every answer is what it should be; the whole list is one page."""
        expected = self.listed(question, order, folded=folded)
        assert list(zip(results.ids, results.found, strict=True)) == expected
        assert (results.articles, results.listed) == (len(self.matching(question)), len(expected))
        assert results.is_whole
        assert results.searched == len(self.articles)
        for facet in results.facets:
            self.check_facet(question, facet)
        timeless = replace(question, since="", until="", filters=without(question, "month"))
        counts = Counter(one["month"] for one in self.matching(timeless) if one["month"] != "0000-13")
        assert {month: count for month, count in results.months if count} == dict(counts)
        if counts:
            assert (results.months[0][0], results.months[-1][0]) == (min(counts), max(counts))
        assert [month for month, _ in results.months] == sorted({month for month, _ in results.months})

    def check_facet(self, question: Question, facet: Any) -> None:
        """A value counts what would be found, were it chosen; all values are shown or counted as further ones."""
        others = without(question, facet.field)
        for value in facet.values:
            chosen = replace(question, filters=(*others, Filter(field=facet.field, value=value.value)))
            assert len(self.matching(chosen)) == value.count, (facet.field, value)
        is_chosen = {value.value.lower() for value in facet.values if value.is_chosen}
        assert is_chosen == {value.lower() for value in values(question, facet.field)}
        counts = [value.count for value in facet.values]
        assert counts == sorted(counts, reverse=True)
        if facet.field == "outlet":
            assert all(value.label == (self.outlets.get(value.value) or value.value) for value in facet.values)
        if facet.field in {"outlet", "month", "kind", "language", "author"}:
            base = self.matching(replace(question, filters=others))
            there = {value for one in base for value in had(one, facet.field)} - {""}
            shown = {value.value.lower() for value in facet.values if value.count}
            extra = {value.value.lower() for value in facet.values if value.is_chosen} - there
            assert len(shown - extra) + facet.further == len(there)


def values(question: Question, field: str, *, is_without: bool = False) -> list[str]:
    return [one.value for one in question.filters if (one.field, one.is_without) == (field, is_without)]


def without(question: Question, field: str) -> tuple[Filter, ...]:
    """The filters, but those that ask for a value of one field."""
    return tuple(one for one in question.filters if one.field != field or one.is_without)


def had(one: dict[str, Any], field: str) -> list[str]:
    """The values that an article has, in small letters."""
    return [name.lower() for name in (one["byline"].split(", ") if field == "author" else [one[field]])]


def has(one: dict[str, Any], field: str, value: str) -> bool:
    if field == "author":
        return value.lower() in had(one, field)
    if field == "language":
        return f"{one['language'].lower()}-".startswith(f"{value.lower()}-")
    return bool(one[field] == value)
