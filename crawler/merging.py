"""What a merge has to be told of topics and texts, beside what archives know by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from scrapy.utils.misc import load_object

from archive.furniture import unpacked
from archive.memberships import StoredText
from archive.merging.accounts import Telling
from archive.merging.merge import Rules
from archive.merging.scratch import Scratch
from archive.merging.writing import Reading
from archive.rows import MembershipRow
from archive.stories import RAREST
from crawler.agreement import agreed
from crawler.stored_texts import judged, membership
from pipelines.changes import Told, beside, boring
from pipelines.sketches import sketch
from pipelines.topic import Topic, TopicError, parse_topic

JOINS = "pipelines.stages.regroup.joins"


@contextmanager
def rules() -> Iterator[Rules]:
    """The rules by which archives are merged."""
    scratch = Scratch(load_object(JOINS))
    try:
        yield Rules(
            define=agreed, reading=Reading(same=says_the_same, trace=trace), judge=judge, regroup=scratch.regroup
        )
    finally:
        scratch.close()


def says_the_same(one: Telling, other: Telling) -> bool:
    """Whether two texts differ in nothing that they say; which comes first is no matter."""
    first, then = sorted((one, other), key=lambda telling: (telling.fetched, telling.content_hash))
    around = beside(furniture=unpacked(first.furniture) + unpacked(then.furniture))
    before, after = (Told(title=telling.title, body=telling.body) for telling in (first, then))
    return boring(before, after, around) is not None


def trace(body: str) -> list[int | str]:
    """By what an article is found that has said this before; nothing where it said nothing."""
    drawn = sketch(body)
    return [drawn.words_hash, *drawn.hashes[:RAREST]] if drawn.words else []


def judge(name: str, definition: str, text: StoredText) -> MembershipRow | None:
    """What a topic says of a text; None where its definition cannot be read."""
    topic = defined(name, definition)
    return None if topic is None else membership(judged(text, topic), topic_id=0)


@lru_cache(maxsize=8)
def defined(name: str, definition: str) -> Topic | None:
    """A topic as an archive has it."""
    try:
        return parse_topic(definition, f"{name}.toml")
    except TopicError:
        return None
