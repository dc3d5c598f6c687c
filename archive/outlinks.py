"""Outlinks: what an article that was kept links to, inside the transaction that stores it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.rows import CaptureRows

if TYPE_CHECKING:
    from archive.store import Archive

CHANNEL = "outlinks"


def announce(archive: Archive, rows: CaptureRows, now: str) -> None:
    """Write an article's links as candidates of its topic, seen in a source that is the article itself.

    Nobody asks such a source: it never has a time at which it was asked, nor a state of health.
    """
    if not rows.outlinks:
        return
    with archive.writing():
        source = archive.sources.ensure(CHANNEL, rows.article.url, rows.article.outlet, rows.article.outlet_name)
        archive.candidates.note(rows.membership.topic_id, source, rows.outlinks, now)
