"""Teasers: other stories that a page appends to its own as if they were part of it.

A card is a link around a whole teaser, headline and text; a list has a link to another story at the beginning of each
of its elements. An article has its links within its sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, islice

from lxml.html import HtmlElement

from pipelines.body.paragraphs import BLOCKS

MOST = 0.6  # of a text may be teasers of others: more is a list that is the article
CARD = 80  # characters of a link that may hold a headline and a text
MORE = 10  # characters that it has besides one of its paragraphs
PARAGRAPH = 25  # characters of a line that nobody else writes
FEWEST = 3  # elements of a list of teasers
LONGEST = 300  # characters of one
HEADLINE = 24  # characters of a link that is a headline; names and products have fewer
LINK = 12  # of a link at all
MOST_LINKS = 1_000  # that are looked at, and as many elements of lists
MOST_CARDS = 200

_ELEMENT = "- "  # how trafilatura begins the element of a list
_MARK = re.compile(r"^[-–>»•·]\s")


def without_teasers(lines: Sequence[str], links: Sequence[tuple[HtmlElement, str]]) -> list[str]:
    """The lines without the teasers among them; all of them where that would be too much.

    `links` are those of the page, each with its text.
    """
    gone = _in_cards(lines, links) | _in_lists(lines, links)
    if not gone or sum(len(lines[place]) for place in gone) > MOST * sum(map(len, lines)):
        return list(lines)
    return [line for place, line in enumerate(lines) if place not in gone]


def _in_cards(lines: Sequence[str], links: Sequence[tuple[HtmlElement, str]]) -> set[int]:
    """The places of lines that are a paragraph of a link which holds others, and of its headline beside it."""
    likely = ((link, text) for link, text in links if len(text) > CARD and len(link))
    cards = [(link, " ".join(text.split())) for link, text in islice(likely, MOST_CARDS)]
    found: set[int] = set()
    for place, line in enumerate(lines if cards else ()):
        if len(line) >= PARAGRAPH and (card := _card(_MARK.sub("", line), cards)):
            beside = (at for at in (place - 1, place + 1) if 0 <= at < len(lines) and lines[at] in card)
            found.update((place, *beside))
    return found


def _card(line: str, cards: Sequence[tuple[HtmlElement, str]]) -> str:
    """The text of the link that holds a line and more than that; nothing where there is none."""
    held = (text for link, text in cards if line in text and len(text) >= len(line) + MORE and _holds_blocks(link))
    return next(held, "")


def _holds_blocks(link: HtmlElement) -> bool:
    return any(element.tag in BLOCKS for element in link.iterdescendants())


def _in_lists(lines: Sequence[str], links: Sequence[tuple[HtmlElement, str]]) -> set[int]:
    """The places of lines in a list each of whose elements begins with a link, most of them headlines."""
    found: set[int] = set()
    texts: list[str] = []
    looked = 0
    for is_list, run in groupby(range(len(lines)), key=lambda place: lines[place].startswith(_ELEMENT)):
        places = list(run)
        if not is_list or not FEWEST <= len(places) <= MOST_LINKS - looked:
            continue
        looked += len(places)
        texts = texts or list(dict.fromkeys(text.strip() for _, text in links if len(text) >= LINK))[:MOST_LINKS]
        sizes = {place: _headline(lines[place].removeprefix(_ELEMENT), texts) for place in places}
        for is_teaser, within in groupby(places, key=lambda place: sizes[place] > 0):
            teasers = list(within)
            headlines = sum(sizes[place] >= HEADLINE for place in teasers)
            if is_teaser and len(teasers) >= FEWEST and headlines * 2 > len(teasers):
                found.update(teasers)
    return found


def _headline(line: str, texts: Sequence[str]) -> int:
    """The characters of the link with which a line begins and does not end; 0 where there is none."""
    if len(line) > LONGEST:
        return 0
    return max((len(text) for text in texts if LINK <= len(text) < len(line) and line.startswith(text)), default=0)
