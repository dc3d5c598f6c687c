"""The figures of runs and of the archive in Prometheus' text format, for node_exporter's textfile collector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families

MOST = 5_000_000  # bytes of a file that is read again
Labels = tuple[tuple[str, str], ...]
Values = dict[tuple[str, Labels], float]

ABOUT = {
    "dossier_run_articles_stored": "Articles that the topic's last run stored, new or in a new version.",
    "dossier_run_outcomes": "Links that the topic's last run settled, by what became of them.",
    "dossier_run_requests": "Requests of the topic's last run.",
    "dossier_run_received_bytes": "Bytes that the topic's last run received.",
    "dossier_run_sources": "Questions of the topic's last run to its sources, by how they were answered.",
    "dossier_run_duration_seconds": "How long the topic's last run took.",
    "dossier_run_exit_code": "The exit code of the topic's last run; 0 is well.",
    "dossier_run_end_timestamp_seconds": "When the topic's last run ended.",
    "dossier_last_success_timestamp_seconds": "When a run of the topic last ended well.",
    "dossier_runs_total": "Runs of the topic, by exit code.",
    "dossier_articles_stored_total": "Articles that all runs of the topic stored, new or in a new version.",
    "dossier_requests_total": "Requests of all runs of the topic.",
    "dossier_received_bytes_total": "Bytes that all runs of the topic received.",
    "dossier_articles": "Articles in the archive.",
    "dossier_disk_bytes": "Bytes of the archive on disk, by part.",
    "dossier_review_queue": "Articles of the topic that wait for an answer (dossier review).",
    "dossier_candidates_waiting": "Links of the topic that wait to be fetched.",
}
"""All metrics, with what each says. Those of a run stay until the topic's next one; what ends in _total only grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFigures:
    """A run that is over: of which topic, with which exit code, when, and its Scrapy stats."""

    topic: str
    code: int
    ended: float
    stats: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFigures:
    """The archive after a run: articles, bytes by part, and by topic what waits for a person or to be fetched."""

    articles: int
    disk: Mapping[str, int]
    review: Mapping[str, int]
    waiting: Mapping[str, int]


def labelled(**labels: str) -> Labels:
    """Labels in the one order in which they are kept."""
    return tuple(sorted(labels.items()))


def of_run(run: RunFigures, before: Values) -> Values:
    """What the file says of a topic after a run; `before` is what it said until then."""
    topic, stats = labelled(topic=run.topic), run.stats
    stored = stats.get("dossier/outcome/stored", 0)
    sent, received = stats.get("downloader/request_count", 0), stats.get("downloader/response_bytes", 0)
    values: Values = {
        ("dossier_run_articles_stored", topic): stored,
        ("dossier_run_requests", topic): sent,
        ("dossier_run_received_bytes", topic): received,
        ("dossier_run_duration_seconds", topic): stats.get("elapsed_time_seconds", 0.0),
        ("dossier_run_exit_code", topic): run.code,
        ("dossier_run_end_timestamp_seconds", topic): run.ended,
    }
    for name, label, prefix in PARTS:
        for key, count in stats.items():
            if key.startswith(prefix):
                values[name, labelled(topic=run.topic, **{label: key.removeprefix(prefix)})] = count
    success = ("dossier_last_success_timestamp_seconds", topic)
    values |= {success: run.ended} if not run.code else {key: before[key] for key in [success] if key in before}
    grown = {
        ("dossier_runs_total", labelled(topic=run.topic, exit_code=str(run.code))): 1,
        ("dossier_articles_stored_total", topic): stored,
        ("dossier_requests_total", topic): sent,
        ("dossier_received_bytes_total", topic): received,
    }
    former = {key: value for key, value in before.items() if key[0].endswith("_total") and topic[0] in key[1]}
    return values | former | {key: former.get(key, 0) + value for key, value in grown.items()}


PARTS = (
    ("dossier_run_outcomes", "state", "dossier/outcome/"),
    ("dossier_run_sources", "status", "dossier/sources/"),
)


def of_archive(archive: ArchiveFigures) -> Values:
    """What the file says of the archive."""
    values: Values = {("dossier_articles", ()): archive.articles}
    values |= {("dossier_disk_bytes", labelled(part=part)): size for part, size in archive.disk.items()}
    values |= {("dossier_review_queue", labelled(topic=topic)): count for topic, count in archive.review.items()}
    return values | {
        ("dossier_candidates_waiting", labelled(topic=topic)): count for topic, count in archive.waiting.items()
    }


def written(path: Path, run: RunFigures, archive: ArchiveFigures | None) -> None:
    """Write the file anew with what a run changes, all of it or nothing; what it says of other topics stays.

    OSError where it cannot be written. What was no file of metrics is written over.
    """
    before = read(path)
    others = {key: value for key, value in before.items() if ("topic", run.topic) not in key[1]}
    if archive is not None:
        others = {key: value for key, value in others.items() if key[0].startswith(OF_RUNS)}
    values = others | of_run(run, before) | (of_archive(archive) if archive else {})
    path.parent.mkdir(parents=True, exist_ok=True)
    registry = CollectorRegistry()
    registry.register(Figures(values))
    write_to_textfile(str(path), registry)


OF_RUNS = ("dossier_run", "dossier_last", "dossier_articles_stored", "dossier_requests", "dossier_received")


class Figures:
    """Figures as Prometheus' client collects them."""

    def __init__(self, values: Values) -> None:
        self.values = values

    def collect(self) -> Iterable[Metric]:
        """Each metric with its samples."""
        for name, about in ABOUT.items():
            samples = sorted((labels, value) for (one, labels), value in self.values.items() if one == name)
            if samples:
                yield family(name, about, samples)


def family(name: str, about: str, samples: list[tuple[Labels, float]]) -> Metric:
    """One metric."""
    names = [label for label, _ in samples[0][0]]
    kind = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
    metric: Metric = kind(name, about, labels=names)
    for labels, value in samples:
        metric.add_metric([text for _, text in labels], value)  # type: ignore[attr-defined]  # both kinds have it
    return metric


def read(path: Path) -> Values:
    """What a file says; nothing where there is none, or where it is none of ours."""
    try:
        with path.open("rb") as file:
            text = file.read(MOST + 1)
        return dict(samples_of(text.decode())) if len(text) <= MOST else {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # as its parser meets what it does not know
        return {}


def samples_of(text: str) -> Iterator[tuple[tuple[str, Labels], float]]:
    """The samples of our own metrics."""
    for metric in text_string_to_metric_families(text):
        for sample in metric.samples:
            if sample.name in ABOUT:
                yield (sample.name, labelled(**sample.labels)), sample.value


def place_of(setting: str, data: Path) -> Path:
    """Where the file is: where DOSSIER_METRICS says, else in the data folder."""
    return Path(setting).expanduser() if setting else data / "metrics" / "dossier.prom"
