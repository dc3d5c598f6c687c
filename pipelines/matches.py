"""Verdicts as they are stored, the terms that made them as JSON: `[[term, share], ...]`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pipelines.items import Match, Verdict


def written(matches: Iterable[Match]) -> str:
    """The matches as text."""
    return json.dumps([[match.term, round(match.share, 4)] for match in matches], ensure_ascii=False)


def columns(verdict: Verdict) -> dict[str, Any]:
    """A verdict by the names under which a membership has it."""
    return {
        "score": verdict.score,
        "verdict": verdict.decision,
        "matched": written(verdict.matched),
        "reason": verdict.reason,
    }


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
