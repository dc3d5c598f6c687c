"""One archive merged into another: what is done in which order, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.merging.articles import Joining, join_validators_of_sources
from archive.merging.belongings import Judge
from archive.merging.companies import Regroup
from archive.merging.days import join_days
from archive.merging.frontier import join_candidates
from archive.merging.grouping import join_rulings, settle
from archive.merging.identity import unite
from archive.merging.ledger import (
    Define,
    agreed,
    join_coverage,
    join_hosts,
    join_outlets,
    join_runs,
    join_sources,
    join_topics,
)
from archive.merging.origin import Origin
from archive.merging.records import Copying, join_records
from archive.merging.writing import Reading, track_versions
from archive.store import Archive
from archive.waiting import COUNT_YIELDS, FORGET_YIELDS
from archive.warc import WarcFiles

Told = Callable[[str, int, int], None]
"""Hears what is done, how many more of how many were looked at."""

STEPS = {"pages": "records", "links": "candidates", "articles": "articles"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the archive does not know by itself: what a topic means, a text says, and who is whose copy."""

    define: Define
    reading: Reading
    judge: Judge
    regroup: Regroup


@dataclass(slots=True, kw_only=True)
class Merged:
    """What came in from one archive. `refused` are its rows that no archive writes so."""

    folder: Path
    articles: int = 0
    changed: int = 0
    versions: int = 0
    united: int = 0
    links: int = 0
    stories: int = 0
    refused: int = 0
    pages: Copying = field(default_factory=Copying)

    @property
    def is_new(self) -> bool:
        """Whether anything of an article came in."""
        return bool(self.articles or self.changed or self.pages.copied or self.united)

    @property
    def is_whole(self) -> bool:
        """Whether all of it could come in."""
        return not (self.pages.damaged or self.refused)

    def figures(self) -> dict[str, Any]:
        """The counts as plain values."""
        return {
            "folder": str(self.folder), "articles": self.articles, "changed": self.changed, "versions": self.versions,
            "united": self.united, "records": self.pages.copied, "records_damaged": self.pages.damaged,
            "damaged": [list(one) for one in self.pages.missed or ()], "links": self.links, "stories": self.stories,
            "rows_refused": self.refused,
        }  # fmt: skip


def check(archive: Archive, origin: Origin, rules: Rules) -> None:
    """OriginError where an archive cannot be merged; nothing is written."""
    agreed(archive, origin, rules.define)


def merge(archive: Archive, origin: Origin, rules: Rules, told: Told, *, dry: bool = False) -> Merged:
    """Join another archive into this one; killed at any instant and begun again, it comes to the same end.

    With `dry` nothing is written, and what would come in is counted.
    """
    done = Merged(folder=origin.folder)
    totals = {step: origin.rows(f"SELECT COUNT(*) FROM {table}")[0][0] for step, table in STEPS.items()}

    def step(name: str) -> Callable[[int], None]:
        return lambda count: told(name, count, totals.get(name, 0))

    said = agreed(archive, origin, rules.define)
    with files_of(archive) as files:
        done.pages = join_records(archive, origin, files, step("pages"), dry=dry)
    topics = {} if dry else join_topics(archive, origin, said)
    if not dry:
        track_versions(archive, rules.reading.trace)
        done.links = _join_ledgers(archive, origin, topics, step("links"))
    joining = Joining(
        archive=archive, origin=origin, topics=topics, reading=rules.reading, judge=rules.judge, dry=dry
    )  # fmt: skip
    joining.all(step("articles"))
    done.articles, done.changed, done.versions = joining.new, joining.changed, joining.versions
    done.stories = joining.stories
    if not dry:
        join_rulings(archive, origin)
        done.united = unite(archive, rules.reading, rules.judge)
        settle(archive, origin, rules.regroup, step("stories"))
        count_yields(archive, topics.values())
    done.refused = origin.refused
    return done


def _join_ledgers(archive: Archive, origin: Origin, topics: dict[int, int], step: Callable[[int], None]) -> int:
    """Enter all that tells how articles are found; how many links are new."""
    join_outlets(archive, origin)
    join_sources(archive, origin)
    join_days(archive, origin)
    runs = join_runs(archive, origin, topics)
    join_coverage(archive, origin, runs)
    join_hosts(archive, origin)
    join_validators_of_sources(archive, origin)
    return join_candidates(archive, origin, topics, runs, step)


def count_yields(archive: Archive, topics: Iterable[int]) -> None:
    """Count anew how the links of each host have fared, in the topics that both archives follow."""
    with archive.writing() as db:
        for topic in topics:
            db.execute(FORGET_YIELDS, [topic])
            db.execute(COUNT_YIELDS, [topic])


@contextmanager
def files_of(archive: Archive) -> Iterator[WarcFiles]:
    """The WARC files of an archive, each record of which is on disk before the transaction that names it commits."""
    files = WarcFiles(archive.folder / "warc", committed=archive.articles.last_record)
    archive.transactions.before_commit.append(files.sync)
    try:
        yield files
    finally:
        archive.transactions.before_commit.remove(files.sync)
        files.close()
