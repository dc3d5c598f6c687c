"""What a new article costs an archive that holds 10 thousand, 100 thousand and a million: CPU and bytes.

    python -m benchmarks.copies_cost [--most 1000000] [--probes 300] [--folder DIR]

Each probe is a capture that passes the stages `group` (whose copy is it?) and `store` (one transaction) of the real
thing: a text of its own, or a copy of an article that is held. The archives lie side by side and are asked in turn, so
that a busy machine is as busy for each. First cold: the connection is opened anew and the file thrown out of the
system's cache before every tenth probe; then warm, with all of the file in it. The baseline is the article's row with
its full-text index alone, in a transaction of its own. Up to 100,000 articles are invented texts
(benchmarks/holdings.py); above, their fingerprints are invented too.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from archive.rows import CandidateRow
from archive.store import NAME, Archive
from benchmarks.holdings import OUTLETS, Press, Text, fill
from pipelines.identity import identity
from pipelines.items import Article, Candidate, Capture, Page, Verdict
from pipelines.stages.group import GroupPipeline
from pipelines.stages.store import StorePipeline

REAL = 100_000
LEVELS = (10_000, 100_000, 1_000_000)
TOPIC = 'title = "Everything"\n[terms]\n"everything" = 1\n'
TOGETHER = 10  # probes between two evictions
WARMING = 20  # probes that are not counted
NOON = datetime(2021, 8, 15, 12, tzinfo=UTC)
NOW = "2021-08-15T12:00:00Z"
BASELINE = """
INSERT INTO articles (url, outlet_id, title, language, published, fetched, words, content_hash, words_hash, body_source,
    extractor, month, body) VALUES (?, 1, ?, 'en', ?, ?, 250, ?, ?, 'trafilatura', 'made', '2021-08', ?)
"""


@dataclass(slots=True)
class Cost:
    """CPU milliseconds of each probe, by what was done."""

    ask: list[float] = field(default_factory=list)
    write: list[float] = field(default_factory=list)

    @property
    def total(self) -> list[float]:
        return [one + two for one, two in zip(self.ask, self.write, strict=True)]


class Probes:
    """New articles, as the judge hands them on: four in five a text of its own, the others copies of what is held."""

    def __init__(self, press: Press, real: int = REAL) -> None:
        self.press = press
        self.real = real
        self.number = 0

    def body(self, archive: Archive) -> str:
        """The next body."""
        self.number += 1
        if self.number % 5:
            newest = archive.db.execute("SELECT MAX(id) FROM articles").fetchone()[0]
            return "\n".join(self.press.original(newest, is_real=True).paragraphs)
        # Of the texts that are whole, from the youngest to the oldest.
        most = archive.db.execute("SELECT MAX(id) FROM articles WHERE id <= ?", [self.real]).fetchone()[0]
        place = most - self.press.random.randrange(most) if self.number % 2 else most - self.press.random.randrange(200)
        held = archive.db.execute("SELECT body FROM articles WHERE id = ?", [place]).fetchone()
        text = Text(paragraphs=held[0].split("\n") if held else [], words=250)
        return "\n".join(self.press.copy(text, is_real=True).paragraphs)

    def capture(self, archive: Archive) -> Capture:
        """The next one, its candidate in the frontier."""
        body = self.body(archive)
        host = f"{self.press.random.randint(1, OUTLETS)}.example"
        url = f"https://{host}/probe/{self.number}"
        archive.candidates.note(1, 1, [CandidateRow(url=url, host=host)], NOW)
        (candidate,) = archive.db.execute("SELECT id FROM candidates WHERE topic_id = 1 AND url = ?", [url]).fetchone()
        article = Article(
            title=self.press.paragraph(9)[:-1], body=body, published=NOON + timedelta(minutes=self.number),
            lines=tuple(hash(line) for line in body.split("\n")),
        )  # fmt: skip
        page = Page(url=url, status=200, headers=(), body=b"<html>", fetched=NOON)
        return Capture(
            candidate=Candidate(url=url, id=candidate), page=page, article=article, url=identity(page, article, url),
            verdict=Verdict(score=0.8, decision="keep"),
        )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Level:
    """An archive that holds so many articles, and what was measured of it."""

    held: int
    folder: Path
    crawler: Crawler
    probes: Probes
    cold: Cost = field(default_factory=Cost)
    warm: Cost = field(default_factory=Cost)
    baseline: list[float] = field(default_factory=list)
    bytes: float = 0.0
    joined: int = 0
    megabytes: float = 0.0

    @contextmanager
    def opened(self) -> Iterator[Callable[[Cost], None]]:
        """A function that lets one new article pass, and enters what that costs."""
        group, store = GroupPipeline.from_crawler(self.crawler), StorePipeline.from_crawler(self.crawler)

        def probe(cost: Cost) -> None:
            capture = self.probes.capture(store.archive)
            begun = time.process_time()
            group.process_item(capture)
            asked = time.process_time()
            store.process_item(capture)
            cost.write.append((time.process_time() - asked) * 1000)
            cost.ask.append((asked - begun) * 1000)
            self.joined += capture.kinship is not None and capture.kinship.story_id is not None

        try:
            yield probe
        finally:
            group.close_spider()
            store.close_spider()

    def plain(self) -> None:
        """Enter what a row with its full-text index costs, and nothing else."""
        with closing(Archive.open(self.folder)) as archive:
            for number in range(WARMING + TOGETHER):
                body, title = self.probes.body(archive), self.probes.press.snippet()
                same = f"{self.probes.press.random.getrandbits(128):032x}"
                values = [f"https://plain.example/{same}", title, NOW, NOW, same, same, body]
                begun = time.process_time()
                with archive.writing() as db:
                    db.execute(BASELINE, values)
                if number >= WARMING:
                    self.baseline.append((time.process_time() - begun) * 1000)

    def size(self) -> int:
        """The bytes of the pages that are in use."""
        with closing(Archive.open(self.folder)) as archive:
            archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages, free, each = (archive.db.execute(f"PRAGMA {name}").fetchone()[0] for name in
                                 ("page_count", "freelist_count", "page_size"))  # fmt: skip
        return int((pages - free) * each)


def prepared(folder: Path, held: int, real: int = REAL) -> Level:
    """An archive in a folder, which holds nothing yet, or is one of fewer articles."""
    folder.mkdir(exist_ok=True)
    (topic := folder / "everything.toml").write_text(TOPIC, encoding="utf-8")
    with closing(Archive.open(folder)) as archive:
        archive.topics.ensure("everything", "Everything", TOPIC)
        archive.sources.ensure("feeds", "https://1.example/feed", "1.example")
    crawler = get_crawler(settings_dict={"DOSSIER_DATA": str(folder), "DOSSIER_TOPIC": str(topic)})
    press = Press()
    press.random.seed(2)  # other texts than those that are held, and the same ones at each level
    return Level(held=held, folder=folder, crawler=crawler, probes=Probes(press, real))


def filled(folder: Path, most: int) -> Iterator[Level]:
    """An archive of each level, the smaller ones copied while they were small."""
    press, growing = Press(), folder / "growing"
    for held in (level for level in LEVELS if level <= most):
        began = time.monotonic()
        with closing(Archive.open(prepared(growing, held).folder)) as archive:
            fill(archive, press, held, real=REAL)
        (folder / str(held)).mkdir()
        shutil.copyfile(growing / NAME, folder / str(held) / NAME)
        print(f"{held:,} articles held after {time.monotonic() - began:.0f} s more", flush=True)
        yield prepared(folder / str(held), held)
    shutil.rmtree(growing)


def measure(levels: Sequence[Level], count: int) -> None:
    """Ask all archives in turn: cold, warm, and for the baseline."""
    for _ in range(count // 2 // TOGETHER):
        for level in levels:
            evict(level.folder / NAME)
            with level.opened() as probe:
                for _ in range(TOGETHER):
                    probe(level.cold)
    for level in levels:
        read_through(level.folder / NAME)
    before = [level.size() for level in levels]
    with ExitStack() as stack:
        probes = [stack.enter_context(level.opened()) for level in levels]
        for number in range(WARMING + count):
            for level, probe in zip(levels, probes, strict=True):
                probe(level.warm if number >= WARMING else Cost())
    for level, size in zip(levels, before, strict=True):
        after = level.size()
        level.bytes, level.megabytes = (after - size) / (WARMING + count), after / 1e6
    for _ in range(count // 2 // TOGETHER):
        for level in levels:
            level.plain()


def evict(path: Path) -> None:
    """Throw a file out of the system's cache, as far as the system does as it is told."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read_through(path: Path) -> None:
    """Let all of a file be in the system's cache, as it is where an archive is in use."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 22):
            pass


def exponent(levels: Sequence[Level], value: Callable[[Level], float]) -> float:
    """The slope of the logarithms: 0 where the cost does not grow, 1 where it grows with the archive."""
    points = [(math.log(level.held), math.log(value(level))) for level in levels]
    return statistics.linear_regression(*zip(*points, strict=True)).slope if len(points) > 1 else math.nan


MEASURES: tuple[tuple[str, Callable[[Level], float]], ...] = (
    ("ask, cold", lambda level: statistics.mean(level.cold.ask)),
    ("ask, warm", lambda level: statistics.mean(level.warm.ask)),
    ("write, warm", lambda level: statistics.mean(level.warm.write)),
    ("all, cold", lambda level: statistics.mean(level.cold.total)),
    ("all, warm", lambda level: statistics.mean(level.warm.total)),
    ("all, warm, median", lambda level: statistics.median(level.warm.total)),
    ("row and full text", lambda level: statistics.mean(level.baseline)),
    ("bytes", lambda level: level.bytes),
)


def report(levels: Sequence[Level]) -> None:
    """Print a table: CPU milliseconds by level, bytes, and how both grow."""
    print(f"{'CPU ms an article':20}" + "".join(f"{level.held:>12,}" for level in levels) + f"{'exponent':>12}")
    for name, value in MEASURES:
        figures = "".join(f"{value(level):12,.0f}" if name == "bytes" else f"{value(level):12.3f}" for level in levels)
        print(f"{name:20}{figures}{exponent(levels, value):12.3f}")
    print(f"{'joined a story':20}" + "".join(f"{level.joined:12,}" for level in levels))
    print(f"{'database, MB':20}" + "".join(f"{level.megabytes:12,.0f}" for level in levels))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=LEVELS[-1], help="articles held at the last level")
    parser.add_argument("--probes", type=int, default=300, help="new articles a level, half as many more of them cold")
    parser.add_argument("--folder", type=Path, help="where the archives are made (some 6 GB), and removed again")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        levels = list(filled(Path(name), given.most))
        measure(levels, given.probes)
        report(levels)


if __name__ == "__main__":
    main()
