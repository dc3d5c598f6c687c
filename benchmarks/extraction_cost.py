"""What reading a page costs, as a ratio to trafilatura's own reading of it.

    python -m benchmarks.extraction_cost PAGES_DIR [--datasets a,b] [--rounds N] [--profile]

Both read each page of PAGES_DIR/<set>/manifest.jsonl from its bytes, with metadata, one right after the other and in
turns first, in one process after a warm-up; what counts is the CPU time of the process. Ours reads the links in the
text as well. With --profile: where the time of each goes, by cProfile, which makes Python's own share look larger.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import pstats
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import trafilatura

from pipelines.extraction import extract
from pipelines.items import Rejected

WARM_UP = 20  # pages: stop lists, patterns and caches are then loaded
LEAST_SHARE = 0.01  # of a profile that a function must have to be shown
SHOWN = ("pipelines", "trafilatura", "htmldate", "justext", "charset_normalizer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A recorded page: its set, its address, its bytes."""

    set: str
    url: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of CPU that one page took: ours and theirs."""

    set: str
    ours: float
    theirs: float


def recorded(pages: Path, sets: Sequence[str] = ()) -> Iterator[Recorded]:
    """The pages of all sets, or of these."""
    for manifest in sorted(pages.glob("*/manifest.jsonl")):
        folder = manifest.parent
        for line in manifest.read_text(encoding="utf-8").splitlines() if not sets or folder.name in sets else ():
            page = json.loads(line)
            body = gzip.decompress((folder / "pages" / f"{page['id']}.html.gz").read_bytes())
            yield Recorded(set=folder.name, url=page["url"], body=body)


def read_by_us(page: Recorded) -> None:
    with suppress(Rejected):
        extract(page.body, page.url)


def read_by_trafilatura(page: Recorded) -> None:
    trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)


def costs(pages: Sequence[Recorded], rounds: int) -> list[Cost]:
    """What each page costs, the mean of all rounds; who reads it first alternates."""
    ours, theirs = [0.0] * len(pages), [0.0] * len(pages)
    for turn in range(rounds):
        for at, page in enumerate(pages):
            if (turn + at) % 2:
                ours[at] += _seconds(read_by_us, page)
                theirs[at] += _seconds(read_by_trafilatura, page)
            else:
                theirs[at] += _seconds(read_by_trafilatura, page)
                ours[at] += _seconds(read_by_us, page)
    return [
        Cost(set=page.set, ours=us / rounds, theirs=them / rounds)
        for page, us, them in zip(pages, ours, theirs, strict=True)
    ]


def _seconds(read: Callable[[Recorded], None], page: Recorded) -> float:
    start = time.process_time()
    read(page)
    return time.process_time() - start


def table(found: Sequence[Cost]) -> Iterator[str]:
    """The ratios, a line a set and one for all."""
    yield f"{'set':14}{'pages':>6}{'ours ms':>10}{'theirs ms':>11}{'total':>8}{'median':>8}"
    for name in [*dict.fromkeys(cost.set for cost in found), "all"]:
        of_it = [cost for cost in found if name in (cost.set, "all")]
        ours, theirs = sum(cost.ours for cost in of_it), sum(cost.theirs for cost in of_it)
        middle = median(cost.ours / cost.theirs for cost in of_it)
        yield (
            f"{name:14}{len(of_it):6}{1000 * ours / len(of_it):10.2f}{1000 * theirs / len(of_it):11.2f}"
            f"{ours / theirs:7.2f}x{middle:7.2f}x"
        )


def profile(read: Callable[[Recorded], None], pages: Sequence[Recorded]) -> Iterator[str]:
    """Where the time of reading all pages goes: each function of the libraries involved, with all that it calls."""
    profiler = cProfile.Profile()
    profiler.enable()
    for page in pages:
        read(page)
    profiler.disable()
    stats = pstats.Stats(profiler)
    entries = stats.stats.items()
    whole = sum(own for _, (_, _, own, _, _) in entries)
    yield f"{'share':>7}{'own':>7}{'calls':>10}  function"
    for (file, _, name), (_, calls, own, cumulative, _) in sorted(entries, key=lambda entry: -entry[1][3]):
        module = _module(file)
        if cumulative >= LEAST_SHARE * whole and module.split(".")[0] in SHOWN:
            yield f"{cumulative / whole:7.1%}{own / whole:7.1%}{calls / len(pages):10.1f}  {module}.{name}"


def _module(file: str) -> str:
    parts = Path(file).with_suffix("").parts
    start = next((at for at, part in enumerate(parts) if part in SHOWN), len(parts))
    return ".".join(parts[start:])


def main() -> None:
    """Read the pages, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, metavar="PAGES_DIR", help="a folder with a folder for each set of pages")
    parser.add_argument("--datasets", default="", metavar="A,B", help="only these sets")
    parser.add_argument("--rounds", type=int, default=1, metavar="N", help="how often each page is read")
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    asked = parser.parse_args()
    pages = list(recorded(asked.pages, [name for name in asked.datasets.split(",") if name]))
    costs(pages[:: max(1, len(pages) // WARM_UP)], 1)
    for line in table(costs(pages, asked.rounds)):
        print(line)
    for name, read in (("ours", read_by_us), ("trafilatura", read_by_trafilatura)) if asked.profile else ():
        print(f"\n{name}")
        for line in profile(read, pages):
            print(line)


if __name__ == "__main__":
    main()
