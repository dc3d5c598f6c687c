"""Which address is which page."""

from __future__ import annotations

from archive.pages.asked import Answer
from archive.pages.front import front
from archive.pages.review import review

ROUTES: tuple[tuple[str, Answer], ...] = (("", front), ("news/to_review", review))
"""Patterns of whole paths below the site's root, without the slash before; named groups become `Asked.parts`."""

SEARCHING: frozenset[Answer] = frozenset()
"""The pages that search: they wait for each other, and no other page waits for them."""
