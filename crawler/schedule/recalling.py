"""After a clock was put back: what waits in the archive for the future that it had been in."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from archive.due import recall
from archive.store import Archive
from crawler.retry_after import LONGEST as LONGEST_REST
from crawler.times import text_of
from pipelines.ladder import LONGEST as LONGEST_STEP

SLACK = timedelta(days=1)


def recalled(data: Path, now: datetime) -> None:
    """Let hosts, links and known articles wait no longer than any may; StoreError where nothing can be written.

    The paces of sources are left as they are: the next crawl asks all of them, and so sets them right.
    """
    times = (text_of(now + ahead) or "" for ahead in (timedelta(0), LONGEST_REST + SLACK, LONGEST_STEP + SLACK))
    with closing(Archive.open(data)) as archive:
        recall(archive, *times)
