"""What Datasette leaves open to the public: headers, pages about the machine, faults that say too much."""

from __future__ import annotations

import sqlite3
import sys
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Response
from datasette.plugins import pm
from datasette.utils.asgi import Base400, Forbidden, NotFound
from datasette.views.base import DatasetteError
from pluggy import HookimplMarker

from archive.match import expression

hookimpl = HookimplMarker("datasette")

Scope = dict[str, Any]
Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

# Our pages have no script and no style within them, so none that got into a page could do anything.
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
ASSETS = ("/-/static/", "/-/static-plugins/")

# Bytes that one value may have, where SQLite would let a visitor's SQL make a thousand million of them. That bounds
# memory. Nothing bounds the time of one step of SQLite, so SQL of others is off unless the owner says otherwise.
LONGEST_VALUE = 64 * 1024 * 1024


@hookimpl
def startup() -> None:
    """Take Datasette's own handler of faults away: it prints every visitor's bad address with all local variables."""
    if pm.has_plugin("datasette.handle_exception"):
        pm.unregister(name="datasette.handle_exception")


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Make the search box take whatever is typed, and bound what one value may cost."""
    conn.create_function("escape_fts", 1, lambda typed: expression(str(typed or "")), deterministic=True)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Headers for every answer, and no answer where a page would describe the machine."""

    def wrapped(app: App) -> App:
        async def guarded(scope: Scope, receive: Any, send: Send) -> None:
            async def with_headers(message: Message) -> None:
                await send(headed(message) if message["type"] == "http.response.start" else message)

            if scope["type"] == "http" and is_internal(scope, datasette.setting("base_url")):
                await Response.text("Not found", status=404).asgi_send(with_headers)
            else:
                await app(scope, receive, with_headers)

        return guarded

    return wrapped


def is_internal(scope: Scope, base: str) -> bool:
    """Whether a request is for a page about the server: versions, settings, threads, paths, permissions."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    path = "/" + raw.decode("latin-1").removeprefix(base).lstrip("/")
    return path.startswith("/-/") and not path.startswith(ASSETS)


def headed(message: Message) -> Message:
    """The beginning of an answer, with our headers in the place of weaker ones."""
    ours = {name.encode(): value.encode() for name, value in HEADERS.items()}
    kept = [(name, value) for name, value in message.get("headers", []) if name.lower() not in ours]
    return {**message, "headers": [*kept, *ours.items()]}


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Awaitable[Any]]:
    """A page that says what was wrong with the address, and nothing about us."""

    async def answer() -> Any:
        status, title, text = fault_of(exception, has_arguments=bool(request.query_string))
        if status == 500:
            traceback.print_exception(exception, file=sys.stderr)
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": text, "status": status, "title": title}, status=status)
        context = {"ok": False, "error": text, "status": status, "title": title}
        page = await datasette.render_template(["error.html"], context, request=request, view_name="error")
        return Response.html(page, status=status)

    return answer


def fault_of(exception: Exception, *, has_arguments: bool) -> tuple[int, str, str]:
    """Status, title and sentence for what went wrong."""
    cannot = "That cannot be answered"
    match exception:
        case NotFound():
            told = 404, "Not found", "There is no page at this address."
        case Forbidden() | DatasetteError(status=403):
            told = 403, "Not open to visitors", "This archive does not let visitors do that."
        case Base400():
            told = exception.status, cannot, str(exception.args[0])
        case DatasetteError(title="SQL Interrupted"):
            told = 400, "That takes too long", "Ask for less: a shorter span, a rarer word, fewer filters."
        case DatasetteError():
            # Datasette calls an unknown column to sort by a fault of the server.
            told = 400, cannot, str(exception.message)
        case _ if has_arguments or isinstance(exception, AssertionError):
            told = 400, cannot, "Something in this address cannot be understood."
        case _:
            told = 500, "A fault of ours", "The page could not be made. The owner's terminal says more."
    return told
