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
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.serve import archive_of, report

RESULTS = Path(__file__).parent / "results"
SIZES = (10_000, 100_000, 1_000_000)
KINDS = ("first", "next", "before")
Figures = dict[str, float]


def measured(folder: Path, tries: int) -> Figures:
    """The figures of one archive, the quickest of each kind."""
    runs: dict[str, list[Figures]] = {what: [] for what in KINDS}
    for _ in range(tries):
        with tempfile.TemporaryDirectory() as name:
            for what, told in runs.items():
                command = [sys.executable, "-m", "benchmarks.snapshot_run", what, str(folder), name]
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
    given = parser.parse_args()
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
