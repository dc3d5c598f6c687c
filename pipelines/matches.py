"""The terms that made a score, as the text in which they are stored: JSON, `[[term, share], ...]`."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pipelines.items import Match


def written(matches: Iterable[Match]) -> str:
    """The matches as text."""
    return json.dumps([[match.term, round(match.share, 4)] for match in matches], ensure_ascii=False)


def read(text: str) -> tuple[Match, ...]:
    """The matches that a text holds; none where it holds something else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    pairs = [pair for pair in found if isinstance(pair, list) and len(pair) == 2] if isinstance(found, list) else []
    return tuple(
        Match(term=term, share=float(share))
        for term, share in pairs
        if isinstance(term, str) and isinstance(share, int | float) and 0 <= share <= 1
    )
