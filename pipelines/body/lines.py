"""Which lines of an extracted text are the article's own: headline repeats, bylines, promotion and bare links go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pipelines.body.promotion import is_promotion

TOP = 6  # lines at the beginning in which headline, byline and date are repeated
TAIL = 8  # lines at the end in which authors are introduced
LONGEST_LINK = 300
SHORTEST_LINK = 12  # letters and digits: a shorter line is as likely a heading that happens to be a link
LINK_SHARE = 0.25  # of a text may be bare links and still be taken away: more is a list that is the article
REPEATED = 40  # characters from which on a line that stands twice is a teaser or a caption, not a refrain

_GAPS = re.compile(r"[\W_]+")
_LABEL = re.compile(r"[^:：]{2,40}[:：]\s*(?=\S)")
_INTRODUCES = re.compile(
    r",? (?:is (?:an?|the)|was (?:an?|the)|covers|writes|reports|joined|has been|has covered|ist|war|schreibt|arbeitet"
    r"|berichtet|est|couvre|écrit|es|è|är|er|jest)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a page says around its text: its titles, its authors, and the texts of its links."""

    titles: Sequence[str] = ()
    authors: Sequence[str] = ()
    links: Sequence[str] = ()


def own_lines(lines: Sequence[str], around: Surroundings) -> list[str]:
    """The lines that are the article's own, in order; all of them where none would be left."""
    titles = {folded for title in around.titles if (folded := key(title))}
    authors = [folded for author in around.authors if len(folded := key(author)) > 3]
    kept: dict[str, str] = {}
    for place, line in enumerate(lines):
        if not (folded := key(line)) or is_promotion(line):
            continue
        if place < TOP and (_is_title(folded, titles) or _is_byline(line, authors)):
            continue
        if place >= len(lines) - TAIL and _is_biography(line, around.authors):
            continue
        kept.setdefault(folded if len(line) >= REPEATED else f"{place} {folded}", line)
    return _without_links(list(kept.values()), around.links) or list(lines)


def key(text: str) -> str:
    """A text by its letters and digits alone, so that spacing, case and punctuation make no difference."""
    return _GAPS.sub("", text).casefold()


def _is_title(folded: str, titles: AbstractSet[str]) -> bool:
    """The headline, alone or behind the words that stand above it."""
    if folded in titles:
        return True
    return any(len(title) > 12 and len(folded) < 2 * len(title) and folded.endswith(title) for title in titles)


def _is_byline(line: str, authors: Sequence[str]) -> bool:
    """The authors' names, or a date, with hardly a word besides."""
    if len(line) > 120:
        return False
    rest = folded = key(line)
    digits = sum(map(str.isdigit, folded))
    if digits >= 4 and digits * 4 >= len(folded):
        return True
    for author in authors:
        rest = rest.replace(author, "")
    return rest != folded and len(rest) <= 12


def _is_biography(line: str, authors: Sequence[str]) -> bool:
    """A line that introduces an author: it begins with the name and goes on as no sentence of the article does."""
    if len(line) > 600:
        return False
    return any(len(name) > 5 and line.startswith(name) and _INTRODUCES.match(line, len(name)) for name in authors)


def _without_links(lines: list[str], links: Sequence[str]) -> list[str]:
    known = {folded for text in links if len(folded := key(text)) >= SHORTEST_LINK}
    bare = [bool(known) and _is_link(line, known) for line in lines]
    share = sum(len(line) for line, is_bare in zip(lines, bare, strict=True) if is_bare)
    if share > LINK_SHARE * sum(map(len, lines)):
        return lines
    return [line for line, is_bare in zip(lines, bare, strict=True) if not is_bare]


def _is_link(line: str, links: AbstractSet[str]) -> bool:
    """A line that is the text of a link, alone or behind a label: `Background: Who sits at the table`."""
    if len(line) > LONGEST_LINK:
        return False
    if key(line) in links:
        return True
    label = _LABEL.match(line)
    return label is not None and key(line[label.end() :]) in links
