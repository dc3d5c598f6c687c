"""A question as SQL conditions on articles: what the command asks, and what every other search is measured by.

The rules are these, and all that search keep to them:

- An article matches where all of these hold: it matches `words` in the full-text index and does not match `unwanted`;
  for each field of which a value is wanted it has one of those values; it has none of the values that are left out;
  and it was published in time: `since <= published < until`, compared as text. An article without a date is in time
  only where no time is asked for.
- `outlet`, `month` and `kind` are equal, letter for letter. `language` is equal, letter case aside, or begins with the
  value and a hyphen: `en` finds `en-GB`. A byline is names joined with ", ": `author` is equal to one of them, both in
  small letters (`str.lower`).
- The memberships that count are those in the topics that are wanted, or all where none is. An article has a topic
  that is wanted where a membership in it counts. Its verdict is the best of the memberships that count: keep, then
  review, then drop; `keep` where it has no membership in any topic and none is wanted.
- A topic that is left out is had by the articles with a membership in it that is not `drop`.
- Where no verdict is wanted, articles whose verdict is `drop` are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.queries import Reader
from archive.questions.question import FIELDS, Question
from archive.questions.terms import either, has_words, term

RANKS = {"keep": 0, "review": 1, "drop": 2}

_AMONG = "IN (SELECT value FROM json_each(:{name}))"
_IS = {
    "outlet": f"a.outlet_id IN (SELECT id FROM outlets WHERE domain {_AMONG})",
    "month": f"a.month {_AMONG}",
    "language": """a.language IN (
        SELECT l.language FROM (SELECT DISTINCT language FROM articles) AS l JOIN json_each(:{name}) AS v
            ON lower(l.language) = v.value OR lower(l.language) GLOB v.value || '-*')""",
    "kind": f"a.kind {_AMONG}",
    "author": "is_by(a.byline, :{name})",
}
_MATCHING = "a.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :{name})"
_IN_TOPICS = f"m.topic_id IN (SELECT t.id FROM topics AS t WHERE t.name {_AMONG})"
_OF_ARTICLE = "FROM article_topics AS m WHERE m.article_id = a.id"
_BEST = "MIN(CASE m.verdict WHEN 'keep' THEN 0 WHEN 'review' THEN 1 ELSE 2 END)"

# Along the index of verdicts, as hardly any article is dropped.
_NOT_DROPPED = """
a.id NOT IN (
    SELECT m.article_id FROM article_topics AS m
    WHERE m.topic_id IN (SELECT id FROM topics) AND m.verdict = 'drop' AND NOT EXISTS (
        SELECT 1 FROM article_topics AS k WHERE k.article_id = m.article_id AND k.verdict != 'drop'))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The conditions of a question on `articles AS a`, as SQL, and the values to bind.

    `matching` asks the full-text index for the words that are wanted, where there are any; `others` are all the rest.
    """

    matching: tuple[str, ...]
    others: tuple[str, ...]
    values: dict[str, Any]

    @property
    def where(self) -> str:
        """All conditions as one."""
        return " AND ".join((*self.matching, *self.others)) or "1"


def conditions(db: Reader, question: Question) -> Conditions:
    """The conditions of a question; the connection learns the function that they call."""
    db.create_function("is_by", 2, is_by, deterministic=True)
    values = {
        f"{'without_' * is_without}{field}": json.dumps(found)
        for field in FIELDS
        for is_without in (False, True)
        if (found := [one.value for one in question.filters if (one.field, one.is_without) == (field, is_without)])
    }
    for name in ("language", "without_language"):
        if name in values:
            values[name] = values[name].lower()
    for name in ("words", "unwanted", "since", "until"):
        if said := getattr(question, name):
            values[name] = said
    for name in ("author", "without_author"):
        if said := by_words(values.get(name, "[]")):
            values[f"{name}_words"] = said
    others = (*_texts(values), *_fields(values), *_memberships(values))
    return Conditions(
        matching=(_MATCHING.format(name="words"),) if question.words else (), others=others, values={**values}
    )


def is_by(byline: str, names: str) -> bool:
    """Whether a byline has one of some names, given as JSON."""
    wanted = {name.lower() for name in json.loads(names)}
    return any(name.lower() in wanted for name in byline.split(", "))


def by_words(names: str) -> str:
    """What finds in the index all bylines with one of some names, and more; empty where a name has no words."""
    said = [name.replace('"', " ") for name in json.loads(names)]
    return either([term(name, "byline") for name in said]) if said and all(map(has_words, said)) else ""


def _texts(values: dict[str, str]) -> Iterator[str]:
    """Time, and words that are left out."""
    if "since" in values:
        yield "a.published >= :since"
    if "until" in values:
        yield "a.published < :until"
    if "unwanted" in values:
        yield f"NOT {_MATCHING.format(name='unwanted')}"


def _fields(values: dict[str, str]) -> Iterator[str]:
    """What holds of the article's own columns."""
    for field, test in _IS.items():
        for name in (field, f"without_{field}"):
            if name in values:
                is_so = test.format(name=name)
                if f"{name}_words" in values:
                    is_so = f"{_MATCHING.format(name=f'{name}_words')} AND {is_so}"
                yield f"({is_so})" if name == field else f"NOT ({is_so})"


def _memberships(values: dict[str, str]) -> Iterator[str]:
    """What holds of the article's memberships: the topics and the verdict."""
    if "without_topic" in values:
        those = _IN_TOPICS.format(name="without_topic")
        yield f"NOT EXISTS (SELECT 1 {_OF_ARTICLE} AND {those} AND m.verdict != 'drop')"
    ranks = _ranks(values)
    if "topic" not in values and ranks == [RANKS["keep"], RANKS["review"]]:
        yield _NOT_DROPPED
        return
    those, none = (f" AND {_IN_TOPICS.format(name='topic')}", "NULL") if "topic" in values else ("", RANKS["keep"])
    best = f"COALESCE((SELECT {_BEST} {_OF_ARTICLE}{those}), {none})"
    yield f"{best} IN ({', '.join(map(str, ranks))})"


def _ranks(values: dict[str, str]) -> list[int]:
    """The ranks of the verdicts that an article may have."""
    wanted = json.loads(values["verdict"]) if "verdict" in values else ["keep", "review"]
    left_out = json.loads(values.get("without_verdict", "[]"))
    return sorted({RANKS[verdict] for verdict in wanted if verdict not in left_out})
