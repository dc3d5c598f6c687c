from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.pipelines import ItemPipelineManager
from scrapy.utils.test import get_crawler

from archive.store import Archive
from pipelines.items import Capture
from pipelines.stages.group import GroupPipeline
from pipelines.stages.identify import IdentifyPipeline
from pipelines.stages.preserve import PreservePipeline
from pipelines.stages.store import StorePipeline

Make = Callable[..., Capture]
log: list[tuple[str, str]] = []


class Uneven:
    """A stage that awaits for longer or shorter, as extraction does."""

    async def process_item(self, capture: Capture) -> Capture:
        await asyncio.sleep(0.001 * (len(capture.page.url) % 3))
        return capture


class Enter:
    def process_item(self, capture: Capture) -> Capture:
        log.append(("enter", capture.page.url))
        return capture


class Leave:
    def process_item(self, capture: Capture) -> Capture:
        log.append(("leave", capture.page.url))
        return capture


def journeys(make: Make, folder: Path, topic: Path, *between: type) -> list[tuple[str, str]]:
    """What happened while twelve captures passed the stages at once."""
    stages = [Uneven, IdentifyPipeline, Enter, GroupPipeline, *between, PreservePipeline, StorePipeline, Leave]
    settings = {
        "DOSSIER_DATA": str(folder / "data"),
        "DOSSIER_TOPIC": str(topic),
        "ITEM_PIPELINES": {stage: place for place, stage in enumerate(stages)},
    }
    chain = ItemPipelineManager.from_crawler(get_crawler(settings_dict=settings))
    captures = [make(f"https://courier.example/world/one-of-a-dozen-{'x' * number}") for number in range(12)]

    async def run() -> None:
        await asyncio.gather(*map(chain.process_item_async, captures))
        await chain.close_spider_async()

    log.clear()
    asyncio.run(run())
    return list(log)


def pairs_broken(entries: list[tuple[str, str]]) -> int:
    """How many captures were overtaken between `enter` and `leave`."""
    return sum(one[0] == "enter" and other != ("leave", one[1]) for one, other in pairwise(entries))


def test_no_capture_slips_between_looking_up_and_writing_of_another(
    make: Make, tmp_path: Path, topic: Path, archive: Archive
) -> None:
    entries = journeys(make, tmp_path, topic)
    assert len(entries) == 24
    assert pairs_broken(entries) == 0
    assert archive.db.execute("SELECT COUNT(*), COUNT(DISTINCT story_id) FROM articles").fetchone() == (12, 1)


@pytest.mark.usefixtures("archive")
def test_one_stage_that_awaits_among_them_would_break_that(make: Make, tmp_path: Path, topic: Path) -> None:
    assert pairs_broken(journeys(make, tmp_path, topic, Uneven)) > 0
