"""Times as the archive writes them: ISO 8601 UTC text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The present, aware UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def text_of(moment: datetime | None) -> str | None:
    """`2019-01-29T12:00:00Z`, or None for none."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str | None) -> datetime | None:
    """The aware time of such a text, or None for none."""
    return None if not text else datetime.fromisoformat(text)


def ago(then: datetime | None, at: datetime) -> str:
    """How long before a moment another was, as `5 min ago`, `3 h ago` or `12 d ago`; `never` of none."""
    return "never" if then is None else f"{lasting(at - then)} ago"


def lasting(span: timedelta) -> str:
    """A span in its largest unit that tells at least two of it, or one minute: `5 min`, `30 h`, `12 d`."""
    minutes = max(round(span.total_seconds() / 60), 1)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2 * 24 * 60 else f"{minutes // (24 * 60)} d"
