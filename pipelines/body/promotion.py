"""Lines that outlets put between the paragraphs of an article: read-more, credits, paywalls, comment boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files

LONGEST = 220  # characters: what is longer has something of its own to say

_UNSPACED = "\u0e00"  # from here on lie the scripts that put no space between words


def _phrases() -> dict[str, list[str]]:
    """The phrases of promotions.txt, by their section."""
    found: dict[str, list[str]] = {"[begins]": [], "[whole]": []}
    section: list[str] = []
    for line in files("pipelines.body").joinpath("promotions.txt").read_text(encoding="utf-8").splitlines():
        if line in found:
            section = found[line]
        elif line and not line.startswith("#"):
            section.append(line)
    return found


def _beginnings(phrases: Iterable[str]) -> str:
    """A pattern of phrases that end where a word ends."""
    return "|".join(re.escape(one) + (r"\b" if one[-1].isalnum() and one[-1] < _UNSPACED else "") for one in phrases)


_SECTIONS = _phrases()
_BEGINS = re.compile(rf"[\s*>»›→·•|#=~_–—-]{{0,12}}(?:{_beginnings(_SECTIONS['[begins]'])})", re.IGNORECASE)
_WHOLE = re.compile(rf"[\W_]{{0,12}}(?:{'|'.join(map(re.escape, _SECTIONS['[whole]']))})[\W_]{{0,12}}", re.IGNORECASE)


def is_promotion(line: str) -> bool:
    """Whether a line is promotion, a credit or a control of the page, in any of some twenty languages."""
    if len(line) > LONGEST:
        return False
    line = line.replace("’", "'")
    return bool(_BEGINS.match(line) or _WHOLE.fullmatch(line))
