"""What a reader opens costs the same in an archive of ten articles and of a million: all is read through an index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from archive.pages import (
    article,
    copies,
    kept_copy,
    neighbours,
    story,
    story_changes,
    surroundings,
    texts,
)
from archive.store import Archive

MODULES = (article, copies, kept_copy, neighbours, story, story_changes, surroundings, texts)

# Rows that are bounded, and the topics of an archive, which are few.
SCANNED = {"near", "one", "d", "t", "(subquery-1)", "(subquery-2)"}


def queries() -> Iterator[object]:
    for module in MODULES:
        for name, value in vars(module).items():
            if isinstance(value, str) and "SELECT" in value and "{" not in value:
                yield pytest.param(module, name, id=f"{module.__name__.rsplit('.', 1)[1]}.{name}")


@pytest.mark.parametrize(("module", "name"), list(queries()))
def test_nothing_is_read_through_from_end_to_end(archive: Archive, module: ModuleType, name: str) -> None:
    sql = getattr(module, name)
    values = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    plan = [step[3] for step in archive.db.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]
    assert plan
    assert {step.split()[1] for step in plan if step.startswith("SCAN")} <= SCANNED
