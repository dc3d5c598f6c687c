"""One snapshot in a process of its own, or the baseline, for `benchmarks.snapshot`: its figures as JSON.

python -m benchmarks.snapshot_run first|next|before FOLDER OUT
"""

from __future__ import annotations

import csv
import json
import resource
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from archive.cells import guarded
from archive.snapshots import snapshot

DAYS = {"first": "2019-03-14", "next": "2019-03-15"}
BASELINE = """
SELECT url, outlet, outlet_name, title, byline, summary, language, section, published, published_precision,
    published_offset, modified, fetched, words, kind, is_paywalled, is_partial, topics, verdicts, scores, story,
    story_relation, story_similarity, versions, content_hash, partial_reason, tags, removed
FROM (
    SELECT a.*, o.domain AS outlet, o.name AS outlet_name,
        (SELECT url FROM articles WHERE id = s.article_id) AS story,
        (SELECT COUNT(*) FROM versions WHERE article_id = a.id) AS versions,
        (SELECT group_concat(name, ' ') FROM (
            SELECT t.name FROM article_topics AS m JOIN topics AS t ON t.id = m.topic_id
            WHERE m.article_id = a.id AND m.verdict != 'drop' ORDER BY t.name)) AS topics,
        (SELECT group_concat(verdict, ' ') FROM (
            SELECT m.verdict FROM article_topics AS m JOIN topics AS t ON t.id = m.topic_id
            WHERE m.article_id = a.id AND m.verdict != 'drop' ORDER BY t.name)) AS verdicts,
        (SELECT group_concat(round(score, 4), ' ') FROM (
            SELECT m.score FROM article_topics AS m JOIN topics AS t ON t.id = m.topic_id
            WHERE m.article_id = a.id AND m.verdict != 'drop' ORDER BY t.name)) AS scores
    FROM articles AS a JOIN outlets AS o ON o.id = a.outlet_id LEFT JOIN stories AS s ON s.id = a.story_id
) ORDER BY url
"""


def plain(db: sqlite3.Connection, data: Path) -> int:
    """The baseline; how many articles it wrote."""
    data.mkdir(exist_ok=True)
    count = 0
    with (
        (data / "articles.csv").open("w", encoding="utf-8", newline="") as exact,
        (data / "articles-spreadsheet.csv").open("w", encoding="utf-8-sig", newline="") as safe,
    ):
        one, other = csv.writer(exact, lineterminator="\n"), csv.writer(safe, lineterminator="\r\n")
        rows = db.execute(BASELINE)
        for writer in (one, other):
            writer.writerow([name for name, *_ in rows.description])
        for row in rows:
            one.writerow(row)
            other.writerow([guarded(value) if isinstance(value, str) else value for value in row])
            count += 1
    return count


def once(folder: Path, data: Path, what: str) -> dict[str, float]:
    """One run in this process."""
    with closing(sqlite3.connect(f"{(folder / 'news.db').resolve().as_uri()}?mode=ro", uri=True)) as db:
        began = time.perf_counter()
        rows = plain(db, data / "plain") if what == "before" else snapshot(db, data, DAYS[what]).articles
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = time.perf_counter() - began
    return {"rows": rows, "seconds": seconds, "CPU seconds": used.ru_utime + used.ru_stime, "MB": used.ru_maxrss / 1e3}


if __name__ == "__main__":
    what, folder, data = sys.argv[1:]
    print(json.dumps(once(Path(folder), Path(data), what)))
