"""What is different since the last snapshot, for a person: one row for each article that is new, changed or gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from archive.columns import Column
from archive.snapshots.bases import BaseFaultError, Rows, articles_of
from archive.snapshots.columns import Table
from archive.snapshots.differences import differences
from archive.snapshots.files import Folder
from archive.snapshots.folders import days
from archive.snapshots.lines import written
from archive.snapshots.outcome import Changes
from archive.snapshots.writing import BATCH, Lines, Sheet

TRIES = 3  # older snapshots that are looked at where the last ones are damaged
SHOWN = 160  # characters of a value
BETWEEN = " | "

CHANGES = Table(
    name="changes",
    says="Articles that were added, changed or are gone since the snapshot that `base` in datapackage.json names; "
    "no rows where there is none.",
    columns=(
        Column("url", "", "address of the article; the key", is_required=True),
        Column("change", "", "added, changed or gone", is_required=True, one_of=("added", "changed", "gone")),
        Column("outlet", "", "registrable domain of its publisher"),
        Column("title", "", "its headline now, or the last one of what is gone"),
        Column("published", "", "when it was published; ISO 8601, UTC", "datetime"),
        Column("columns", "", "what changed: names of columns of `articles`, separated by spaces"),
        Column("before", "", "the most telling of them as they were: `name: value`, separated by bars, cut where long"),
        Column("after", "", "as they are now"),
    ),
    key=("url",),
    has_twin=True,
)


def changes(root: Path, day: str, folder: Folder, table: Table) -> tuple[list[Sheet], Changes]:
    """Write what changed since the newest snapshot before a day that can be read, and say what that comes to."""
    faults: list[str] = []
    for base in list(reversed([one for one in days(root) if one < day]))[:TRIES]:
        try:
            with articles_of(root / base) as old, articles_of(folder.path) as new:
                return since(base, Comparison(table, old, new), folder, faults)
        except BaseFaultError as error:
            faults.append(f"{base}: {error}" if base not in str(error) else str(error))
            for left in folder.path.glob(f"{CHANGES.name}*"):
                left.unlink()
    return since(None, None, folder, faults)


def since(
    base: str | None, compared: Comparison | None, folder: Folder, faults: Sequence[str]
) -> tuple[list[Sheet], Changes]:
    """Write the rows of a comparison, or none."""
    with ExitStack() as stack:
        lines = Lines(CHANGES, folder, stack)
        batch: list[bytes] = []
        for row in compared.rows() if compared else ():
            batch.append(written(row))
            if len(batch) == BATCH:
                lines.write(batch)
                batch = []
        if batch:
            lines.write(batch)
        counts = compared.counts if compared else Counter()
        missing = tuple(compared.missing) if compared else ()
        return lines.done(), Changes(base=base, missing=missing, faults=tuple(faults), **counts)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands in the old file and in the new one."""

    column: Column
    old: int
    new: int

    def differs(self, was: Sequence[str], now: Sequence[str]) -> bool:
        """Whether its values are not the same, however numbers are written."""
        one, other = was[self.old], now[self.new]
        if one == other:
            return False
        if self.column.kind == "number":
            try:
                return round(float(one), 4) != round(float(other), 4)
            except ValueError:
                return True
        return True


class Comparison:
    """Two files of articles, compared by the columns that both have; `counts` grows while the rows are read."""

    def __init__(self, table: Table, old: Rows, new: Rows) -> None:
        if old.names[:1] != ["url"]:
            raise BaseFaultError("its first column is no address")
        self.old, self.new = old, new
        self.places = [
            Place(column, old.names.index(column.name), place)
            for place, column in enumerate(table.columns)
            if column.name in old.names
        ]
        self.missing = [name for name in new.names if name not in old.names]
        self.counts: Counter[str] = Counter()

    def rows(self) -> Iterator[list[str]]:
        """The rows of `changes`."""
        for was, now in differences(self.old, self.new):
            if found := self.row(was, now):
                self.counts[found[1]] += 1
                yield found

    def row(self, was: Sequence[str] | None, now: Sequence[str] | None) -> list[str]:
        """One row, empty where all that can be compared is the same."""
        if was is None or now is None:
            known, names = (now, self.new.names) if now is not None else (was or (), self.old.names)
            change = "added" if was is None else "gone"
            about = dict(zip(names, known, strict=True))
            return [known[0], change, *(about.get(name, "") for name in ("outlet", "title", "published")), "", "", ""]
        found = [place for place in self.places if place.differs(was, now)]
        if not found:
            return []
        names = [place.column.name for place in found]
        about = dict(zip(self.new.names, now, strict=True))
        self.counts["texts"] += "content_hash" in names
        self.counts["taken_down"] += "removed" in names and bool(about["removed"])
        shown = [place for place in found if not place.column.told]
        shown = shown or [place for place in found if place.column.told == "alone"]
        return [
            now[0], "changed", about["outlet"], about["title"], about["published"],
            " ".join(names),
            BETWEEN.join(f"{place.column.name}: {short(was[place.old])}" for place in shown),
            BETWEEN.join(f"{place.column.name}: {short(now[place.new])}" for place in shown),
        ]  # fmt: skip


def short(value: str) -> str:
    """A value on one line, cut where it is long; a dash for nothing."""
    line = " ".join(value[: SHOWN * 4].split())
    return (line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…") or "–"
