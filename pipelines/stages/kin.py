"""Which stories a new article joins: the archive's articles that are like it, weighed by the copy rule."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from archive.relations import overlap_of, related
from archive.rows import Kin
from archive.store import Archive
from pipelines.items import Article, Relation, Sketch
from pipelines.similarity import LEAST, CopyRule, Text, is_exact_copy, is_one_headline, points

LEAD = 400  # characters of a body; the archive gives as many of a kin's


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The story that an article joins, None for its own, and what it is to the one that stands for it.

    `merges` are other stories, which it shows to be the same.
    """

    story_id: int | None = None
    relation: Relation = "original"
    similarity: float = 0.0
    jaccard: float = 0.0
    merges: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A text that has come in, beside those that the archive has."""

    text: Text
    sketch: Sketch
    rule: CopyRule

    def points(self, kin: Kin) -> float:
        """How far it is a copy of that article."""
        overlap = overlap_of(self.sketch.hashes, kin.hashes)
        return points(
            self.text,
            text_of_kin(kin),
            containment=overlap.containment,
            jaccard=overlap.jaccard,
            rule=self.rule,
        )

    def unites(self, standing: Kin, other: Kin) -> bool:
        """Whether it shows two stories, of both of which it is a copy, to be one.

        It holds nearly all of the articles that stand for them, and these are of one outlet, which writes new headlines
        for its own, or have one headline: a page may hold several articles. Or these do not speak against it.
        """
        mine, theirs = text_of_kin(standing), text_of_kin(other)
        is_one_text = standing.outlet == other.outlet or is_one_headline(mine, theirs)
        if is_one_text and self.holds(standing) and self.holds(other):
            return True
        overlap = overlap_of(standing.hashes, other.hashes)
        told = points(
            mine,
            theirs,
            containment=overlap.containment,
            jaccard=overlap.jaccard,
            rule=self.rule,
        )
        return told >= (self.rule.against if standing.outlet == other.outlet else self.rule.apart)

    def holds(self, kin: Kin) -> bool:
        """Whether nearly all of that article is in it."""
        overlap = overlap_of(self.sketch.hashes, kin.hashes)
        return overlap.shared >= LEAST and overlap.shared >= self.rule.whole * overlap.theirs

    def margin(self, kin: list[Kin]) -> float | None:
        """By how many points it belongs to the story of these articles; None where it does not.

        It is a copy of the one that stands for the story, or of one of the others; and where that is an article of its
        own outlet, none of the others speaks against it, unless it is one beyond doubt: a chain of revisions ends.
        """
        told = [(self.points(one) - (0.0 if one.stands else self.rule.another), one) for one in kin]
        standing = next((pair for pair in told if pair[1].stands), None)
        best = standing if standing and standing[0] > 0 else max(told, key=lambda pair: (pair[0], -pair[1].article_id))
        if best[0] <= 0:
            return None
        is_doubtful = best[1].outlet == self.text.outlet and best[0] < self.rule.strong
        if is_doubtful and any(one.outlet == self.text.outlet and mine < self.rule.against for mine, one in told):
            return None
        return best[0]


def joined(archive: Archive, article: Article, outlet: str, drawn: Sketch, rule: CopyRule) -> Joined:
    """Where a new article belongs: with a text of the same words, else with the story that it is most like."""
    new = Newcomer(text_of(article, outlet, drawn), drawn, rule)
    story = _same_words(archive, new)
    found: dict[int, float] = {} if story is None else {story: float("inf")}
    kin: defaultdict[int, list[Kin]] = defaultdict(list)
    for one in archive.articles.kin(drawn.hashes, least=LEAST):
        kin[one.story_id].append(one)
    for number in kin.keys() - found.keys():
        if (margin := new.margin(kin[number])) is not None:
            found[number] = margin
    if not found:
        return Joined()
    best, *others = sorted(found, key=lambda number: (-found[number], number))
    standing = archive.articles.standing(best)
    relation, similarity, jaccard = _relation(drawn, standing)
    return Joined(
        story_id=best,
        relation=relation,
        similarity=similarity,
        jaccard=jaccard,
        merges=tuple(
            other
            for other in others
            if found[other] >= rule.merge and new.unites(standing, archive.articles.standing(other))
        ),
    )


def _same_words(archive: Archive, new: Newcomer) -> int | None:
    """The story of an article of exactly the same words."""
    same = archive.articles.exact(new.sketch.words_hash) if new.sketch.words else []
    return next((one.story_id for one in same if is_exact_copy(new.text, text_of_kin(one))), None)


def _relation(drawn: Sketch, standing: Kin) -> tuple[Relation, float, float]:
    """What a text is to the one that stands for its story."""
    if drawn.words_hash == standing.words_hash:
        return "exact copy", 1.0, 1.0
    relation, similarity, jaccard = related(overlap_of(drawn.hashes, standing.hashes), drawn.words, standing.words)
    return cast("Relation", relation), similarity, jaccard


def text_of(article: Article, outlet: str, drawn: Sketch) -> Text:
    """What the copy rule looks at, of an article that has come in."""
    return Text(
        outlet=outlet,
        title=article.title,
        lead=article.body[:LEAD],
        published=article.published,
        words=drawn.words,
        wire=article.wire,
    )


def text_of_kin(kin: Kin) -> Text:
    """What the copy rule looks at, of an article in the archive."""
    return Text(
        outlet=kin.outlet,
        title=kin.title,
        lead=kin.lead[:LEAD],
        published=datetime.fromisoformat(kin.published) if kin.published else None,
        words=kin.words,
        wire=kin.wire,
    )
