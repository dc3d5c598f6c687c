"""What reading an archive's pages again has changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from archive.rows import ArticleRow
from pipelines.words import words_of

EXAMPLES = 10  # articles whose text changed most
QUOTED = 200  # characters of the first line that came or went
UNTOLD = ("content_hash", "words_hash", "words")  # they say of the text what the text says


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One article whose text is another now: words gained and lost, and the first line that came and that went."""

    url: str
    gained: int
    lost: int
    came: str = ""
    went: str = ""


@dataclass(slots=True)
class Report:
    """Counts of articles read, of fields changed, of words gained and lost, with the largest changes as examples.

    An article that is read a second time in one run, because more is known of its outlet then, counts once.
    """

    changed: set[int] = field(default_factory=set)
    read: set[int] = field(default_factory=set)
    fields: dict[str, set[int]] = field(default_factory=dict)
    gained: int = 0
    lost: int = 0
    examples: list[Example] = field(default_factory=list)

    def add(self, article_id: int, before: ArticleRow, after: ArticleRow, *, beside_changed: bool) -> None:
        """Count one article."""
        self.read.add(article_id)
        names = [one.name for one in fields(ArticleRow) if getattr(before, one.name) != getattr(after, one.name)]
        told = [name for name in names if name not in UNTOLD] + ["details"] * beside_changed
        if not told:
            return
        self.changed.add(article_id)
        for name in told:
            self.fields.setdefault(name, set()).add(article_id)
        if before.body != after.body:
            self.compare(before, after)

    def compare(self, before: ArticleRow, after: ArticleRow) -> None:
        """Count the words that one text gained and lost."""
        had, has = Counter(words_of(before.body)), Counter(words_of(after.body))
        gained, lost = (has - had).total(), (had - has).total()
        self.gained += gained
        self.lost += lost
        others = {one.url: one for one in self.examples}
        former = others.pop(after.url, Example(url=after.url, gained=0, lost=0))
        example = Example(
            url=after.url,
            gained=gained + former.gained,
            lost=lost + former.lost,
            came=first_of(after.body, before.body) or former.came,
            went=first_of(before.body, after.body) or former.went,
        )
        self.examples = sorted([*others.values(), example], key=lambda one: -(one.gained + one.lost))[:EXAMPLES]

    def told(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "read": len(self.read),
            "changed": len(self.changed),
            "fields": dict(Counter({name: len(ids) for name, ids in self.fields.items()}).most_common()),
            "words_gained": self.gained,
            "words_lost": self.lost,
            "examples": [
                {one.name: getattr(example, one.name) for one in fields(Example)} for example in self.examples
            ],
        }


def first_of(text: str, other: str) -> str:
    """The first line of a text that the other has not, cut to a readable length."""
    known = set(other.split("\n"))
    return next((line for line in text.split("\n") if line not in known), "")[:QUOTED]
