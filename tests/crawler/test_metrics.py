from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from crawler.extensions.metrics import figures
from crawler.metrics import ABOUT, ArchiveFigures, RunFigures, place_of, read, samples_of, written
from tests.filling import fill

STATS = {
    "dossier/outcome/stored": 12, "dossier/outcome/failed": 3, "dossier/sources/complete": 20,
    "downloader/request_count": 40, "downloader/response_bytes": 1_000_000, "elapsed_time_seconds": 61.5,
}  # fmt: skip
ARCHIVE = ArchiveFigures(
    articles=101,
    disk={"database": 4096, "warc": 0},
    review={"talks": 4, "floods": 0},
    waiting={"talks": 7, "floods": 1},
)


def run(topic: str = "talks", code: int = 0, ended: float = 1_000.0, **stats: Any) -> RunFigures:
    return RunFigures(topic=topic, code=code, ended=ended, stats=stats or STATS)


def told(path: Path) -> dict[tuple[str, ...], float]:
    """All samples of a file, by name and label values."""
    found = {}
    for metric in text_string_to_metric_families(path.read_text(encoding="utf-8")):
        assert metric.documentation
        for sample in metric.samples:
            found[sample.name, *(sample.labels[name] for name in sorted(sample.labels, reverse=True))] = sample.value
    return found


def test_a_run_is_told_with_what_the_archive_is_after_it(tmp_path: Path) -> None:
    path = tmp_path / "metrics" / "dossier.prom"
    written(path, run(), ARCHIVE)
    assert told(path) == {
        ("dossier_run_articles_stored", "talks"): 12,
        ("dossier_run_outcomes", "talks", "stored"): 12,
        ("dossier_run_outcomes", "talks", "failed"): 3,
        ("dossier_run_requests", "talks"): 40,
        ("dossier_run_received_bytes", "talks"): 1_000_000,
        ("dossier_run_sources", "talks", "complete"): 20,
        ("dossier_run_duration_seconds", "talks"): 61.5,
        ("dossier_run_exit_code", "talks"): 0,
        ("dossier_run_end_timestamp_seconds", "talks"): 1_000,
        ("dossier_last_success_timestamp_seconds", "talks"): 1_000,
        ("dossier_runs_total", "talks", "0"): 1,
        ("dossier_articles_stored_total", "talks"): 12,
        ("dossier_requests_total", "talks"): 40,
        ("dossier_received_bytes_total", "talks"): 1_000_000,
        ("dossier_articles",): 101,
        ("dossier_disk_bytes", "database"): 4096,
        ("dossier_disk_bytes", "warc"): 0,
        ("dossier_review_queue", "talks"): 4,
        ("dossier_review_queue", "floods"): 0,
        ("dossier_candidates_waiting", "talks"): 7,
        ("dossier_candidates_waiting", "floods"): 1,
    }
    assert [one.name for one in path.parent.iterdir()] == ["dossier.prom"]


def test_a_run_of_one_topic_leaves_the_figures_of_another(tmp_path: Path) -> None:
    path = tmp_path / "dossier.prom"
    written(path, run(), ARCHIVE)
    written(path, run("floods", 4, 2_000.0), None)
    found = told(path)
    assert found["dossier_run_articles_stored", "talks"] == 12
    assert found["dossier_run_exit_code", "floods"] == 4
    assert found["dossier_articles",] == 101


def test_a_run_that_fails_keeps_when_the_last_one_went_well_and_counters_only_grow(tmp_path: Path) -> None:
    path = tmp_path / "dossier.prom"
    written(path, run(), ARCHIVE)
    written(path, run(code=4, ended=2_000.0, **{"downloader/request_count": 5}), ARCHIVE)
    written(path, run(code=4, ended=3_000.0, **{"downloader/request_count": 5}), ARCHIVE)
    found = told(path)
    assert found["dossier_last_success_timestamp_seconds", "talks"] == 1_000
    assert found["dossier_run_end_timestamp_seconds", "talks"] == 3_000
    assert (found["dossier_runs_total", "talks", "0"], found["dossier_runs_total", "talks", "4"]) == (1, 2)
    assert found["dossier_requests_total", "talks"] == 50
    assert ("dossier_run_outcomes", "talks", "stored") not in found


def test_names_and_words_of_topics_are_written_so_that_they_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "dossier.prom"
    name = 'a "b"\\\n{c}='
    written(path, run(name), None)
    written(path, run(), None)
    assert told(path)["dossier_run_articles_stored", name] == 12


@pytest.mark.parametrize("content", [b"", b"\xff", b"{", b"dossier_articles{", b"dossier_articles x\n", b"a" * 99])
def test_a_file_of_another_kind_is_written_over(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "dossier.prom"
    path.write_bytes(content)
    assert read(path) == {}
    written(path, run(), ARCHIVE)
    assert told(path)["dossier_articles",] == 101


@settings(max_examples=50)
@given(st.text(st.sampled_from('dossier_articles{}="\\\n# 1,.eNa+'), max_size=60))
def test_any_file_is_read_or_is_none_of_ours(text: str) -> None:
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        assert all(name in ABOUT for (name, _), _ in samples_of(text))


def test_names_follow_the_conventions() -> None:
    assert all(name.startswith("dossier_") and name.replace("_", "").isalpha() for name in ABOUT)
    assert all(about.endswith(".") for about in ABOUT.values())


def test_the_file_is_where_it_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert place_of("", tmp_path) == tmp_path / "metrics" / "dossier.prom"
    assert place_of("~/node/dossier.prom", tmp_path) == Path("/home/me/node/dossier.prom")


def test_the_archive_tells_what_waits_in_it(tmp_path: Path) -> None:
    found = figures(fill(tmp_path))
    assert found is not None
    assert (found.articles, found.review, found.waiting) == (6, {"talks": 1}, {"talks": 1})
    assert found.disk["database"] > 0
    assert figures(tmp_path / "nowhere") is None
