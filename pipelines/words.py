"""Words, as relevance and similarity count them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# "Kabul's" is Kabul and "U.S." is US, whatever the outlet's house style.
_JOINTS = re.compile(r"['’ʼ]s\b|\.(?:(?<=\b[^\W\d_]\.)(?=[^\W\d_]\.)|(?<=\.[^\W\d_]\.))")
_PLAIN = re.compile(r"\w+")
# Scripts without spaces between words: each character is a word, so that a phrase is found as a run of them.
UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
# `\w` leaves out the vowel signs of Indic scripts and the marks of Arabic and Hebrew, and would cut words at them.
MARKS = r"\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0f00-\u0fff"
_MARKED = re.compile(rf"[{MARKS}{UNSPACED}]")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}](?:[^\W{UNSPACED}]|[{MARKS}])*")


def words_of(text: str) -> list[str]:
    """The words of a text in order, casefolded; characters of scripts without spaces stand alone."""
    # Every page holds these two: without them most texts are normal already, and are not made so at some cost.
    plain = text.replace("\xa0", " ").replace("…", "...")
    folded = _JOINTS.sub("", unicodedata.normalize("NFKC", plain).casefold())
    return (_WORD if _MARKED.search(folded) else _PLAIN).findall(folded)


@lru_cache(maxsize=2)
def words_of_body(text: str) -> tuple[str, ...]:
    """The words of an article's text, kept for the last two texts: the judge and the sketch read the same ones."""
    return tuple(words_of(text))


def stem(word: str) -> str:
    """The word without its plural s and its accents: what relevance takes as the same word."""
    if not word.isascii():
        word = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word))) or word
    if len(word) < 4 or word[-1] != "s" or word[-2] in "su":
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def stems_of(text: str) -> list[str]:
    """The words of a text in order, each by its stem."""
    return stemmed(words_of(text))


def stemmed(words: Iterable[str]) -> list[str]:
    """Words in order, each by its stem."""
    return [stem(word) if word[-1] == "s" or not word.isascii() else word for word in words]
