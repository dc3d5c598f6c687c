"""Which address is which page."""

from __future__ import annotations

from archive.pages.asked import Answer
from archive.pages.front import front
from archive.pages.search_csv import search_csv

ROUTES: tuple[tuple[str, Answer], ...] = (("", front), (r"search\.csv", search_csv))
"""Patterns of whole paths below the site's root, without the slash before; named groups become `Asked.parts`."""

SEARCHING: frozenset[Answer] = frozenset()
"""The pages that search: they wait for each other, and no other page waits for them."""
