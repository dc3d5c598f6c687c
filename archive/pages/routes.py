"""Which address is which page."""

from __future__ import annotations

from archive.pages.about import about
from archive.pages.addressed import by_url
from archive.pages.article import article
from archive.pages.article_forms import article_as
from archive.pages.asked import Answer
from archive.pages.author import author
from archive.pages.changes import changes
from archive.pages.front import front
from archive.pages.kept_copy import kept_copy
from archive.pages.month import month
from archive.pages.outlet import outlet
from archive.pages.overview import overview, overview_data, overview_json
from archive.pages.review import review
from archive.pages.search import search
from archive.pages.search_atom import search_atom
from archive.pages.search_csv import search_csv
from archive.pages.search_json import search_json
from archive.pages.stories import stories
from archive.pages.story import story, story_as_json
from archive.pages.story_changes import story_changes
from archive.pages.topic import topic
from archive.pages.what_changed import what_changed, what_changed_as_csv, what_changed_as_json

ID = "(?P<id>[0-9]{1,18})"

ROUTES: tuple[tuple[str, Answer], ...] = (
    ("", front),
    ("search", search),
    (r"search\.json", search_json),
    (r"search\.atom", search_atom),
    (r"search\.csv", search_csv),
    ("article", by_url),
    (f"article/{ID}", article),
    (rf"article/{ID}\.(?P<form>json|bib|ris|txt)", article_as),
    (f"article/{ID}/changes", changes),
    (f"article/{ID}/kept", kept_copy),
    (f"story/{ID}", story),
    (rf"story/{ID}\.json", story_as_json),
    (f"story/{ID}/changes", story_changes),
    ("stories", stories),
    ("outlet/(?P<domain>.+)", outlet),
    ("author/(?P<name>.+)", author),
    ("month/(?P<month>[^/]+)", month),
    ("topic/(?P<name>.+)", topic),
    ("overview", overview),
    (r"overview\.json", overview_json),
    (r"overview/(?P<chart>[a-z]+)\.(?P<form>csv|json)", overview_data),
    ("changes", what_changed),
    (r"changes\.json", what_changed_as_json),
    (r"changes\.csv", what_changed_as_csv),
    ("about", about),
    ("news/to_review", review),
)
"""Patterns of whole paths below the site's root, without the slash before; named groups become `Asked.parts`."""

SEARCHING: frozenset[Answer] = frozenset({search, search_json, search_atom})
"""The pages that search: they wait for each other, and no other page waits for them."""
