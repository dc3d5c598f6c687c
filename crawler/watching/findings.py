"""All that is wrong with an archive's supply of news, as its own records tell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from archive.queries import Reader
from crawler.watching.finding import Finding
from crawler.watching.runs import run_findings
from crawler.watching.schedule import schedule_findings
from crawler.watching.sources import source_findings
from crawler.watching.topics import topic_findings


def findings(db: Reader, data: Path, now: datetime) -> list[Finding]:
    """What a person should hear of, the most pressing first; `db` is the archive in the folder `data`.

    Nothing is asked of the network, and nothing written. Whoever tells of them remembers what was told, by `key`.
    """
    return [
        *run_findings(db, data),
        *schedule_findings(db, data, now),
        *topic_findings(db, now),
        *source_findings(db, now),
    ]
