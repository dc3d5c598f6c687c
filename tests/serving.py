"""A served archive within the process: what is asked for goes to it byte for byte, as no client would send it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from archive.serve import application
from archive.serving.datasette_versions import closed
from archive.serving.doorkeeper import Rules
from pipelines.difference import difference

LOCAL = {"host": "localhost:8001"}


@dataclass(slots=True)
class Reply:
    """What came back."""

    status_code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    content: bytes = b""

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def is_html(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/html")


class Visitor:
    """Somebody who asks a served archive."""

    def __init__(self, data: Path, rules: Rules, runner: asyncio.Runner) -> None:
        self.served = application(data, difference, rules)
        self.app = self.served.app()
        self.runner = runner

    def __call__(self, path: str, method: str = "GET", **more: Any) -> Reply:
        return self.runner.run(self.ask(path, method, **more))

    async def ask(
        self, path: str, method: str = "GET", *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Reply:
        raw, _, query = path.encode("utf-8").partition(b"?")
        sent = {**LOCAL, **({"content-length": str(len(body))} if body else {}), **(headers or {})}
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "client": ("127.0.0.1", 5),
            "server": ("127.0.0.1", 8001), "path": unquote_to_bytes(raw).decode("utf-8", "replace"), "raw_path": raw,
            "query_string": query, "root_path": "",
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()],
        }  # fmt: skip
        reply = Reply()

        parts = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if not parts:
                await asyncio.Event().wait()  # the client stays until it is answered
            return parts.pop()

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                pairs = [(bytes(name).decode("latin-1").lower(), value) for name, value in message["headers"]]
                reply.status_code = message["status"]
                reply.headers = {name: bytes(value).decode("latin-1") for name, value in pairs}
                reply.cookies = [bytes(value).decode("latin-1") for name, value in pairs if name == "set-cookie"]
            else:
                reply.content += message.get("body", b"")

        await self.app(scope, receive, send)
        return reply


@contextmanager
def serving(data: Path, rules: Rules | None = None) -> Iterator[Visitor]:
    """Ask an archive for pages; it is closed at the end."""
    with asyncio.Runner() as runner:
        visitor = Visitor(data, rules or Rules(), runner)
        yield visitor
        closed(visitor.served)


def scripts(page: str) -> list[str]:
    """The scripts of a page that are not ours."""
    return re.findall(r'<script(?! src="/static/dossier\.js\?[0-9a-f]{8}" defer></script>)[^>]*', page)


class Forbidden(HTMLParser):
    """What the content security policy would stop, had it got into a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        is_script = tag == "script" and not (named.get("src") or "").startswith("/static/")
        if is_script or tag in {"style", "iframe", "object"} or "dossier-probe" in tag:
            self.found.append(tag)
        for name, value in attrs:
            is_address = (value or "").strip().lower().startswith(("javascript:", "data:"))
            if name == "style" or name.startswith("on") or is_address or "dossier-probe" in name:
                self.found.append(f"{tag} {name}={value}")
