"""From what the archive knows of an article that was looked at to when it is looked at again."""

from __future__ import annotations

from datetime import datetime

from archive.rechecks import DueRow, LookRow
from crawler.times import text_of
from pipelines.ladder import Look, born, next_look


def due_after(row: LookRow) -> DueRow | None:
    """The next look at an article by the ladder; None where there is none any more."""
    look = Look(
        said=row.said,
        quiet=row.quiet,
        failures=row.failures,
        has_validators=row.has_validators,
        is_removed=row.is_removed,
    )
    published = datetime.fromisoformat(row.published) if row.published else None
    born_at = born(published, datetime.fromisoformat(row.first_fetched), is_day=row.is_day)
    turn = next_look(born_at, datetime.fromisoformat(row.now), look, row.article_id)
    return None if turn is None else DueRow(step=round(turn.step.total_seconds() / 60), due=text_of(turn.due) or "")
