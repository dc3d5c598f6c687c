"""Through the product: after a crawl of recorded pages and one `dossier reextract`, are the texts the benchmark's?

    python -m benchmarks.reextraction --replay replay_web.py PAGES_DIR...

Crawls the pages as `benchmarks.replay` does, reads the archive again twice, and compares every stored text with what
`benchmarks.extraction --again` makes of the same page. The second reading must change nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from archive.store import Archive
from benchmarks.extraction import predictions, recorded
from benchmarks.replay import ROOT, crawl, fingerprint, manifest, replayed, stored, write_topic


def reextract(work: Path) -> dict[str, Any]:
    """One `dossier reextract`; its report."""
    command = [sys.executable, "-m", "crawler.cli", "--data", str(work / "data"), "reextract", "--json"]
    began = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    report: dict[str, Any] = json.loads(done.stdout)
    return {**report, "seconds": round(time.monotonic() - began, 1)}


def expected(folders: Sequence[Path], stored_ids: set[str]) -> dict[str, str]:
    """The text of each stored page as the benchmark has it, all of them known to each other."""
    found = {page.id: page for folder in folders for page in recorded(folder.parent, [folder.name])}
    pages = [page for key, page in found.items() if key in stored_ids]
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.open(Path(folder))
        archive.db.execute("PRAGMA foreign_keys = OFF")  # lines are counted, articles are not stored
        texts = {str(line["id"]): str(line["text"]) for line in predictions(pages, archive, again=True)}
        archive.close()
    return texts


def told(report: dict[str, Any]) -> str:
    """A report in a line."""
    keys = ("read", "changed", "words_gained", "words_lost", "unread", "seconds")
    return ", ".join(f"{key.replace('_', ' ')} {report[key]}" for key in keys)


def main() -> None:
    """Crawl, read again twice, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--replay", type=Path, required=True)
    options = parser.parse_args()
    every = manifest(options.folders)
    times = Counter(page["url"] for page in every)
    pages = [page for page in every if times[page["url"]] == 1]  # which recording of two is played is not known
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        write_topic(work / "replay.toml", pages, "feeds")
        with replayed(options.replay, options.folders, work) as environment:
            figures = crawl(work, environment)
        print(f"{figures.get('outcome/stored', 0)} of {len(pages)} pages stored")
        print("first reading:", told(reextract(work)))
        before = fingerprint(work)
        print("second reading:", told(reextract(work)))
        print("tables and files:", "unchanged" if fingerprint(work) == before else "CHANGED")
        found = {row["id"]: row["text"] for row in stored(work, pages)}
        texts = expected(options.folders, set(found))
        other = sorted(key for key, text in found.items() if text != texts.get(key))
        print(f"{len(found) - len(other)} of {len(found)} texts equal the benchmark's", *other)


if __name__ == "__main__":
    main()
