"""The verdicts of all topics on an article whose text has become another."""

from __future__ import annotations

from dataclasses import replace

from archive.rows import MembershipRow
from archive.store import Archive
from pipelines import matches
from pipelines.items import Article, Verdict
from pipelines.relevance import judge
from pipelines.topic import Topic, TopicError, parse_topic


class Verdicts:
    """The topics of an archive as they judge, each by the definition that the archive has of it."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.topics: dict[tuple[int, str], Topic | None] = {}

    def on(self, article_id: int, article: Article, *, but: int = 0) -> tuple[MembershipRow, ...]:
        """The verdict of every topic that has judged the article before and whose definition can be read.

        `but` is the id of a topic that is left out.
        """
        found = (
            (number, self.topic(number, name, text), before)
            for number, name, text, before in self.archive.rereadings.topics(article_id)
            if number != but
        )
        return tuple(
            membership_row(again(judge(article, topic), before), number)
            for number, topic, before in found
            if topic is not None
        )

    def topic(self, number: int, name: str, definition: str) -> Topic | None:
        """The topic as the archive has it."""
        if (number, definition) not in self.topics:
            try:
                self.topics[number, definition] = parse_topic(definition, f"{name}.toml")
            except TopicError:
                self.topics[number, definition] = None
        return self.topics[number, definition]


def again(verdict: Verdict, before: str) -> Verdict:
    """The verdict on an article that the topic had judged `before`, where only the text has changed since.

    A new version or another reading of ours takes no article off a topic's lists: that is for somebody to look at. Only
    the user does so, by an answer or by another topic (`dossier rescore`), and what was taken off so stays off.
    """
    return replace(verdict, decision="review") if verdict.decision == "drop" and before != "drop" else verdict


def membership_row(verdict: Verdict, topic_id: int) -> MembershipRow:
    """How far an article belongs to a topic, with the terms that say so."""
    return MembershipRow(topic_id=topic_id, **matches.columns(verdict))
