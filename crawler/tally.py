"""What judging an archive again has changed: counts before and after, and the articles that moved farthest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from archive.memberships import StoredText
from pipelines.items import Verdict

RANK = {"": 0, "drop": 0, "review": 1, "keep": 2}
EXAMPLES = 5  # of each direction
TERMS = 4  # that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An article whose verdict became another: what it was, empty for none, what it is, and the terms that say so."""

    title: str
    url: str
    was: str
    verdict: str
    old: float | None
    new: float
    terms: tuple[str, ...]

    @property
    def rank(self) -> tuple[float, float]:
        """How far the score went, the farthest first; where only thresholds moved, the doubtful ones first."""
        is_up = RANK[self.verdict] > RANK.get(self.was, 0)
        return -abs(self.new - (self.old or 0.0)), self.new if is_up else -self.new

    def told(self) -> dict[str, Any]:
        """The move as plain values."""
        return {
            "title": self.title, "url": self.url, "was": self.was, "verdict": self.verdict, "old_score": self.old,
            "score": self.new, "terms": list(self.terms),
        }  # fmt: skip


@dataclass(slots=True)
class Tally:
    """Counts of verdicts before and after, and the farthest moves as examples.

    `joined` are articles that the topic had not judged before and that belong to it now; they moved up as well.
    """

    judged: int = 0
    changed: int = 0
    joined: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Move]] = field(default_factory=lambda: {"up": [], "down": []})

    def add(self, text: StoredText, verdict: Verdict, *, is_other: bool) -> None:
        """Count one article; `is_other` says that anything of its verdict is another than before."""
        self.judged += 1
        self.changed += is_other
        if not text.verdict and verdict.decision == "drop":
            return  # of other topics, and of no interest to this one
        if text.verdict:
            self.before[text.verdict] += 1
        self.after[verdict.decision] += 1
        self.joined += not text.verdict
        step = RANK[verdict.decision] - RANK.get(text.verdict, 0)
        if step:
            self.move("up" if step > 0 else "down", text, verdict)

    def move(self, way: str, text: StoredText, verdict: Verdict) -> None:
        """Count a move, and keep it as an example if it is one of the farthest."""
        self.moved[way] += 1
        terms = tuple(match.term for match in verdict.matched[:TERMS])
        move = Move(
            title=text.title, url=text.url, was=text.verdict, verdict=verdict.decision, old=text.score,
            new=verdict.score, terms=terms,
        )  # fmt: skip
        self.examples[way] = sorted([*self.examples[way], move], key=lambda one: one.rank)[:EXAMPLES]

    def told(self) -> dict[str, Any]:
        """The tally as plain values."""
        names = ("keep", "review", "drop")
        return {
            "judged": self.judged,
            "changed": self.changed,
            "joined": self.joined,
            "before": {name: self.before[name] for name in names},
            "after": {name: self.after[name] for name in names},
            "moved_up": self.moved["up"],
            "moved_down": self.moved["down"],
            "examples": [{"way": way, **one.told()} for way in ("up", "down") for one in self.examples[way]],
        }
