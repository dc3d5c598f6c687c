"""Which address is which page."""

from __future__ import annotations

from archive.pages.asked import Answer
from archive.pages.front import front
from archive.pages.search import search
from archive.pages.search_atom import search_atom
from archive.pages.search_json import search_json

ROUTES: tuple[tuple[str, Answer], ...] = (
    ("", front),
    ("search", search),
    (r"search\.json", search_json),
    (r"search\.atom", search_atom),
)
"""Patterns of whole paths below the site's root, without the slash before; named groups become `Asked.parts`."""

SEARCHING: frozenset[Answer] = frozenset({search, search_json, search_atom})
"""The pages that search: they wait for each other, and no other page waits for them."""
