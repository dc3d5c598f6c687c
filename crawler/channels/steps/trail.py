"""What an ask carries of the asks before it, and of earlier runs: words with what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b


def note(word: str, about: object) -> str:
    """One entry of a trail: `seen 5f2a`."""
    return f"{word} {about}"


def told(trail: Sequence[str], word: str) -> tuple[str, ...]:
    """What a trail says about a word, in order."""
    return tuple(entry.partition(" ")[2] for entry in trail if entry.partition(" ")[0] == word)


def mark(words: Iterable[str]) -> str:
    """A short mark by which texts are known again (16 characters, whatever their length)."""
    digest = blake2b(digest_size=8)
    for text in words:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
