"""What the newest snapshot of an archive says of itself."""

from __future__ import annotations

import json
from pathlib import Path

from archive.snapshots.datapackage import NAME
from archive.snapshots.folders import days, pointed
from archive.snapshots.outcome import COUNTS, Changes, Snapshot

MOST = 10_000_000  # bytes of a descriptor


def last(data: Path) -> Snapshot | None:
    """The newest snapshot in a data folder, None where there is none.

    One of an older release, or one whose descriptor cannot be read, says where it is and no more.
    """
    root = data / "snapshots"
    known = days(root)
    if not known:
        return None
    folder = root / (pointed(root) if pointed(root) in known else known[-1])
    try:
        with (folder / NAME).open("rb") as file:
            told = json.loads(file.read(MOST))
        changes = told["changes"]
        return Snapshot(
            folder=folder,
            rows={one["name"]: int(one["rows"]) for one in told["resources"] if "-" not in one["name"]},
            bytes=sum(int(one["bytes"]) for one in told["resources"]),
            changes=Changes(
                base=told["base"], missing=tuple(changes["not_compared"]), faults=tuple(changes["unreadable"]),
                **{name: int(changes[name]) for name in COUNTS},
            ),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Snapshot(folder=folder, rows={}, bytes=0, changes=Changes())
