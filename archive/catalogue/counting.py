"""How many of the articles found have each value of each field, as plain numbers that can be added and taken away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.columns import Codes
from archive.catalogue.filtering import Filtered, Places, one_of

Counts = Mapping[str, NDArray[np.int64]]
"""By field, then by code: that of an outlet or a topic is its id. An author's are those of the bylines."""

HISTOGRAM = "months"
"""The months again, without any filter by time."""


def counts_of(filtered: Filtered) -> Counts:
    """All counts, each without the filter by its own field."""
    view = filtered.view
    of_month, at_any_time = filtered.but("month"), filtered.but("time", "month")
    months = _counted(view.month, of_month)
    return {
        "outlet": _counted(view.outlet, filtered.but("outlet")),
        "month": months,
        "language": _counted(view.language, filtered.but("language")),
        "author": _counted(view.byline, filtered.but("author")),
        "topic": _of_topics(filtered),
        "kind": _counted(view.kind, filtered.but("kind")),
        "verdict": np.bincount(filtered.verdicts(filtered.whatever_verdict), minlength=4),
        HISTOGRAM: months if at_any_time is of_month else _counted(view.month, at_any_time),
    }


def followed(before: Counts, gone: Counts, came: Counts) -> Counts:
    """Counts without some articles and with some others."""
    return {field: _sum(before[field], -gone[field], came[field]) for field in before}


def weight(counts: Counts) -> int:
    """Bytes that counts take."""
    return sum(column.nbytes for column in counts.values())


def _counted(column: Codes, ids: Places) -> NDArray[np.int64]:
    return np.bincount(column.take(ids))


def _of_topics(filtered: Filtered) -> NDArray[np.int64]:
    """How many articles each topic has, with the verdicts that are wanted."""
    ids = filtered.whatever_verdict
    counts = np.zeros(max(filtered.view.topics, default=-1) + 1, np.int64)
    for topic in filtered.view.topics:
        counts[topic] = np.count_nonzero(one_of(filtered.verdicts_of(topic, ids), filtered.ranks))
    return counts


def _sum(*columns: NDArray[np.int64]) -> NDArray[np.int64]:
    total = np.zeros(max(map(len, columns)), np.int64)
    for column in columns:
        total[: len(column)] += column
    return total
