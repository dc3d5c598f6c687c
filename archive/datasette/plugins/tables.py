"""The pages under "Data": their cells, which are text and links of ours, and the order of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette.utils import parse_metadata
from markupsafe import Markup, escape
from pluggy import HookimplMarker

from archive.datasette.plugins.canned import QUERIES
from archive.datasette.plugins.pages import day, marked, web
from archive.serving.datasette_versions import NAME
from archive.untidy import tidy

hookimpl = HookimplMarker("datasette")

LONGEST_CELL = 140  # characters of a text in a table; a row's own page has all of it
METADATA = Path(__file__).parent.parent / "metadata.yaml"

# What a person looks for first; then the others as the table has them; long texts last.
FIRST = {
    "articles": ("id", "published", "outlet_id", "title", "byline", "words", "language", "kind", "story_id",
                 "story_relation", "month", "wire", "summary", "url"),
    "candidates": ("id", "state", "score", "title", "published", "reason", "tries", "next_try", "url"),
    "sources": ("id", "channel", "url", "last_status", "last_success", "failures", "items", "new_items"),
    "versions": ("id", "article_id", "fetched", "title"),
    "stories": ("id", "article_id", "size", "outlets"),
}  # fmt: skip
LAST = ("image", "tags", "content_hash", "words_hash", "extractor", "definition", "matched", "counts", "body")

# What a table leaves to the page of each row, to the files, and to those who ask for all columns.
ASIDE = {
    "articles": frozenset((
        "body", "content_hash", "words_hash", "extractor", "published_precision", "published_offset", "partial_reason",
        "body_source", "story_similarity", "story_jaccard", "tags", "image", "record_id", "is_agency", "is_partial",
        "modified", "section", "summary", "month", "is_paywalled", "removed", "wire",
    )),
    "candidates": frozenset((
        "host", "title_key", "link_score", "spare", "matched", "via", "record_id", "run_id", "topic_id", "next_try",
    )),
}  # fmt: skip
ALL = ("_columns", "all")
"""The argument of an address that asks for all columns."""

OUR_PAGES = {"article_id": "article", "other_id": "article", "story_id": "story"}
ROWS_OF = {
    "outlet_id": "outlets", "topic_id": "topics", "record_id": "records", "source_id": "sources",
    "candidate_id": "candidates", "run_id": "runs",
}  # fmt: skip


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """What the templates of these pages need."""
    tables: Mapping[str, Any] = parse_metadata(METADATA.read_text(encoding="utf-8"))["databases"][NAME]["tables"]
    env.globals |= {"about_tables": tables, "questions": QUERIES, "longest_cell": LONGEST_CELL, "all_columns": ALL}
    places = {name: place for place, name in enumerate(tables)}
    env.filters |= {
        "ordered": ordered,
        "shown_of": shown_of,
        "cut": cut,
        "as_described": lambda found: sorted(found, key=lambda one: places.get(env.getitem(one, "name"), len(places))),
    }


def ordered(columns: Iterable[Any], table: str) -> list[Any]:
    """Columns or cells in the order in which a table is read."""
    first = {name: place for place, name in enumerate(FIRST.get(table, ()), start=-100)}
    places = {name: place for place, name in enumerate(LAST, start=1)} | first
    return sorted(columns, key=lambda one: places.get(one.get("name") or one.get("column"), 0))


def shown_of(columns: Iterable[Any], table: str, args: Any) -> list[Any]:
    """Those columns or cells that a table shows, in the order in which it is read."""
    aside = ASIDE.get(table, frozenset())
    if args.get(ALL[0]) == ALL[1] or any(name in args for name in ("_col", "_nocol")):
        aside = frozenset()
    return [one for one in ordered(columns, table) if (one.get("name") or one.get("column")) not in aside]


def cut(text: str) -> str:
    """The beginning of a text, without what nobody sees."""
    return tidy(text[:LONGEST_CELL]) + ("…" if len(text) > LONGEST_CELL else "")


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Any) -> Markup | str | None:
    """A cell as text or as a link; None leaves numbers and empty cells to Datasette."""
    match value:
        case Mapping():
            return other(datasette, column, value["value"], str(value["label"] or value["value"]))
        case bytes():
            return f"{len(value):,} bytes"
        case int():
            return other(datasette, column, value, str(value)) if table else None
        case str() if value:
            return of_text(datasette, row, value, column, table)
    return None


def of_text(datasette: Any, row: Any, value: str, column: str, table: str | None) -> Markup | str:
    """A cell of text."""
    if column == "month":
        return link(f"{datasette.urls.table(NAME, 'articles')}?month={quote(value)}", tidy(value))
    if column == "for_example":
        return escape(tidy(value))  # a rejected address may be anywhere: it is shown, and not one click away
    return outward(value) if web(value) else named(datasette, row, value, column, table)


def other(datasette: Any, column: str, key: Any, label: str) -> Markup | None:
    """A link to what a column points at; None where it points at nothing."""
    if page := OUR_PAGES.get(column):
        return link(datasette.urls.path(f"/{page}/{key}"), cut(label))
    if table := ROWS_OF.get(column):
        return link(datasette.urls.row(NAME, table, str(key)), cut(label))
    return None


def named(datasette: Any, row: Any, value: str, column: str, table: str | None) -> Markup | str:
    """A cell of text; titles and outlets lead to their pages."""
    keys = set(row.keys())
    if column == "title" and "id" in keys and table in {None, "articles"}:
        return link(datasette.urls.path(f"/article/{row['id']}"), cut(value))
    if column == "outlet" and table is None:
        name = row["outlet_name"] if "outlet_name" in keys else ""
        return link(datasette.urls.path(f"/outlet/{quote(value, safe='')}"), tidy(name or value))
    if table is None and column in {"published", "first", "last"}:
        return Markup('<time datetime="{}">{}</time>').format(tidy(value), tidy(day(value)))
    return marked(value) if column == "snippet" else escape(tidy(value))


def outward(address: str) -> Markup:
    """A link to the web."""
    return Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(web(address), cut(address))


def link(address: str, text: str) -> Markup:
    """A link within the archive."""
    return Markup('<a href="{}">{}</a>').format(str(address), text)
