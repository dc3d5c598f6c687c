"""Runs that failed: the last run of a topic, where it did not end as it should."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from archive.lock import crawling
from archive.queries import Reader
from archive.supply import last_runs
from archive.wording import counted
from crawler.terminal import minute
from crawler.watching.finding import Finding


def run_findings(db: Reader, data: Path) -> list[Finding]:
    """What went wrong with the last run of each topic."""
    found = []
    for run in last_runs(db):
        fault = fault_of(run, lambda: bool(crawling(data)))
        if fault:
            text, advice = fault
            found.append(
                Finding(
                    kind="run failed", topic=run["topic"], subject=run["started"], since=run["started"],
                    text=f"The run of {minute(run['started'])} {text}.", advice=advice,
                )
            )  # fmt: skip
    return found


def fault_of(run: Mapping[str, Any], is_running: Callable[[], bool]) -> tuple[str, str] | None:
    """What a run did wrong and what to do about it; None of one that went well, was stopped, or is under way."""
    counts = json.loads(run["counts"]) if run["counts"] else {}
    again = f"`dossier crawl {run['topic']}` goes on from there"
    if run["finished"] is None:
        told = "never ended: it was killed, or the machine went down"
        return None if is_running() else (told, f"nothing is lost: {again}; `dossier doctor` looks at the archive")
    if run["outcome"] == "store_failed":
        return "could not store what it fetched", f"`dossier doctor` says why (disk full? locked?); then {again}"
    if run["outcome"] == "memusage_exceeded":
        return "ended at its memory limit", f"{again}; look at crawl.log where it happens again"
    if faults := counts.get("faults", 0):
        told = counted(faults, "fault")
        return f"met {told} of our own", "crawl.log in the data folder has them; please report them"
    if counts.get("requests") and not counts.get("responses"):
        return "could reach nothing", f"look whether the network (or the proxy) is up; then {again}"
    return None
