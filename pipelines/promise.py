"""What a link promises once the topic knows how the links of its host have fared."""

from __future__ import annotations

import math

PRIOR = 20
"""Pages, half of them kept, that a host counts as having shown before it has shown any."""
SWAY = 1.5
"""What a host's history multiplies or divides the evidence of a link by at most.

Kept small: in simulated crawls a host's history changed what a budget found by half a percent, to either side.
"""


def promise(score: float, kept: int, dropped: int) -> float:
    """A link's score, raised or lowered by how many pages of its host were kept and dropped for this topic before.

    Without history it stays as it is. A long one sways it moderately: a link that says nothing stays at 0, one that is
    sure at 1, and 0.9 falls to 0.78 at the lowest.
    """
    share = (kept + PRIOR / 2) / (kept + dropped + PRIOR)
    # A score is 1 - 2^-evidence: a power of its distance from 1 is a multiple of the evidence.
    return 1 - math.pow(1 - min(max(score, 0.0), 1.0), math.pow(SWAY, 2 * share - 1))
