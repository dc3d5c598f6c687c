"""What our pages need beside what Datasette gives to all: filters, cells, names and passages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from datasette.database import QueryInterrupted
from markupsafe import Markup, escape
from pluggy import HookimplMarker

from archive.history import pairs
from archive.languages import language_name
from archive.match import expression
from archive.queries import MARKED, OUTLETS_NAMED
from archive.search import END, START

hookimpl = HookimplMarker("datasette")

NAME = "news"
STATIC = Path(__file__).parent.parent / "static"

# Controls but tab and line end, and the two overrides that show a text in the reverse of its order.
UNTIDY = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160), 0x202D, 0x202E])

Vars = Callable[[], Awaitable[dict[str, Any]]]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """The filters of our templates."""
    env.filters |= {
        "day": day,
        "language": language_name,
        "moment": moment,
        "month": month,
        "marked": marked,
        "pairs": pairs,
        "tidy": tidy,
        "web": web,
    }
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:8] for path in STATIC.iterdir()}
    env.globals["asset"] = lambda name: f"static/{name}?{hashes[name]}"


@hookimpl
def extra_template_vars(datasette: Any, view_name: str, table: str | None, request: Any) -> Vars:
    """What the page needs beside Datasette's own variables."""

    async def found() -> dict[str, Any]:
        if view_name == "table" and table == "articles":
            return {"passages": passages_of(datasette, request.args.get("_search") or ""), "named": names_of(datasette)}
        return {}

    return found


async def ask(datasette: Any, sql: str, **values: Any) -> list[dict[str, Any]]:
    """The rows of a named query; none where it takes longer than a visitor may wait."""
    try:
        results = await datasette.execute(NAME, sql, values)
    except QueryInterrupted:
        return []
    return [dict(row) for row in results.rows]


def passages_of(datasette: Any, typed: str) -> Callable[[Sequence[Mapping[str, Any]]], Awaitable[dict[int, Any]]]:
    """A function that gives, for the rows of a page, the marked title and passage of each by its id."""

    async def passages(rows: Sequence[Mapping[str, Any]]) -> dict[int, Any]:
        if not typed:
            return {}
        ids = json.dumps([row["id"] for row in rows])
        return {one["id"]: one for one in await ask(datasette, MARKED, match=expression(typed), ids=ids)}

    return passages


def names_of(datasette: Any) -> Callable[[Sequence[Any], Mapping[str, Any]], Awaitable[dict[int, str]]]:
    """A function that gives the names of all outlets that a page of articles names, by their ids."""

    async def named(rows: Sequence[Any], facets: Mapping[str, Any]) -> dict[int, str]:
        shown = [row["outlet_id"] for row in rows if "outlet_id" in row.keys()]  # noqa: SIM118 - sqlite3.Row is no mapping
        ids = [one["value"] if isinstance(one, dict) else one for one in shown]
        ids += [one["value"] for one in facets.get("outlet_id", {}).get("results", ())]
        return {one["id"]: one["name"] for one in await ask(datasette, OUTLETS_NAMED, ids=json.dumps(ids))}

    return named


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Any) -> Markup | None:
    """Cells that are links, and passages with their marks; None leaves a cell to Datasette."""
    if not isinstance(value, str) or not value:
        return None
    articles = datasette.urls.table(NAME, "articles")
    if column == "month":
        return link(f"{articles}?month={value}", value)
    if column == "for_example":
        return escape(value)  # a rejected address may be anywhere: it is shown, and not one click away
    if web(value):
        return Markup('<a href="{}" rel="noopener noreferrer nofollow">{}</a>').format(value, value)
    return answer_cell(row, value, column, articles) if table is None else None


def answer_cell(row: Any, value: str, column: str, articles: str) -> Markup | None:
    """A cell of an answer to one of our questions."""
    keys = set(row.keys())
    if column == "title" and "id" in keys:
        return link(f"{articles}/{row['id']}", tidy(value))
    if column == "outlet" and "outlet_id" in keys:
        return link(f"{articles}?outlet_id={row['outlet_id']}", row["outlet_name"] or value)
    if column in {"published", "first", "last"}:
        return Markup('<time datetime="{}">{}</time>').format(value, day(value))
    return marked(value) if column == "snippet" else None


def link(address: str, text: str) -> Markup:
    """A link within the archive."""
    return Markup('<a href="{}">{}</a>').format(str(address), text)


def web(value: str | None) -> str:
    """The value where it is a web address that may be linked to, else nothing: a javascript: address is none."""
    text = (value or "").strip()
    return text if text.lower().startswith(("http://", "https://")) and not any(char.isspace() for char in text) else ""


def marked(text: str | None) -> Markup:
    """Hostile text, escaped, with what was looked for in marks."""
    parts = [tidy(part) for part in (text or "").replace(END, START).split(START)]
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def tidy(text: str | None) -> str:
    """The text without control characters and without what turns a line around; markup stays markup."""
    return (text or "").translate(UNTIDY)


def day(text: str | None, form: str = "{0.day} {0:%B %Y}") -> str:
    """`12 March 2019` of a time as the archive writes it; the text itself where it is none."""
    if not text:
        return ""
    try:
        return form.format(datetime.fromisoformat(text))
    except ValueError:
        return text


def moment(text: str | None, precision: str | None = "instant") -> str:
    """`12 March 2019, 18:00 UTC`, no more precisely than is known."""
    return day(text) if precision == "day" else day(text, "{0.day} {0:%B %Y, %H:%M} UTC")


def month(text: str | None) -> str:
    """`March 2019` of `2019-03`."""
    return day(f"{text}-01", "{0:%B %Y}") if text else ""
