"""What the answers in an archive teach a topic, as a change of its file, and what that change would do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from archive.queries import Reader, Row
from archive.reviews import texts
from crawler.times import moment_of
from crawler.topic_file import Edit, edited
from pipelines.effects import Effects
from pipelines.items import Article
from pipelines.learning import Change, Sieve, Unwanted, changes, suspects
from pipelines.topic import MOST_SEEDS, Topic
from pipelines.urls import canonical

MOST_ANSWERS = 1000  # the latest arrivals among them
JUDGED = 2000  # stored articles that are judged to show the effect, the latest arrivals


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What is to change in a topic: weights, phrases never wanted, seeds that come and that go; of how many answers."""

    terms: tuple[Change, ...]
    never: tuple[Unwanted, ...]
    seeds: tuple[str, ...]
    gone: tuple[str, ...]
    confirmed: int
    refused: int

    @property
    def is_empty(self) -> bool:
        """Whether the topic has learnt all that there is."""
        return not (self.terms or self.never or self.seeds or self.gone)


def lesson(db: Reader, topic: Topic) -> Lesson:
    """What the answers teach that the topic's file does not say yet.

    A confirmed article is learnt once: then it stands among the file's seeds. Of copies of one text, one counts.
    """
    given = list(texts(db, topic.name, answered=True, limit=MOST_ANSWERS))
    yes = [one for one in given if one["answer"] == "yes"]
    no = [one for one in given if one["answer"] == "no"]
    known = {spelt(seed): seed for seed in topic.seeds}
    new = [one for one in yes if one["url"] not in known][: MOST_SEEDS - len(known)]
    learnt = {one["story_id"] for one in yes if one["url"] in known}
    refused = articles(once(no, set()))
    found = changes(topic, articles(once(new, learnt)), refused)
    return Lesson(
        terms=found,
        never=unwanted(db, topic, suspects(topic, refused, found)),
        seeds=tuple(one["url"] for one in new),
        gone=tuple(known[one["url"]] for one in no if one["url"] in known),
        confirmed=len(new),
        refused=len(no),
    )


def unwanted(db: Reader, topic: Topic, suspected: Sequence[tuple[str, int]]) -> tuple[Unwanted, ...]:
    """Those of the suspected phrases that no kept article of the whole archive holds."""
    sieve = Sieve(suspected)
    for one in texts(db, topic.name) if suspected else ():
        sieve.read(article_of(one), wanted=one["verdict"] == "keep")
    return sieve.left()


def changed(topic: Topic, learnt: Lesson, today: date) -> str:
    """The text of the topic's file with the lesson in it; TopicError where that cannot be."""
    told = "1 confirmed article" if learnt.confirmed == 1 else f"{learnt.confirmed} confirmed articles"
    edit = Edit(
        weights={change.text: change.after for change in learnt.terms},
        never=[one.text for one in learnt.never],
        seeds=learnt.seeds,
        gone=learnt.gone,
        note=f"Learnt from {told} by `dossier learn` on {today}.",
    )
    return edited(topic.definition, edit, topic.file)


def effects(db: Reader, topic: Topic, after: Topic) -> Effects:
    """What the changed file would make of the articles that have an answer and of the latest others."""
    found = Effects(before=topic, after=after)
    others = (one for one in texts(db, topic.name, limit=JUDGED) if not one["answer"])
    for one in chain(texts(db, topic.name, answered=True, limit=MOST_ANSWERS), others):
        found.add(article_of(one), one["url"], one["answer"])
    return found


def once(given: Iterable[Row], learnt: set[int | None]) -> list[Row]:
    """One article of each story, none of those that were learnt."""
    first = {one["story_id"]: one for one in reversed(list(given)) if one["story_id"] not in learnt}
    return list(first.values())


def articles(given: Iterable[Row]) -> list[Article]:
    """The articles of these rows."""
    return [article_of(one) for one in given]


def article_of(one: Row) -> Article:
    """A stored article as the judge reads it."""
    return Article(
        title=one["title"], summary=one["summary"], body=one["body"], published=moment_of(one["published"]),
        language=one["language"],
    )  # fmt: skip


def spelt(seed: str) -> str:
    """A seed's address as the archive spells it; the name of a file as it is."""
    try:
        return canonical(seed)
    except ValueError:
        return seed
