from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from pipelines.items import Article, Candidate, Capture, Page, Verdict

folder, topic = Path(sys.argv[1]), sys.argv[2]
dropped = []

class Judged:
    def process_item(self, capture):
        capture.verdict = Verdict(score=1.0, decision="keep")
        return capture

class Captures(Spider):
    name = "captures"

    async def start(self):
        note = lambda item, exception: dropped.append(exception.rejected.state)
        self.crawler.signals.connect(note, signals.item_dropped, weak=False)
        (folder / "warc").write_text("a file where the folder should be")
        for number in range(5):
            yield Request(f"data:,{number}", self.capture, cb_kwargs={"number": number})

    def capture(self, response, number):
        url = f"https://courier.example/world/{number}0000"
        page = Page(url=url, status=200, headers=(), body=response.body, fetched=datetime.now(UTC))
        yield Capture(candidate=Candidate(url=url, id=number), page=page, article=Article(title="A", body="b"))

stages = ["identify.IdentifyPipeline", "group.GroupPipeline", "preserve.PreservePipeline", "store.StorePipeline"]
names = {f"pipelines.stages.{stage}": place * 100 for place, stage in zip((3, 5, 6, 7), stages)} | {Judged: 400}
process = AsyncCrawlerProcess({
    "DOSSIER_DATA": str(folder), "DOSSIER_TOPIC": topic, "DOSSIER_STORE_PATIENCE": 1, "ITEM_PIPELINES": names,
    "TELNETCONSOLE_ENABLED": False, "LOG_LEVEL": "ERROR",
})
crawler = process.create_crawler(Captures)
process.crawl(crawler)
process.start()
stats = crawler.stats.get_stats()
print(json.dumps([stats["finish_reason"], stats["dossier/store_failed"], dropped]))
"""


@pytest.fixture
def outcome(tmp_path: Path, topic: Path) -> tuple[list[object], str]:
    script = tmp_path / "run.py"  # a file, because Scrapy looks at the source of callbacks
    script.write_text(RUN, encoding="utf-8")
    command = [sys.executable, str(script), str(tmp_path), str(topic)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(run.stdout), run.stderr


def test_a_run_that_cannot_store_ends_once_with_a_reason_and_leaves_its_captures_waiting(
    outcome: tuple[list[object], str],
) -> None:
    (reason, message, dropped), errors = outcome
    assert reason == "store_failed"
    assert "warc: File exists; look at the disk" in str(message)
    assert isinstance(dropped, list)
    assert set(dropped) == {"waiting"}
    assert errors.count("File exists") == 1
    assert "Traceback" not in errors
