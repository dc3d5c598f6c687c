"""Headlines as keys: one article's headline gets the same key, whichever service tells it."""

from __future__ import annotations

from hashlib import blake2b

from pipelines.words import words_of

FEWEST_WORDS, FEWEST_LETTERS = 4, 12
MAX_TITLE = 500  # characters: as long as a channel reads a title


def title_key(title: str) -> int | None:
    """The signed 64-bit hash of a headline's words; None where it is too short to tell one article from another.

    Case, punctuation and blanks do not count. A publisher's name after a dash is not guessed at: who announces a
    headline takes it off where he knows it.
    """
    words = words_of(title[:MAX_TITLE])
    letters = sum(map(len, words))
    # Where each character stands for a word, their number says less than that of words.
    is_short = len(words) < FEWEST_WORDS or len(words) == letters
    if is_short and letters < FEWEST_LETTERS:
        return None
    digest = blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
