"""What an archive's dossier.toml says to a scheduler of the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crawler.operation import NAME, OperationError, operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Topics (none: all that are there), options of every crawl, the nightly commands, and whether alerts are sent."""

    topics: tuple[str, ...] = ()
    crawl_options: tuple[str, ...] = ()
    nightly: tuple[tuple[str, ...], ...] = (("snapshot",), ("maintain",))
    sends_alerts: bool = False


def wishes(data: Path) -> Wishes:
    """The wishes of an archive; OperationError names the file, the key, the fault and the mend."""
    tables = operation(data)
    table, place = tables["schedule"], f"{data / NAME}: [schedule]"
    keep = table.get("keep_snapshots")
    if keep is not None and type(keep) is not int:
        raise OperationError(f"{place} keep_snapshots is {keep!r}; give a whole number")
    snapshot = ("snapshot", *(("--keep-last", str(keep)) if keep is not None else ()))
    return Wishes(
        topics=_words(table.get("topics", []), f"{place} topics"),
        crawl_options=_words(table.get("crawl_options", []), f"{place} crawl_options"),
        nightly=(*((snapshot,) if table.get("snapshot", True) else ()), ("maintain",)),
        sends_alerts=bool(tables["alerts"]),
    )


def _words(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise OperationError(f'{place} is no list of words; give one such as ["peace-talks"]')
    return tuple(value)
