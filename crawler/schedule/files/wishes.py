"""What an archive's dossier.toml says to a scheduler of the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crawler.operation import operation
from crawler.schedule.rules import Rules, rules_of


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
    rules = rules_of(tables["schedule"], data)
    return Wishes(
        topics=rules.topics,
        crawl_options=rules.crawl_options,
        nightly=(*snapshots(rules), ("maintain",)),
        sends_alerts=bool(tables["alerts"]),
    )


def snapshots(rules: Rules) -> tuple[tuple[str, ...], ...]:
    """The nightly snapshot, where one is wished."""
    if not rules.snapshot:
        return ()
    keep = ("--keep-last", str(rules.keep_snapshots)) if rules.keep_snapshots is not None else ()
    return (("snapshot", *keep),)
