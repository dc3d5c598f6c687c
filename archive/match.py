"""What somebody typed into a search box, as an FTS5 expression that is never a fault."""

from __future__ import annotations

import re
import unicodedata

MAX_TYPED = 1_000  # characters that are looked at
MAX_TERMS = 32

NOTHING = '""'  # FTS5 takes an empty phrase and finds nothing

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_TERM = re.compile(r'(-*)(?:"([^"]*)"?|([^\s"]+))')

# The endings that the Porter stemmer cuts. The index holds `negoti`, which the prefix `negotiat` does not begin, so a
# prefix also asks for the whole words that it may be the beginning of: negotiat|e, negotiat|ion.
_ENDINGS = (
    "able", "ably", "al", "ally", "ance", "ant", "ate", "ated", "ates", "ating", "ation", "ational", "ator", "ed",
    "ement", "ence", "ent", "er", "ers", "es", "ful", "ible", "ic", "ical", "ication", "icity", "ies", "ing", "ion",
    "ism", "ity", "ive", "ization", "ize", "ized", "izing", "ment", "ness", "ous", "ously", "sion", "tion",
)  # fmt: skip


def expression(typed: str) -> str:
    """The FTS5 expression for words, "phrases", -left out, one OR another and beginnings*; it is always well formed.

    All words are wanted. OR binds its two neighbours; AND and NOT are understood. Where no word is wanted, not even
    after all else was dropped, the expression finds nothing.
    """
    wanted: list[list[str]] = []
    left_out: list[str] = []
    join = negate = False
    for dashes, phrase, word in _TERM.findall(_plain(typed))[:MAX_TERMS]:
        if word in {"OR", "AND", "NOT"} and not dashes:
            join, negate = word == "OR", word == "NOT"
            continue
        term = _term(phrase, word)
        if term is None:
            continue
        if dashes or negate:
            left_out.append(term)
        elif join and wanted:
            wanted[-1].append(term)
        else:
            wanted.append([term])
        join = negate = False
    return _expression(wanted, left_out)


def _expression(wanted: list[list[str]], left_out: list[str]) -> str:
    if not wanted:
        return NOTHING
    text = " AND ".join(_either(group) for group in wanted)
    return f"({text}) NOT {_either(left_out)}" if left_out else text


def _either(terms: list[str]) -> str:
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _plain(typed: str) -> str:
    """The text without what SQLite cannot take (a NUL ends its strings, a lone surrogate has no UTF-8)."""
    text = typed[:MAX_TYPED].encode("utf-8", "replace").decode()
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text).translate(_QUOTES)


def _term(phrase: str, word: str) -> str | None:
    """One phrase or word, quoted; None where it holds nothing that the index's tokenizer would see."""
    text = phrase or word
    if not any(unicodedata.category(char)[0] in "LN" for char in text):
        return None
    if word.endswith("*"):
        return _beginning(word.rstrip("*"))
    return f'"{text}"'


def _beginning(word: str) -> str:
    """All words that begin so."""
    return _either([f'"{word}" *', *(f'"{whole}"' for whole in _wholes(word.lower()))])


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
