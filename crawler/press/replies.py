"""What the press answers to one request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer: an ordinary one, or `raw` bytes as they go over the wire, or a `drip` that never ends.

    `coding` says with what the body may be compressed on its way; `encoded` that it is already.
    """

    status: int = 200
    kind: str = HTML
    body: bytes = field(default=b"", repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    etag: str = ""
    modified: datetime | None = None
    coding: str = ""
    encoded: str = ""
    raw: bytes = field(default=b"", repr=False)
    is_drip: bool = False

    @property
    def last_modified(self) -> str:
        """The time of the last change as HTTP writes it."""
        return format_datetime(self.modified.astimezone(UTC), usegmt=True) if self.modified else ""


def etag_of(body: bytes) -> str:
    """A validator that changes with the bytes."""
    return f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'


def redirect(target: str, status: int = 301) -> Reply:
    """A redirect."""
    return Reply(status=status, headers=(("Location", target),))
