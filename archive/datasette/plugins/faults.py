"""What a visitor reads where a page cannot be made: what was wrong with the address, and nothing about us."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

from datasette import Response
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Forbidden, NotFound
from datasette.views.base import DatasetteError
from pluggy import HookimplMarker

from archive.pages.asked import Missing
from archive.serving.bounded import TooMuch
from archive.serving.doorkeeper import NOT_OPEN, NOWHERE, ODD, Refusal, is_ours
from archive.serving.readers import Busy, TooLong

hookimpl = HookimplMarker("datasette")

TOO_LONG = Refusal(
    status=400,
    title="That takes too long",
    text="Ask for less: a shorter span of time, a rarer word, fewer filters.",
)
TOO_MUCH = Refusal(
    status=400,
    title="That is too much at once",
    text="Ask for fewer rows, or leave the longest column out with _nocol=body.",
)
BUSY = Refusal(
    status=503,
    title="Too many ask at once",
    text="Others ask for what takes long. Ask again in a moment.",
    headers={"retry-after": "5"},
)
OUR_FAULT = Refusal(
    status=500, title="A fault of ours", text="The page could not be made. The owner's terminal says more."
)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """The page for those who are turned away; nobody can ask for it."""
    return [(r"^/-/refused(?:\.json)?$", refused)]


async def refused(request: Any, datasette: Any) -> Any:
    """Why a request is not answered."""
    return await page(datasette, request, request.scope["dossier_refusal"], request.scope["dossier_visit"].decoded)


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Awaitable[Any]]:
    """A helpful page for whatever went wrong."""

    async def answer() -> Any:
        path = request.path
        fault = fault_of(exception, is_stock_page=is_stock(path, request.query_string))
        if fault is OUR_FAULT:
            traceback.print_exception(exception, file=sys.stderr)
        return await page(datasette, request, fault, unquote(path))

    return answer


@hookimpl(tryfirst=True)
def forbidden(datasette: Any, request: Any) -> Callable[[], Awaitable[Any]]:
    """The same page for what a visitor may not do."""

    async def answer() -> Any:
        return await page(datasette, request, NOT_OPEN, unquote(request.path))

    return answer


async def page(datasette: Any, request: Any, fault: Refusal, path: str) -> Any:
    """The answer that tells a fault, as JSON where JSON was asked for."""
    headers = {**fault.headers, "cache-control": "no-store"}
    if "location" in headers:
        headers["location"] = str(datasette.urls.path(headers["location"]))
    told = {"ok": False, "error": fault.text, "status": fault.status, "title": fault.title}
    if ".json" in path.rpartition("/")[2]:
        return Response.json(told, status=fault.status, headers=headers)
    shown = {**told, "question": words_of(path) if fault.status == 404 else ""}
    text = await datasette.render_template(["error.html"], shown, request=request, view_name="error")
    return Response.html(text, status=fault.status, headers=headers)


def is_stock(path: str, query: str) -> bool:
    """Whether a page is one of Datasette's own that was asked with something that a visitor made up."""
    return not is_ours(path) and (bool(query) or path.count("/") > 2 or "." in path)


def words_of(path: str) -> str:
    """The words of an address: what somebody may have been looking for."""
    return " ".join(re.findall(r"[^\W_]+", path[:200]))[:100]


def fault_of(exception: Exception, *, is_stock_page: bool) -> Refusal:
    """What went wrong. Datasette's own pages fail at odd arguments in many ways; ours must not."""
    match exception:
        case Missing() | NotFound():
            told = NOWHERE
        case Forbidden() | DatasetteError(status=403):
            told = NOT_OPEN
        case TooLong() | QueryInterrupted() | DatasetteError(title="SQL Interrupted"):
            told = TOO_LONG
        case Busy():
            told = BUSY
        case TooMuch():
            told = TOO_MUCH
        case Base400():
            told = Refusal(status=exception.status, text=str(exception.args[0]))
        case DatasetteError():
            # Datasette calls an unknown column to sort by a fault of the server.
            told = Refusal(status=400, text=str(exception.message))
        case _ if is_stock_page:
            told = ODD
        case _:
            told = OUR_FAULT
    return told
