"""What a page is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archive.queries import Reader

if TYPE_CHECKING:
    from archive.serving.site import Site

HTML = "text/html; charset=utf-8"


class Missing(Exception):  # noqa: N818 - it is an answer to the reader
    """There is no such page. Datasette's own exception would lead from odd addresses to odder ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request for a page: the site, what stands in the address, and what follows its question mark."""

    site: Site
    parts: Mapping[str, str] = field(default_factory=dict)  # by the names in the route's pattern, decoded
    args: Mapping[str, str] = field(default_factory=dict)  # the first value of each
    url: str = ""  # the address of the request, with its scheme and host, as the reader sees it


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer: a template with what it shows, or a text of its own; `stream` is read in a thread, piece by piece."""

    template: str = ""
    shows: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    stream: Iterator[bytes] | None = None
    content_type: str = HTML
    status: int = 200
    location: str = ""  # of another page of ours, where the answer is a redirect
    filename: str = ""  # under which a browser should keep it
    is_kept: bool = True  # whether it may be given again until the archive changes,
    until: float = float("inf")  # or only until some moment (monotonic)


Answer = Callable[[Reader, Asked], Page | None]
"""What a route calls, in a thread with a connection of its own, all of whose answers are of one moment. None: 404."""
