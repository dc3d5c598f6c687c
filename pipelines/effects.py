"""What a changed topic would make of articles that are stored: verdicts that move, and answers that it agrees with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pipelines.items import Article, Decision
from pipelines.relevance import judge
from pipelines.topic import Topic

RANK: dict[Decision, int] = {"drop": 0, "review": 1, "keep": 2}
WANTED = {"yes": "keep", "no": "drop"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An article whose verdict would be another."""

    title: str
    url: str
    before: Decision
    after: Decision
    score_before: float
    score_after: float

    @property
    def is_up(self) -> bool:
        """Whether it would be nearer to the topic."""
        return RANK[self.after] > RANK[self.before]


@dataclass(slots=True, kw_only=True)
class Effects:
    """The verdicts by a topic's file as it is and as it would be. What has an answer does not move: the answer holds.

    `agreed` says of how many of the answers the judge itself would say the same, before and after.
    """

    before: Topic
    after: Topic
    read: int = 0
    answers: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    moves: list[Move] = field(default_factory=list)

    def add(self, article: Article, url: str, answer: str) -> None:
        """Judge one stored article by both."""
        old, new = judge(article, self.before), judge(article, self.after)
        self.read += 1
        if answer:
            self.answers += 1
            self.agreed["before"] += old.decision == WANTED[answer]
            self.agreed["after"] += new.decision == WANTED[answer]
        elif old.decision != new.decision:
            move = Move(
                title=article.title, url=url, before=old.decision, after=new.decision, score_before=old.score,
                score_after=new.score,
            )  # fmt: skip
            self.moves.append(move)

    def examples(self, *, up: bool, most: int) -> list[Move]:
        """The articles that would come nearer to the topic, or go away from it, those that move farthest first."""
        moved = [move for move in self.moves if move.is_up is up]
        return sorted(moved, key=lambda move: (-abs(move.score_after - move.score_before), move.url))[:most]
