"""All tables of a snapshot, as they are read."""

from __future__ import annotations

from dataclasses import replace

from archive.snapshots.articles import ARTICLES, BODIES, VERSIONS
from archive.snapshots.columns import Table
from archive.snapshots.groups import OUTLETS, STORIES
from archive.snapshots.ledgers import COVERAGE, SOURCES

TABLES = (ARTICLES, STORIES, VERSIONS, OUTLETS, SOURCES, COVERAGE)


def tables(*, bodies: bool) -> tuple[Table, ...]:
    """The tables that are read from the archive, with the texts where they are asked for."""
    return tuple(
        replace(table, columns=(*table.columns, BODIES[table.name])) if bodies and table.name in BODIES else table
        for table in TABLES
    )
