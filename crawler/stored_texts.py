"""How a topic judges an article from what the archive has of it, as it would judge the page."""

from __future__ import annotations

from dataclasses import replace

from archive.memberships import StoredText
from archive.rows import MembershipRow
from crawler.times import moment_of
from pipelines import matches
from pipelines.items import Article, Decision, Verdict
from pipelines.relevance import judge
from pipelines.topic import Topic

ANSWERS: dict[str, Decision] = {"yes": "keep", "no": "drop"}
"""What the user's answer makes of an article, whatever it scores."""


def judged(text: StoredText, topic: Topic) -> Verdict:
    """The topic's verdict of a stored article; what the user said of it holds."""
    article = Article(title=text.title, body=text.body, summary=text.summary, published=moment_of(text.published))
    verdict = judge(article, topic)
    return replace(verdict, decision=ANSWERS[text.answer]) if text.answer in ANSWERS else verdict


def membership(verdict: Verdict, topic_id: int) -> MembershipRow:
    """The verdict as the archive takes it."""
    return MembershipRow(topic_id=topic_id, **matches.columns(verdict))
