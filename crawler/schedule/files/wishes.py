"""What an archive's dossier.toml says to a scheduler of the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crawler.operation import operation
from crawler.schedule.rules import Rules, rules


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
    plan = rules(data, tables["schedule"])
    return Wishes(
        topics=plan.topics,
        crawl_options=plan.crawl_options,
        nightly=(*snapshots(plan), ("maintain",)),
        sends_alerts=bool(tables["alerts"]),
    )


def snapshots(plan: Rules) -> tuple[tuple[str, ...], ...]:
    """The nightly snapshot, where one is wished."""
    if not plan.snapshot:
        return ()
    keep = ("--keep-last", str(plan.keep_snapshots)) if plan.keep_snapshots is not None else ()
    return (("snapshot", *keep),)
