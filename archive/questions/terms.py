"""Words and phrases as FTS5 expressions, which are always well formed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

NOTHING = '""'  # FTS5 takes an empty phrase and finds nothing

_WORDS = re.compile(r"\w+")

# The endings that the Porter stemmer cuts. The index holds `negoti`, which the prefix `negotiat` does not begin, so a
# prefix also asks for the whole words that it may be the beginning of: negotiat|e, negotiat|ion.
_ENDINGS = (
    "able", "ably", "al", "ally", "ance", "ant", "ate", "ated", "ates", "ating", "ation", "ational", "ator", "ed",
    "ement", "ence", "ent", "er", "ers", "es", "ful", "ible", "ic", "ical", "ication", "icity", "ies", "ing", "ion",
    "ism", "ity", "ive", "ization", "ize", "ized", "izing", "ment", "ness", "ous", "ously", "sion", "tion",
)  # fmt: skip


def has_words(text: str) -> bool:
    """Whether the index's tokenizer sees anything in the text."""
    return any(unicodedata.category(char)[0] in "LN" for char in text)


def words_in(text: str) -> int:
    """About how many words the index looks up for the text."""
    return len(_WORDS.findall(text))


def term(text: str, column: str = "", *, is_beginning: bool = False) -> str:
    """One word or phrase, without quotes in it, in one column or in all; `is_beginning`: all words that begin so."""
    found = _beginning(text) if is_beginning else f'"{text}"'
    return f"{column} : {found}" if column else found


def either(terms: Sequence[str]) -> str:
    """What any of some terms finds."""
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def every(groups: Sequence[Sequence[str]]) -> str:
    """What finds one term of each group at least; empty for no group."""
    return " AND ".join(either(group) for group in groups)


def _beginning(word: str) -> str:
    return either([f'"{word}" *', *(f'"{whole}"' for whole in _wholes(word.lower()))])


def _wholes(word: str) -> list[str]:
    """The words that a cut-off one may become where the cut lies inside an ending."""
    return sorted(
        {
            word + ending[cut:]
            for ending in _ENDINGS
            for cut in range(1, len(ending))
            if word.endswith(ending[:cut]) and len(word) - cut >= 3
        }
    )
