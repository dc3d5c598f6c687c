"""A job: one run of the ordinary command, for one topic or for the whole archive."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from crawler.schedule.rules import Rules

Kind = Literal["watch", "snapshot", "maintain", "crawl", "backfill"]
LONGEST_JOB = timedelta(hours=6)
"""After which a job is asked to end; a crawl goes on where it was."""
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What the daemon runs; of jobs that are due, the first of these comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to run next, for which topic (empty: the archive), from when on, and why then.

    `file` is the topic's. With `asks_all`, every source is asked whatever its pace: its pace is from another future.
    `left` names what a backfill begins with.
    """

    kind: Kind
    at: datetime
    why: str
    topic: str = ""
    file: str = ""
    asks_all: bool = False
    left: str = ""

    @property
    def name(self) -> str:
        """`crawl talks`, or `snapshot`."""
        return f"{self.kind} {self.topic}" if self.topic else self.kind


def command_line(job: Job, data: Path, rules: Rules) -> list[str]:
    """The command that a job is."""
    words = [sys.executable, "-m", "crawler.cli", "--data", str(data), job.kind]
    match job.kind:
        case "crawl":
            words += [job.file, *rules.crawl_options]
            words += ["-s", "DOSSIER_ALL_DUE=1"] if job.asks_all else []
        case "backfill":
            words += [job.file, *without_channels(rules.crawl_options), "--max-pages", str(rules.backfill_pages)]
        case "snapshot" if rules.keep_snapshots is not None:
            words += ["--keep-last", str(rules.keep_snapshots)]
    return words


def without_channels(options: Sequence[str]) -> Iterator[str]:
    """The options of a crawl that a backfill has too: the channels that it asks are others."""
    skips = False
    for word in options:
        if not skips and word != "--only" and not word.startswith("--only="):
            yield word
        skips = word == "--only" and not skips
