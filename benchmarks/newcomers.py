"""A crawl as a server sees it: an article is stored every so often, through the real writer, until it is told to stop.

python -m benchmarks.newcomers FOLDER SECONDS
"""

from __future__ import annotations

import argparse
import signal
import time
import uuid
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.rows import ArticleRow, CandidateRow, CaptureRows, MembershipRow, OutcomeRow
from archive.store import Archive
from benchmarks.newsstand import Newsstand

SAME = ("title", "byline", "summary", "language", "section", "words", "kind", "body_source", "extractor", "body")


def capture(archive: Archive, row: dict[str, Any]) -> CaptureRows:
    """What a crawl stores of a page that nobody has seen before; its candidate is in the frontier."""
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    outlet = str(row["url"]).split("/")[2]
    key = uuid.uuid4().hex
    url = f"https://{outlet}/new/{key}"
    archive.candidates.note(1, row["outlet_id"], [CandidateRow(url=url, host=outlet, title=row["title"])], now)
    (candidate,) = archive.db.execute("SELECT id FROM candidates WHERE topic_id = 1 AND url = ?", [url]).fetchone()
    article = ArticleRow(
        url=url, outlet=outlet, published=now, published_precision="instant", fetched=now, content_hash=key,
        words_hash=key, **{name: row[name] for name in SAME},
    )  # fmt: skip
    return CaptureRows(
        change="new", article=article, outcome=OutcomeRow(candidate_id=candidate, state="stored"),
        membership=MembershipRow(topic_id=1, score=0.9, verdict="keep", matched='[["everything", 0.9]]'),
        fingerprints=tuple(uuid.uuid4().int >> 66 for _ in range(64)), aliases=((url, "requested"),),
    )  # fmt: skip


def store(archive: Archive, row: dict[str, Any]) -> int:
    """The id of a new article."""
    return archive.articles.store(capture(archive, row), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("seconds", type=float)
    given = parser.parse_args()
    rows = Newsstand(10_000, seed=2).batch(1, 1_000)
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    stored = 0
    with closing(Archive.open(given.folder)) as archive:
        print("writing", flush=True)
        while not stopped:
            began = time.monotonic()
            store(archive, rows[stored % len(rows)])
            stored += 1
            time.sleep(max(0.0, given.seconds - (time.monotonic() - began)))
    print(stored, flush=True)


if __name__ == "__main__":
    main()
