"""The channel `outlinks`: links in the text of articles that were kept.

Nothing is asked for them. The store stage writes them in the transaction that stores the article, with a sighting
whose source is that article, so that a killed run loses none and none is there without its article.
"""

from __future__ import annotations

from datetime import datetime

from crawler.channels.ask import Answer, Ask
from crawler.channels.past import NOTHING_ASKED, Past
from pipelines.items import Page
from pipelines.topic import Topic


class Outlinks:
    """Switched on by a source of this channel, which has no address."""

    name = "outlinks"
    gap = 0.0

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> tuple[Ask, ...]:
        """No question: the links come with the articles."""
        return ()

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """A refusal: there is no question that this could be the answer to."""
        return Answer(status="refused", reason="outlinks are read from the articles themselves, never asked for")

    def most(self, topic: Topic, now: datetime) -> int:
        """No request."""
        return 0
