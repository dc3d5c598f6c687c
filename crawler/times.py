"""Times as the archive writes them: ISO 8601 UTC text."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present, aware UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def text_of(moment: datetime | None) -> str | None:
    """`2019-01-29T12:00:00Z`, or None for none."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str | None) -> datetime | None:
    """The aware time of such a text, or None for none."""
    return None if not text else datetime.fromisoformat(text)
