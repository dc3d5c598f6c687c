"""What Datasette leaves open to the public: who is let in, how many at once, and with what headers all is answered."""

from __future__ import annotations

import sqlite3
import sys
import traceback
from collections.abc import Awaitable, Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote

from datasette import Response
from pluggy import HookimplMarker

from archive.questions.match import expression
from archive.serving.bounded import bound
from archive.serving.doorkeeper import HOST, LOGIN, Refusal, Rules, Visit, cleaned, is_local, is_open, is_ours, refusal
from archive.serving.gate import Gate
from archive.serving.logins import name_of
from archive.serving.readers import LONGEST_VALUE

hookimpl = HookimplMarker("datasette")

Scope = dict[str, Any]
Message = dict[str, Any]
Headers = Iterable[tuple[bytes, bytes]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

# Our pages have no script and no style within them, so none that got into a page could do anything.
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with none at all, a browser hides from us whose form it sends
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
COOKIES = ("ds_actor", "ds_csrftoken")
BUSY = Refusal(
    status=503,
    title="Too many ask at once",
    text="These pages are made a few at a time. Ask again in a moment; the search and the articles are not concerned.",
    headers={"retry-after": "5"},
)
PATTERN = 1_000  # characters of a LIKE or GLOB pattern, of which one step of SQLite may try all at each place


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Make the search box take whatever is typed, and bound what one value and one comparison may cost.

    That bounds memory. Nothing bounds the time of one step of SQLite, so SQL of others is off unless the owner says so.
    """
    conn.create_function("escape_fts", 1, lambda typed: expression(str(typed or "")), deterministic=True)
    bound(conn)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, PATTERN)


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Everything that is asked for and answered passes here."""
    gate = Gate()

    def wrapped(app: App) -> App:
        async def guarded(scope: Scope, receive: Any, send: Send) -> None:
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
            if scope["type"] != "http":
                return
            answer = Answer(send, is_head=scope["method"] == "HEAD")
            try:
                await admitted(datasette, app, gate, scope, receive, answer)
            except Exception as error:  # noqa: BLE001 - whatever it is: a visitor never reads of it, the owner does
                traceback.print_exception(error, file=sys.stderr)
                if not answer.is_begun:
                    await Response.text("A fault of ours", status=500).asgi_send(answer)

        return guarded

    return wrapped


class Answer:
    """The way back to the visitor: our headers in the place of weaker ones, no body where none is asked for."""

    def __init__(self, send: Send, *, is_head: bool) -> None:
        self.send, self.is_head = send, is_head
        self.is_begun = False
        self.begun: Callable[[], None] = lambda: None

    async def __call__(self, message: Message) -> None:
        """Send one message."""
        if message["type"] == "http.response.start":
            self.is_begun = True
            self.begun()
            message = headed(message)
        elif self.is_head and "body" in message:
            message = {**message, "body": b""}
        await self.send(message)


async def admitted(datasette: Any, app: App, gate: Gate, scope: Scope, receive: Any, answer: Answer) -> None:
    """Answer a request, where it is one that is answered."""
    rules: Rules = datasette.dossier_rules
    visit = visited(scope, datasette.setting("base_url"))
    refused = refusal(visit, rules)
    if refused is None and rules.accounts and not is_open(visit.path):
        refused = stranger(datasette, visit, rules)
    if refused:
        await app(turned_away(scope, visit, refused), receive, answer)
        return
    inside = let_in(scope, visit, rules)
    if is_ours(visit.path) or is_open(visit.path):
        await app(inside, receive, answer)
        return
    await datasette.dossier_renewal.current()
    if await gate.entered():
        await through(gate, app, inside, receive, answer)
    else:
        await app(turned_away(scope, visit, BUSY), receive, answer)


async def through(gate: Gate, app: App, scope: Scope, receive: Any, answer: Answer) -> None:
    """One of Datasette's own pages, of which few are made at once; a reader who takes it slowly keeps no place."""
    places = [gate]

    def leave() -> None:
        while places:
            places.pop().leave()

    answer.begun = leave
    try:
        await app(scope, receive, answer)
    finally:
        leave()


def visited(scope: Scope, base: str) -> Visit:
    """What is looked at of a request; where a header comes twice, neither is believed."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    path = raw.partition(b"?")[0].decode("latin-1")
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        headers[key] = f"{headers[key]}, {value.decode('latin-1')}" if key in headers else value.decode("latin-1")
    return Visit(
        method=scope["method"],
        path=f"/{path[len(base) :]}" if base != "/" and path.startswith(base) else path,
        query=(scope.get("query_string") or b"").decode("latin-1"),
        headers=headers,
    )


def let_in(scope: Scope, visit: Visit, rules: Rules) -> Scope:
    """The request as our pages see it: no credentials but ours, no cookie that they do not read, a query that is text.

    Datasette and its plugins take passwords and tokens in a header, check them on every page, and fail at odd ones.
    """
    dropped = {b"authorization", b"cookie"}
    headers = [(name, value) for name, value in scope["headers"] if name.lower() not in dropped]
    if rules.accounts and (kept := cookies(visit)):
        headers.append((b"cookie", "; ".join(f"{name}={value}" for name, value in kept.items()).encode("latin-1")))
    method = "GET" if scope["method"] == "HEAD" and not is_ours(visit.path) else scope["method"]
    return {**scope, "method": method, "headers": headers, "query_string": cleaned(visit.query).encode("latin-1")}


def cookies(visit: Visit) -> dict[str, str]:
    """The cookies that are ours."""
    jar = SimpleCookie()
    try:
        jar.load(visit.headers.get("cookie", "")[:4096])
    except CookieError:
        return {}
    return {name: jar[name].value for name in COOKIES if name in jar and jar[name].value.isascii()}


def stranger(datasette: Any, visit: Visit, rules: Rules) -> Refusal | None:
    """The way to the login for whoever has no account; None for who has one."""
    if name_of(datasette, cookies(visit).get("ds_actor", "")) in rules.accounts:
        return None
    text = "This archive is open to those who log in."
    if "." in visit.path.rpartition("/")[2]:
        return Refusal(status=403, title="Log in first", text=text)
    wanted = visit.path + (f"?{visit.query}" if visit.query else "")
    came_from = f"?next={quote(wanted, safe='/')}" if wanted != "/" and is_local(wanted) else ""
    return Refusal(status=302, title="Log in first", text=text, headers={"location": f"{LOGIN}{came_from}"})


def turned_away(scope: Scope, visit: Visit, refused: Refusal) -> Scope:
    """A request for the page that says why another is not answered."""
    kind = ".json" if ".json" in visit.path else ""
    plain = {"method": "GET", "path": f"/-/refused{kind}", "raw_path": f"/-/refused{kind}".encode()}
    named = visit.headers.get("host", "")
    host = [(b"host", named.encode("latin-1"))] if HOST.fullmatch(named) else []
    return {**scope, **plain, "query_string": b"", "headers": host, "dossier_refusal": refused, "dossier_visit": visit}


def headed(message: Message) -> Message:
    """The beginning of an answer, with our headers in the place of weaker ones, and leading nowhere else."""
    ours = {name.encode(): value.encode() for name, value in HEADERS.items()}
    kept = [(bytes(name), value) for name, value in message.get("headers", []) if name.lower() not in ours]
    if any(name.lower() == b"location" and not is_local(value.decode("latin-1")) for name, value in kept):
        kept = [(name, value) for name, value in kept if name.lower() not in {b"location", b"link"}]
        message = {**message, "status": 404}
    return {**message, "headers": [*map(private_cookie, kept), *ours.items()]}


def private_cookie(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """A header; where it sets a cookie, no script can read that, and no other site's form sends it."""
    name, value = header
    if name.lower() != b"set-cookie":
        return header
    for mark, attribute in ((b"httponly", b"HttpOnly"), (b"samesite", b"SameSite=Lax")):
        if mark not in value.lower():
            value += b"; " + attribute
    return name, value
