"""The pages to log in and out, where an archive is served to those with an account."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from datasette import Response
from datasette.utils.asgi import NotFound
from pluggy import HookimplMarker

from archive.serving.doorkeeper import LOGIN, LOGOUT, Rules, is_local
from archive.serving.logins import STAY, Logins, ticket

hookimpl = HookimplMarker("datasette")

WRONG = "Name and password do not belong together."


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Two pages; both are nowhere while the archive is open to all."""
    return [(f"^{LOGIN}$", log_in), (f"^{LOGOUT}$", log_out)]


@hookimpl
def menu_links(datasette: Any, actor: Any) -> list[dict[str, str]]:
    """The way out, for whoever is in."""
    rules: Rules = datasette.dossier_rules
    return [{"href": datasette.urls.path(LOGOUT), "label": "Log out"}] if rules.accounts and actor else []


async def log_in(request: Any, datasette: Any) -> Any:
    """The form, and what becomes of it."""
    logins = known(datasette)
    wanted = request.args.get("next") or "/"
    wanted = wanted if is_local(wanted) else "/"
    if request.method != "POST":
        return await form(datasette, request, wanted)
    sent = await request.post_vars()
    address = (request.scope.get("client") or ("",))[0]
    if rest := logins.rest(address):
        told = f"Too many wrong passwords came from here. Try again in {rest} seconds."
        return await form(datasette, request, wanted, error=told, status=429, rest=rest)
    name = sent.get("username", "")
    if not await logins.is_right(name, sent.get("password", ""), address):
        return await form(datasette, request, wanted, error=WRONG, status=403)
    answer = Response.redirect(datasette.urls.path(wanted))
    is_secure = request.scope.get("scheme") == "https"
    answer.set_cookie(
        "ds_actor", ticket(datasette, name, time.time()), max_age=STAY, secure=is_secure, httponly=True, samesite="lax"
    )
    return answer


async def log_out(request: Any, datasette: Any) -> Any:
    """A button, and what becomes of it."""
    known(datasette)
    if request.method != "POST":
        if not request.actor:
            return Response.redirect(datasette.urls.path("/"))
        return Response.html(await datasette.render_template("logout.html", {}, request=request))
    answer = Response.redirect(datasette.urls.path(LOGIN))
    answer.set_cookie("ds_actor", "", expires=0, max_age=0, httponly=True)
    return answer


def known(datasette: Any) -> Logins:
    """The accounts; NotFound where there are none."""
    logins: Logins | None = datasette.dossier_logins
    if logins is None:
        raise NotFound("There is nothing to log in to")
    return logins


async def form(datasette: Any, request: Any, wanted: str, *, error: str = "", status: int = 200, rest: int = 0) -> Any:
    """The page to log in, with what was wrong."""
    shown = {"error": error, "next": wanted}
    page = await datasette.render_template("login.html", shown, request=request)
    return Response.html(page, status=status, headers={"retry-after": str(rest)} if rest else None)
