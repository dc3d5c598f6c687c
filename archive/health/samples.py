"""Samples: the same all day, others the next day, so that in time all is looked at."""

from __future__ import annotations

from hashlib import blake2b


def places(day: str, highest: int, count: int) -> list[int]:
    """So many numbers from 1 to the highest at most, ascending, each once; equal for equal days."""
    if highest <= count:
        return list(range(1, highest + 1))
    drawn = (
        int.from_bytes(blake2b(f"{day} {turn}".encode(), digest_size=8).digest(), "big") % highest + 1
        for turn in range(count)
    )
    return sorted(set(drawn))
