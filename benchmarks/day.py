"""A day in the life: three crawls of recorded real pages, with feeds that move on between them.

    python -m benchmarks.day --replay replay_web.py PAGES_DIR...

Each crawl sees the feeds at another hour: of each host's recorded pages by date the first 60 %, then 20 % to 80 %, then
the last 60 %. The first two crawls ask every source, the third also asks the known articles whether they have changed.
What is proved is read from the server's log and from the ledger.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.replay import crawl, replayed, write_topic

HOURS = ((0.0, 0.6), (0.2, 0.8), (0.4, 1.0))
OPTIONS = (("-s", "DOSSIER_ALL_DUE=1"), ("-s", "DOSSIER_ALL_DUE=1"), ("--recheck",))
PACE = ("-s", "DOWNLOAD_DELAY=0.05", "-s", "AUTOTHROTTLE_ENABLED=0")


def recorded(folders: Sequence[Path]) -> list[tuple[Path, dict[str, Any]]]:
    """All recorded pages with their folders, oldest first."""
    pages = [(folder, json.loads(line)) for folder in folders for line in (folder / "manifest.jsonl").open("rb")]
    return sorted(pages, key=lambda page: (str(page[1].get("date") or ""), page[1]["url"]))


def listed(pages: Sequence[tuple[Path, dict[str, Any]]], hour: tuple[float, float], folder: Path) -> Path:
    """A folder with the pages that the feeds list at that hour."""
    hosts: dict[str, list[tuple[Path, dict[str, Any]]]] = {}
    for page in pages:
        hosts.setdefault(urlsplit(page[1]["url"]).hostname or "", []).append(page)
    chosen = [
        page for own in hosts.values() for page in own[int(hour[0] * len(own)) : max(ceil(hour[1] * len(own)), 1)]
    ]
    (folder / "pages").mkdir(parents=True)
    with (folder / "manifest.jsonl").open("w", encoding="utf-8") as out:
        for where, row in chosen:
            out.write(json.dumps(row) + "\n")
            page = f"pages/{row['id']}.html.gz"
            (folder / page).symlink_to((where / page).resolve())
    return folder


def told(log: Path, urls: set[str]) -> tuple[list[dict[str, Any]], Counter[tuple[str, int]]]:
    """The requests of a crawl, and how many of each kind were answered in which way."""
    requests = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    kinds: Counter[tuple[str, int]] = Counter()
    for row in requests:
        path = urlsplit(row["url"]).path
        kind = "articles" if row["url"] in urls else "robots.txt" if path == "/robots.txt" else "sources"
        kinds[kind, row["status"]] += 1
    return requests, kinds


def ledger(work: Path) -> list[tuple[Any, ...]]:
    """Of each run: its questions by status, and the sources that it asked but did not enter."""
    database = sqlite3.connect(work / "data" / "news.db")
    rows = database.execute(
        "SELECT run_id, status, COUNT(*), SUM(found) FROM coverage GROUP BY run_id, status ORDER BY 1, 2"
    ).fetchall()
    database.close()
    return rows


def tell(number: int, figures: dict[str, Any], requests: list[dict[str, Any]], kinds: Counter[tuple[str, int]]) -> None:
    """Print how one crawl went, as the server saw it."""
    print(
        f"crawl {number}: exit {figures['exit']}, {figures.get('outcome/stored', 0)} stored, "
        f"{figures.get('outcome/unchanged', 0)} unchanged, {figures.get('found', 0)} new links"
    )
    for (kind, status), count in sorted(kinds.items()):
        print(f"  {count:5d} {kind:10s} HTTP {status}")
    beside = {key: count for key, count in kinds.items() if key[0] != "robots.txt"}
    saved = sum(count for (_, status), count in beside.items() if status == 304)
    hosts = Counter(urlsplit(row["url"]).hostname for row in requests)
    share = 100 * saved / max(sum(beside.values()), 1)
    print(
        f"  {sum(beside.values())} requests beside robots.txt, {share:.0f} % answered 304; "
        f"requests a host: {max(hosts.values())} at most, {len(requests) / len(hosts):.1f} in the mean"
    )


def main() -> None:
    """Crawl three times and print what was asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--replay", type=Path, required=True)
    options = parser.parse_args()
    pages = recorded(options.folders)
    urls = {row["url"] for _, row in pages}
    in_full: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_topic(work / "replay.toml", [row for _, row in pages], "feeds")
        for number, hour in enumerate(HOURS):
            folder, log = listed(pages, hour, work / f"hour{number}"), work / "requests.jsonl"
            log.unlink(missing_ok=True)
            with replayed(options.replay, [folder], work) as environment:
                figures = crawl(work, environment, *OPTIONS[number], *PACE)
            requests, kinds = told(log, urls)
            in_full.update(row["url"] for row in requests if row["url"] in urls and row["status"] == 200)
            tell(number + 1, figures, requests, kinds)
        twice = sum(1 for count in in_full.values() if count > 1)
        print(f"asked in full more than once: {twice} of {len(in_full)} articles")
        for run, status, count, found in ledger(work):
            print(f"ledger of run {run}: {count} questions {status}, {found} links")


if __name__ == "__main__":
    main()
