"""Whose address it is, where an address may be none."""

from __future__ import annotations

from pipelines.urls import outlet_of


def outlets_of(*urls: str) -> frozenset[str]:
    """The outlets of these URLs; those that are no usable address have none."""
    found = set()
    for url in urls:
        try:
            found.add(outlet_of(url))
        except ValueError:
            continue
    return frozenset(found)
