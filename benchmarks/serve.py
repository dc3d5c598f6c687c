"""How quickly an archive is served: pages, repeated pages, a result as CSV; beside it, Datasette's own table page.

    python -m benchmarks.serve [--sizes 10000 100000] [--seconds 10] [--keep DIR] [--out FILE]

For each size, an archive of so many invented articles (benchmarks/newsstand.py) is served by `dossier serve` in a
process of its own and read over loopback. What one reader sees is measured while another process stores an article
every fifth of a second; what fifty readers see who ask for the same pages, with and without it. Where others keep the
machine busy, the CPU that a page takes tells more than its time. The last column is the slope of the logarithms: 0
where a figure does not grow with the archive, 1 where it grows as much. Archives that lie in DIR (10000, 100000, ...
with a file READY) are taken; what is made, is left there. The baseline is `datasette news.db` as it comes: the page of
the table with a search, four facets and the newest first, for rare, middle and common words.
"""

from __future__ import annotations

import argparse
import json
import math
import sqlite3
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.newsstand import Newsstand, build
from benchmarks.questions import commonest, questions, stock
from benchmarks.servers import Server, dossier, plain, writing
from benchmarks.visitors import Times, Visitor, crowd

RESULTS = Path(__file__).parent / "results"
SIZES = (10_000, 100_000, 1_000_000)
READERS = 50
REPEATED = 40  # addresses that all readers ask for
KINDS = ("middle word", "common word", "nothing", "phrase", "word, month", "page 50")  # that are told apart
TIMED_OUT = b"facets-timed-out"
COUNTS = ("answers", "refused", ", rows", "%")  # endings of figures that say how much was measured, and not how quickly

Figures = dict[str, float]


def measured(folder: Path, held: int, seconds: float) -> Figures:
    """All figures of one archive; each part takes some `seconds`."""
    stand, figures = Newsstand(held), Figures()
    with dossier(folder) as server:
        figures["cold start, s"] = server.started
        figures["memory at first, MB"] = server.memory
        stories = copied(folder)
        sizes(server, stand, held, stories[0], figures)
        with writing(folder):
            alone(server, stand, seconds, figures)
            for name, numbers in (("article", [1 + place * 7919 % held for place in range(200)]), ("story", stories)):
                enter(figures, name, series(server, [f"/{name}/{number}" for number in numbers], seconds / 2))
            together(server, stand, seconds, "50 readers while writing", figures)
        together(server, stand, seconds, "50 readers", figures)
        download(server, "/search.csv?q=", "CSV", seconds * 2, figures)
        download(server, "/search.csv?q=&for=spreadsheet", "CSV, guarded", seconds, figures)
        figures["memory at most, MB"] = server.peak
        figures["CPU seconds of the server"] = server.cpu
    with plain(folder) as server:
        baseline(server, stand, seconds, figures)
    return figures


def sizes(server: Server, stand: Newsstand, held: int, story: int, figures: Figures) -> None:
    """The bytes of each page, and how long it takes when nobody asked for it before and nothing is written."""
    word = stand.words.ranked["en"][350]
    pages = {
        "front": "/", "search": f"/search?q={word}", "article": f"/article/{held // 2}", "story": f"/story/{story}",
        "outlet": f"/outlet/{stand.outlets[0]}", "month": "/month/2019-03", "topic": "/topic/everything",
        "overview": "/overview", "about": "/about",
    }  # fmt: skip
    with Visitor(server.url) as visitor:
        found = {name: visitor.get(path) for name, path in pages.items()}
    for name, taken in found.items():
        if taken.status == 200:
            figures[f"page {name}, KB"] = len(taken.body) / 1000
            figures[f"page {name}, first time, ms"] = taken.milliseconds


def copied(folder: Path) -> list[int]:
    """Stories that more than one article carries."""
    with closing(sqlite3.connect(folder / "news.db")) as db:
        return [number for (number,) in db.execute("SELECT id FROM stories WHERE size > 1 LIMIT 200")]


def alone(server: Server, stand: Newsstand, seconds: float, figures: Figures) -> None:
    """What one reader sees while a crawl writes: of what nobody asked before, and of what was asked before."""
    asked, clock = questions(stand), Clock(seconds * 2)
    paths = [path for some in zip(*asked.values(), strict=True) for path in some]
    work = Times()
    first = series(server, paths, math.inf, work)
    enter(figures, "search, first time", first)
    enter(figures, "search, first time, CPU", work)
    for place, kind in enumerate(asked):
        if kind in KINDS:
            figures[f"search, first time, {kind}, p50, ms"] = statistics.median(first.took[place :: len(asked)])
    again, work = Times(), Times()
    while True:
        again.add(series(server, paths, math.inf, work))
        if clock.is_over:
            break
    enter(figures, "search, again", again)
    enter(figures, "search, again, CPU", work)
    enter(figures, "commonest words, first time", series(server, commonest(stand), seconds))
    figures["search, refused"] = first.faults + again.faults


def series(server: Server, paths: Sequence[str], seconds: float, work: Times | None = None) -> Times:
    """Each address once, as many as there is time for; `work` is given the CPU that each took."""
    times, clock = Times(), Clock(seconds)
    with Visitor(server.url) as visitor:
        for path in paths:
            before = server.worked
            times.enter(taken := visitor.get(path))
            if work is not None:
                work.enter(replace(taken, milliseconds=server.worked - before))
            if clock.is_over:
                break
    return times


def together(server: Server, stand: Newsstand, seconds: float, name: str, figures: Figures) -> None:
    """What fifty readers see who ask for the same pages."""
    asked = [path for paths in questions(stand).values() for path in paths][::2][:REPEATED]
    series(server, asked, 60)
    before, clock = server.cpu, Clock(0)
    times = crowd(server.url, asked, READERS, seconds)
    figures[f"{name}, pages/s"] = len(times.took) / clock.passed
    enter(figures, name, times)
    figures[f"{name}, CPU ms"] = (server.cpu - before) * 1000 / max(1, len(times.took))
    figures[f"{name}, refused"] = times.faults


def download(server: Server, path: str, name: str, seconds: float, figures: Figures) -> None:
    """All of a result as a file, or what of it comes in time."""
    rows, size, clock, before = 0, 0, Clock(seconds), server.cpu
    for piece in Visitor(server.url).pieces(path):
        rows += piece.count(b"\r\n")
        size += len(piece)
        if clock.is_over:
            break
    figures[f"{name}, rows/s"] = rows / clock.passed
    figures[f"{name}, rows/s of CPU"] = rows / max(0.001, server.cpu - before)
    figures[f"{name}, rows"] = rows
    figures[f"{name}, bytes a row"] = size / max(1, rows)


def baseline(server: Server, stand: Newsstand, seconds: float, figures: Figures) -> None:
    """Datasette's own page of the table."""
    times, clock, cut = Times(), Clock(seconds * 2), 0
    with Visitor(server.url) as visitor:
        for path in stock(stand) * 5:
            taken = visitor.get(path)
            times.enter(taken)
            cut += TIMED_OUT in taken.body
            if clock.is_over:
                break
    enter(figures, "Datasette's table", times)
    figures["Datasette's table, KB"] = times.bytes / 1000
    figures["Datasette's table, facets cut off, %"] = 100 * cut / len(times.took)
    figures["Datasette's table, refused, %"] = 100 * times.faults / len(times.took)


class Clock:
    """Seconds from when it was made."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.began = seconds, datetime.now(UTC)

    @property
    def passed(self) -> float:
        """How many they are."""
        return max(1e-6, (datetime.now(UTC) - self.began).total_seconds())

    @property
    def is_over(self) -> bool:
        """Whether they are as many as were given."""
        return self.passed > self.seconds


def enter(figures: Figures, name: str, times: Times) -> None:
    """The figures of a series."""
    for label, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)):
        figures[f"{name}, {label}, ms"] = times.at(share)
    figures[f"{name}, answers"] = len(times.took)


def exponent(levels: Mapping[int, Figures], name: str) -> float:
    """The slope of the logarithms of a figure over those of the sizes."""
    points = [(math.log(held), math.log(found[name])) for held, found in levels.items() if found.get(name, 0) > 0]
    return statistics.linear_regression(*zip(*points, strict=True)).slope if len(points) > 1 else math.nan


def report(levels: Mapping[int, Figures]) -> list[str]:
    """A table of all figures, the sizes side by side."""
    names = dict.fromkeys(name for found in levels.values() for name in found)
    lines = [f"{'':44}" + "".join(f"{held:>12,}" for held in levels) + f"{'exponent':>10}"]
    for name in names:
        cells = "".join(f"{found.get(name, math.nan):12,.1f}" for found in levels.values())
        slope = "" if name.endswith(COUNTS) else f"{exponent(levels, name):10.2f}"
        lines.append(f"{name:44}{cells}{slope}")
    return lines


def archive_of(folder: Path, held: int) -> Path:
    """An archive of so many articles in a folder, made where it is not there."""
    mine = folder / str(held)
    if not (mine / "READY").exists():
        build(mine, held)
        (mine / "READY").write_text(f"{held} articles\n", encoding="utf-8")
    return mine


def bench(sizes: Sequence[int] = SIZES[:1], seconds: float = 5) -> Figures:
    """The figures of small archives, for `make bench`."""
    with tempfile.TemporaryDirectory() as name:
        return {
            f"{key} ({held:,})": value
            for held in sizes
            for key, value in measured(archive_of(Path(name), held), held, seconds).items()
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="articles; a million take 8 GB")
    parser.add_argument("--seconds", type=float, default=10, help="that each part takes, roughly")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where archives are and stay; else they are removed")
    parser.add_argument("--out", type=Path, help="a file for the figures; else one in benchmarks/results/")
    given = parser.parse_args()
    levels: dict[int, Figures] = {}
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for held in given.sizes:
            levels[held] = measured(archive_of(folder, held), held, given.seconds)
            print("\n".join(report(levels)), flush=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    out = given.out or RESULTS / f"serve-{stamp}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(levels, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
