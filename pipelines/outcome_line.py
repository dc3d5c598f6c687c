"""The line in the log that says what became of a link: an event that programs can count."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

logger = logging.getLogger("dossier.outcome")


def tell(url: str, state: str, reason: str = "") -> None:
    """Log what became of a link, and why."""
    event = {"url": url, "host": urlsplit(url).netloc, "state": state, "reason": reason}
    logger.debug("%s %s%s", state, url, f": {reason}" if reason else "", extra={"event": event})
