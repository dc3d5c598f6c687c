"""Taking a snapshot: all of it, or nothing."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from archive.errors import StoreError
from archive.queries import Reader
from archive.snapshots import datapackage, readme
from archive.snapshots.bases import SUMS
from archive.snapshots.changes import changes
from archive.snapshots.files import Folder
from archive.snapshots.folders import alone, days, keep, point, replaceable, thinned
from archive.snapshots.moments import of_one_moment, sorting
from archive.snapshots.outcome import Snapshot
from archive.snapshots.parquet import needed, parquet_files
from archive.snapshots.tables import tables
from archive.snapshots.writing import Said, sheets

TOPICS = "SELECT name, title FROM topics ORDER BY name"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a snapshot has beside the usual; `words` counts those of a text, `said` hears how far it is."""

    bodies: bool
    parquet: bool
    words: Callable[[str], int]
    said: Said


def by_spaces(text: str) -> int:
    """The words of a text, where nobody says how they are counted."""
    return len(text.split())


def silent(_name: str, _rows: int) -> None:
    """Say nothing."""


def snapshot(
    db: Reader,
    data: Path,
    day: str,
    *,
    bodies: bool = False,
    zipped: bool = False,
    parquet: bool = False,
    keep_last: int = 0,
    words: Callable[[str], int] = by_spaces,
    said: Said = silent,
) -> Snapshot:
    """Write `snapshots/DAY` of a data folder, all of it or nothing; a snapshot of the same day is replaced.

    It shows the archive of `db` at one moment, the present, while others may write. `words` counts those of earlier
    texts as articles' were counted, `said` is told how far it is. With `keep_last`, older ones are removed afterwards.
    StoreError where the disk does not take it, ArchiveBusy where another one is being written.
    """
    if parquet:
        needed()
    root = data / "snapshots"
    target = root / day
    options = Options(bodies=bodies, parquet=parquet, words=words, said=said)
    try:
        with alone(root) as building:
            replaceable(target)
            with closing(Folder(building, zipped=zipped)) as folder:
                done = built(db, folder, target, options)
            keep(building, target)
            point(root, day)
            removed = thinned(root, keep_last, {day, done.changes.base or ""}) if keep_last else []
            later = tuple(one for one in days(root) if one > day)
    except OSError as error:
        fault = error.strerror or str(error)
        message = f"{target} cannot be written ({fault}); make room or mend its rights, and run this again"
        raise StoreError(message, "full" if error.errno in FULL else "readonly") from error
    return replace(done, removed=tuple(removed), later=later)


def built(db: Reader, folder: Folder, target: Path, options: Options) -> Snapshot:
    """Write all files of a snapshot, which is going to be `target`, into a folder; on disk when this returns."""
    wanted = tables(bodies=options.bodies)
    with of_one_moment(db, len(wanted), options.words) as readers, sorting():
        made = sheets(readers, wanted, folder, options.said)
        topics = [{"name": name, "title": title} for name, title in readers[0].execute(TOPICS)]
    options.said("changes", 0)
    more, different = changes(target.parent, target.name, folder, wanted[0])
    made += more
    files = [sheet.file for sheet in made] + (parquet_files(folder, made) if options.parquet else [])
    descriptor = datapackage.described(target.name, made, different, topics)
    files.append(folder.text(datapackage.NAME, datapackage.text(descriptor)))
    files.append(folder.text(readme.NAME, readme.text(made, topics)))
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in sorted(files, key=lambda file: file.name))
    files.append(folder.text(SUMS, sums))
    folder.settle()
    return Snapshot(
        folder=target,
        rows={sheet.table.name: sheet.file.rows or 0 for sheet in made},
        bytes=sum(file.bytes for file in files),
        changes=different,
    )
