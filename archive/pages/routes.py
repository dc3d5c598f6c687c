"""Which address is which page."""

from __future__ import annotations

from archive.pages.about import about
from archive.pages.asked import Answer
from archive.pages.author import author
from archive.pages.front import front
from archive.pages.month import month
from archive.pages.outlet import outlet
from archive.pages.overview import overview, overview_data, overview_json
from archive.pages.topic import topic

ROUTES: tuple[tuple[str, Answer], ...] = (
    ("", front),
    ("outlet/(?P<domain>.+)", outlet),
    ("author/(?P<name>.+)", author),
    ("month/(?P<month>[^/]+)", month),
    ("topic/(?P<name>.+)", topic),
    ("overview", overview),
    (r"overview\.json", overview_json),
    (r"overview/(?P<chart>[a-z]+)\.(?P<form>csv|json)", overview_data),
    ("about", about),
)
"""Patterns of whole paths below the site's root, without the slash before; named groups become `Asked.parts`."""

SEARCHING: frozenset[Answer] = frozenset()
"""The pages that search: they wait for each other, and no other page waits for them."""
