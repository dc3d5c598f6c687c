"""How quickly a snapshot is written: all files of it; beside it, articles alone as the csv module writes them.

    python -m benchmarks.snapshot [--sizes 10000 100000] [--tries 3] [--keep DIR] [--out FILE]

For each size, an archive of so many invented articles (benchmarks/newsstand.py) is read. Each run is a process of its
own: its seconds, its CPU and the most memory that it had. `first` has nothing to compare with, `next` is compared with
it, `before` is the baseline: articles.csv and its twin alone, row by row in the order of the addresses, each cell
guarded for itself. Of some tries the quickest counts, since others may keep the machine busy. Archives that lie in DIR
(10000, 100000, ... with a file READY) are taken and only read; what is made, is left there.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from archive.cells import guarded
from archive.snapshots import snapshot
from benchmarks.serve import archive_of, report

RESULTS = Path(__file__).parent / "results"
SIZES = (10_000, 100_000, 1_000_000)
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

Figures = dict[str, float]


def plain(db: sqlite3.Connection, data: Path) -> int:
    """The baseline; how many articles it wrote."""
    data.mkdir(exist_ok=True)
    count = 0
    with (
        (data / "articles.csv").open("w", encoding="utf-8", newline="") as exact,
        (data / "articles-spreadsheet.csv").open("w", encoding="utf-8-sig", newline="") as safe,
    ):
        one, other = csv.writer(exact, lineterminator="\n"), csv.writer(safe, lineterminator="\r\n")
        for row in db.execute(BASELINE):
            one.writerow(row)
            other.writerow([guarded(value) if isinstance(value, str) else value for value in row])
            count += 1
    return count


def once(folder: Path, data: Path, what: str) -> Figures:
    """One run in this process."""
    with closing(sqlite3.connect(f"{(folder / 'news.db').resolve().as_uri()}?mode=ro", uri=True)) as db:
        began = time.perf_counter()
        rows = plain(db, data / "plain") if what == "before" else snapshot(db, data, DAYS[what]).articles
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = time.perf_counter() - began
    return {"rows": rows, "seconds": seconds, "CPU seconds": used.ru_utime + used.ru_stime, "MB": used.ru_maxrss / 1e3}


def measured(folder: Path, tries: int) -> Figures:
    """The figures of one archive, the quickest of each kind."""
    runs: dict[str, list[Figures]] = {what: [] for what in (*DAYS, "before")}
    for _ in range(tries):
        with tempfile.TemporaryDirectory() as name:
            for what, told in runs.items():
                command = [sys.executable, "-m", "benchmarks.snapshot", "--once", what, str(folder), name]
                told.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    figures = Figures()
    for what, told in runs.items():
        best = min(told, key=lambda run: run["seconds"])
        figures |= {f"{what}, {key}": value for key, value in best.items()}
        figures[f"{what}, rows/s"] = best["rows"] / best["seconds"]
    return figures


def bench(sizes: Sequence[int] = SIZES[:1], tries: int = 2) -> Figures:
    """The figures of small archives, for `make bench`."""
    with tempfile.TemporaryDirectory() as name:
        return {
            f"{key} ({held:,})": value
            for held in sizes
            for key, value in measured(archive_of(Path(name), held), tries).items()
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="articles; a million take 8 GB")
    parser.add_argument("--tries", type=int, default=3, help="of which the quickest counts")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where archives are and stay; else they are removed")
    parser.add_argument("--out", type=Path, help="a file for the figures; else one in benchmarks/results/")
    parser.add_argument("--once", nargs=3, metavar=("WHAT", "FOLDER", "OUT"), help="one run, as JSON")
    given = parser.parse_args()
    if given.once:
        what, folder, data = given.once
        print(json.dumps(once(Path(folder), Path(data), what)))
        return
    levels: dict[int, Figures] = {}
    with ExitStack() as stack:
        kept = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for held in given.sizes:
            levels[held] = measured(archive_of(kept, held), given.tries)
            print("\n".join(report(levels)), flush=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    out = given.out or RESULTS / f"snapshot-{stamp}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(levels, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
