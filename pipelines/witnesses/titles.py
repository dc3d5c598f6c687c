"""The headline of a page, from witnesses that do not always agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MAX_LENGTH = 400
SHORTEST = 10  # characters: 'Kabul - the city' is not 'Kabul'

_WORDS = re.compile(r"\w+")
_SEPARATOR = re.compile(r"\s+[-–—|·•«»:/]+\s+|\s*[|｜ㅣ]\s*|\s+::\s+")
_JOINT = re.compile(r"\s*[-–—|｜ㅣ·•«»:/]")


def title_of(*, headline: str, og: str, headings: Sequence[str], tag: str, announced: str, site: str) -> str:
    """The headline: JSON-LD's, unless two other witnesses agree against it; without the site's name at its end.

    `og` is og:title, `headings` are the texts of the first h1 elements, `tag` is the title element, `announced` the
    feed's own title.
    """
    witnesses = [headline, og, *headings[:1], tag, announced]
    named = [bare(text, [*witnesses, *headings], site) for text in witnesses]
    present = [text for text in named if text]
    if not present:
        return ""
    votes = [sum(folded(text) == folded(other) for other in present) for text in present]
    most = max(votes)
    if not named[0] or (votes[0] == 1 and most >= 2):
        return present[votes.index(most)][:MAX_LENGTH]
    return present[0][:MAX_LENGTH]


def bare(text: str, others: Sequence[str], site: str) -> str:
    """A title without the site's name or section behind it, where another witness shows it to be that."""
    for other in others:
        if len(other) >= SHORTEST and text.startswith(other) and _JOINT.match(text, len(other)):
            return other
    cuts = list(_SEPARATOR.finditer(text))
    shown = {folded(other) for other in others if other != text} - {""}
    for cut in cuts:
        if folded(text[: cut.start()]) in shown:
            return text[: cut.start()].strip()
    if cuts and folded(site) and folded(text[cuts[-1].end() :]) == folded(site):
        return text[: cuts[-1].start()].strip() or text
    return text


def folded(text: str) -> str:
    """A text by its words alone, for comparison."""
    return " ".join(_WORDS.findall(unicodedata.normalize("NFKC", text).casefold()))
