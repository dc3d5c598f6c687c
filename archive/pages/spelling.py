"""Words that the archive has, one slip of the finger away from one that it has not."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from archive.queries import Reader

SHORTEST, LONGEST = 4, 14  # characters of a word that is respelled: at most some 750 spellings, each looked up once
COUNTED = 100  # articles of a word, from which on it is no rarer than another
OFFERED = 2

# A word is looked up in the index, and no further than it takes to tell a frequent one from a slip of somebody else.
HAVING = "SELECT COUNT(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)"


def respelled(db: Reader, word: str) -> list[str]:
    """The most frequent of the words that differ from `word` by one letter, or by two that changed places."""
    lower = word.lower()
    if not SHORTEST <= len(lower) <= LONGEST or not lower.isalpha():
        return []
    found = [other for other in slips(lower) if having(db, other, 1)]
    return sorted(found, key=lambda other: -having(db, other, COUNTED))[:OFFERED]


def slips(word: str) -> Iterator[str]:
    """Each spelling once, likeliest slips first; the first letter is seldom the wrong one, and stays."""
    seen = {word}
    for other in changed(word):
        if other not in seen:
            seen.add(other)
            yield other


def changed(word: str) -> Iterator[str]:
    """One more letter, two that changed places, one less, another one; of the Latin letters, and its own."""
    letters = dict.fromkeys(word + ascii_lowercase)
    cuts = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    yield from (left + letter + right for left, right in cuts for letter in letters)
    yield from (left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1)
    yield from (left + right[1:] for left, right in cuts if right)
    yield from (left + letter + right[1:] for left, right in cuts if right for letter in letters)


def having(db: Reader, word: str, most: int) -> int:
    """How many articles have a word of letters, counted up to `most`."""
    return int(db.execute(HAVING, [f'"{word}"', most]).fetchone()[0])
