from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).parents[2]
OUTCOMES = ("stored", "unchanged", "duplicate", "off-topic", "not-an-article", "refused", "failed", "waiting")
STEADY = ("articles", "versions", "stories", "fingerprints")


def test_a_crawl_stores_a_second_changes_nothing_and_the_next_day_brings_versions(reader: Any) -> None:
    first = reader.crawl()
    assert sum(first.get(f"outcome/{state}", 0) for state in OUTCOMES) == first["taken"]
    assert first["outcome/stored"] >= 40
    reader.sound()
    assert reader.rows("SELECT COUNT(*) FROM articles WHERE published IS NULL OR title = '' OR body = ''") == [(0,)]
    assert reader.rows("SELECT COUNT(*) FROM candidates WHERE state = 'waiting' AND next_try IS NULL") == [(0,)]
    assert reader.rows("SELECT COUNT(*) FROM sources AS s WHERE last_asked IS NOT NULL AND NOT EXISTS "
                       "(SELECT 1 FROM coverage WHERE source_id = s.id AND asked IS NOT NULL)") == [(0,)]  # fmt: skip
    warcio = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *map(str, (reader.data / "warc").iterdir())], check=False
    )
    assert warcio.returncode == 0

    before, warc, asked = reader.dump(*STEADY), reader.warc(), len(reader.press.log)
    second = reader.crawl("--recheck")
    assert reader.dump(*STEADY) == before
    assert reader.warc() == warc
    assert second.get("outcome/stored", 0) == 0
    articles = {url for (url,) in reader.rows("SELECT url FROM articles")}
    again = [entry for entry in reader.press.log[asked:] if entry["url"] in articles]
    assert again
    assert {entry["status"] for entry in again} == {304}

    reader.press.day = 2
    third = reader.crawl("--recheck")
    assert third["versions"] >= 3
    reader.sound()
    gone = reader.rows("SELECT COUNT(*) FROM articles WHERE body LIKE '%has been removed%'")
    assert gone == [(0,)]


def test_plain_scrapy_does_the_same(reader: Any) -> None:
    command = [sys.executable, "-m", "scrapy", "crawl", "topic", "-a", f"topic={reader.topic}"]
    settings = ["DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "DOSSIER_DEADLINE=2", f"DOSSIER_DATA={reader.data}"]
    for setting in (*settings, "DOSSIER_ALLOW_PRIVATE=.example", "LOG_LEVEL=WARNING", "DOSSIER_MAX_PAGES=15"):
        command += ["-s", setting]
    environment = {**reader.environment(), "DOSSIER_LOG_FORMAT": "json"}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert reader.rows("SELECT COUNT(*) FROM candidates WHERE run_id = 1") == [(15,)]
    assert reader.rows("SELECT COUNT(*) FROM articles")[0][0] > 0
    assert reader.rows("SELECT outcome FROM runs") == [("finished",)]
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert sum("state" in one for one in told) == 15


def test_budgets_bite_and_say_so(reader: Any) -> None:
    figures = reader.crawl("--max-pages", "12", "--max-pages-per-host", "2", "--log-format", "json")
    assert figures["taken"] <= 12
    log_and_metrics_agree(reader, figures)
    per_host = reader.rows("SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM candidates WHERE run_id = 1 GROUP BY host)")
    assert per_host[0][0] <= 2
    assert "budget" in figures
    best, left = (
        reader.rows("SELECT MIN(score) FROM candidates WHERE run_id = 1"),
        reader.rows("SELECT COUNT(*) FROM candidates WHERE run_id IS NULL"),
    )
    assert best[0][0] > 0
    assert left[0][0] > 0


def log_and_metrics_agree(reader: Any, figures: dict[str, Any]) -> None:
    """Each page is an event in the log, of that run, and Prometheus is told the same figures."""
    lines = [json.loads(line) for line in (reader.data / "crawl.log").read_text(encoding="utf-8").splitlines()]
    events = [one for one in lines if "state" in one]
    assert len(events) == figures["taken"]
    assert {one["topic"] for one in events} == {"talks"}
    assert {(one["run"],) for one in events} == set(reader.rows("SELECT started FROM runs"))
    text = (reader.data / "metrics" / "dossier.prom").read_text(encoding="utf-8")
    samples = {
        (sample.name, sample.labels.get("state", "")): sample.value
        for metric in text_string_to_metric_families(text)
        for sample in metric.samples
    }
    assert samples["dossier_run_articles_stored", ""] == figures["outcome/stored"]
    assert samples["dossier_run_exit_code", ""] == 0
    assert sum(value for (name, _), value in samples.items() if name == "dossier_run_outcomes") == figures["taken"]
    assert [samples["dossier_articles", ""]] == [count for (count,) in reader.rows("SELECT COUNT(*) FROM articles")]
