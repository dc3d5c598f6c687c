from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler

from pipelines.items import Article, Candidate, Capture, Page
from pipelines.stages.judge import JudgePipeline
from pipelines.topic import TopicError

TOPIC = '[terms]\n"river treaty" = 3\ndam = 1\n'


def stage(path: Path) -> JudgePipeline:
    return JudgePipeline.from_crawler(Crawler(Spider, {"DOSSIER_TOPIC": str(path)}))


def capture(title: str, body: str) -> Capture:
    moment = datetime(2024, 3, 1, tzinfo=UTC)
    page = Page(url="https://a.example/1", status=200, headers=(), body=b"", fetched=moment)
    return Capture(candidate=Candidate(url=page.url), page=page, article=Article(title=title, body=body))


@pytest.mark.parametrize(
    ("title", "body", "decision"),
    [
        ("Selby signs the river treaty", "The river treaty shares the water behind the dam.", "keep"),
        ("Bakers strike", "Shelves were bare.", "drop"),
    ],
)
def test_every_capture_leaves_with_a_verdict(tmp_path: Path, title: str, body: str, decision: str) -> None:
    path = tmp_path / "river.toml"
    path.write_text(TOPIC, encoding="utf-8")
    judged = stage(path).process_item(capture(title, body))
    assert judged.verdict is not None
    assert judged.verdict.decision == decision


def test_a_bad_topic_stops_before_anything_is_judged(tmp_path: Path) -> None:
    path = tmp_path / "river.toml"
    path.write_text("[terms]\ndam = 70\n", encoding="utf-8")
    with pytest.raises(TopicError, match=r"river\.toml: terms\.dam is 70"):
        stage(path)
