"""Stage 400: how far a capture belongs to the topic, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from pipelines.items import Capture
from pipelines.relevance import judge
from pipelines.topic import Topic, load_topic, with_keep


class JudgePipeline:
    """Say how far a capture belongs to the topic, and why."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        topic = load_topic(Path(crawler.settings["DOSSIER_TOPIC"]))
        return cls(with_keep(topic, crawler.settings["DOSSIER_KEEP"]))

    def process_item(self, capture: Capture) -> Capture:
        """Fill `verdict`."""
        assert capture.article is not None
        capture.verdict = judge(capture.article, self.topic)
        return capture
