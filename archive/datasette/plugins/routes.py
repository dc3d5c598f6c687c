"""Our pages within Datasette: who may see one, whether it was made already, how it is sent."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, unquote

from datasette import Response
from datasette.utils.asgi import Forbidden
from pluggy import HookimplMarker

from archive.datasette.sending import Sending
from archive.pages.asked import Answer, Asked, Missing, Page
from archive.pages.routes import ROUTES, SEARCHING
from archive.serving.doorkeeper import is_welcome
from archive.serving.flights import Made
from archive.serving.page_cache import Kept
from archive.serving.site import Site

hookimpl = HookimplMarker("datasette")

LONGEST = 4_000  # characters of an address
OLDEST = 10.0  # seconds since an answer was made that is given again where readers are too many for new ones
UNTAGGED = {"cache-control": "no-cache"}
BOOT = secrets.token_hex(4)  # versions are counted from the start of this process


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """All our pages; Datasette gives them to whoever asks before its own."""
    return [(f"^/{pattern}$", view(answer)) for pattern, answer in ROUTES]


def view(answer: Answer) -> Callable[..., Any]:
    """A page as Datasette calls it."""

    async def answered(request: Any, datasette: Any) -> Any:
        if request.method not in {"GET", "HEAD"}:
            return Response.text("Only GET", status=405, headers={"allow": "GET, HEAD"})
        if not is_welcome(datasette.dossier_rules, request.actor):
            raise Forbidden("view-instance")
        site, version = await datasette.dossier_renewal.current()
        key = request.url  # with its host: some answers name it
        kept = site.cache.get(key, version)
        if kept is None and site.flights.is_busy and (recent := site.cache.recent(key, OLDEST)):
            version, kept = recent
        tag = tag_of(key, version)
        if is_known(request.headers.get("if-none-match", ""), tag):
            return Response("", status=304, headers=headers(tag))
        if kept is not None:
            return sent(kept, tag)
        made = await site.flights.answer((key, version), lambda: fresh(datasette, site, answer, request, version))
        return sent(made, tag) if isinstance(made, Kept) else made

    return answered


async def fresh(datasette: Any, site: Site, answer: Answer, request: Any, version: int) -> Made:
    """An answer that was not kept."""
    page = await found(site, answer, request)
    if page.stream is not None:
        return streamed(site, request, page, page.stream), False
    if page.location:
        return Response.redirect(datasette.urls.path(page.location), status=page.status), False
    kept = await drawn(datasette, request, page)
    is_everybodys = page.is_kept and page.status == 200
    if is_everybodys:
        site.cache.put(request.url, version, kept)
    return kept, is_everybodys


async def found(site: Site, answer: Answer, request: Any) -> Page:
    """The page, made in a thread."""
    if len(request.full_path) > LONGEST:
        raise Missing("The address is too long")
    args = {name: request.args[name] for name in request.args}
    parts = {name: unquote(part) for name, part in request.url_vars.items()}
    asked = Asked(site=site, parts=parts, args=args, url=request.url)
    lane = site.searching if answer in SEARCHING else site.readers
    page = await lane.run(answer, asked)
    if page is None:
        raise Missing("There is no such page")
    return page


async def drawn(datasette: Any, request: Any, page: Page) -> Kept:
    """The bytes of a page."""
    text = page.text
    if page.template:
        text = await datasette.render_template(page.template, dict(page.shows), request=request)
    return Kept(
        body=text.encode("utf-8", "replace"),
        content_type=page.content_type,
        status=page.status,
        filename=page.filename,
        until=page.until if page.is_kept else 0.0,
    )


def sent(kept: Kept, tag: str) -> Any:
    """An answer, with the tag by which it is known again where there will be no better one."""
    return Response(
        kept.body,
        status=kept.status,
        headers={**(headers(tag) if kept.is_final else UNTAGGED), **disposition(kept.filename)},
        content_type=kept.content_type,
    )


def tag_of(key: str, version: int) -> str:
    """The tag of an answer, which changes with the archive and whenever the server is started."""
    return f'"{BOOT}-{hashlib.sha256(f"{version} {key}".encode()).hexdigest()[:16]}"'


def is_known(header: str, tag: str) -> bool:
    """Whether a reader has the answer of a tag, among others or by a tag that a proxy has weakened."""
    return tag in {one.strip().removeprefix("W/") for one in header.split(",")}


def headers(tag: str) -> dict[str, str]:
    """How long an answer holds: until the archive changes."""
    return {"etag": tag, **UNTAGGED}


def disposition(filename: str) -> dict[str, str]:
    """Under which name a browser should keep it."""
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(filename)}"} if filename else {}


def streamed(site: Site, request: Any, page: Page, pieces: Iterator[bytes]) -> Any:
    """An answer that is sent while it is made; of HEAD, what would be said of it."""
    told = {"cache-control": "no-cache", **disposition(page.filename)}
    if request.method == "HEAD":
        return Response("", headers=told, content_type=page.content_type)
    return Sending(pieces, site.downloads, {**told, "content-type": page.content_type}, request.receive)
