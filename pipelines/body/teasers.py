"""Teasers: other stories that a page appends to its own as if they were part of it.

A card is a link around a whole teaser, headline and text; a list has a link to another story at the beginning of each
of its elements. An article has its links within its sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from lxml.html import HtmlElement

from pipelines.body.lines import key
from pipelines.body.paragraphs import blocks_of

MOST = 0.6  # of a text may be teasers of others: more is a list that is the article
CARD = 80  # characters of a link that may hold a headline and a text
SHORTEST = 25  # characters of a line that nobody else writes
FEWEST = 3  # elements of a list of teasers
LONGEST = 300  # characters of one
HEADLINE = 20  # letters and digits of a link that is a headline; names and products have fewer
LINK = 12  # of a link at all

_ELEMENT = "- "  # how trafilatura begins the element of a list


def without_teasers(lines: Sequence[str], links: Iterable[tuple[HtmlElement, str]]) -> list[str]:
    """The lines without the teasers among them; all of them where that would be too much."""
    links = list(links)
    gone = _in_cards(lines, links) | _in_lists(lines, links)
    if not gone or sum(len(lines[place]) for place in gone) > MOST * sum(map(len, lines)):
        return list(lines)
    return [line for place, line in enumerate(lines) if place not in gone]


def _in_cards(lines: Sequence[str], links: Sequence[tuple[HtmlElement, str]]) -> set[int]:
    """The places of lines that are a paragraph within a link that holds others."""
    cards = [blocks_of(link) for link, text in links if len(link) and len(text) > CARD]
    held = {key(line) for card in cards if len(card) > 1 for _, line in card if len(line) >= SHORTEST}
    return {place for place, line in enumerate(lines) if key(line) in held} if held else set()


def _in_lists(lines: Sequence[str], links: Sequence[tuple[HtmlElement, str]]) -> set[int]:
    """The places of lines in a list each of whose elements begins with a link, most of them headlines."""
    found: set[int] = set()
    sizes: dict[str, int] = {}
    for is_list, run in groupby(range(len(lines)), key=lambda place: lines[place].startswith(_ELEMENT)):
        places = list(run)
        if not is_list or len(places) < FEWEST:
            continue
        sizes = sizes or _sizes(links)
        for is_teaser, within in groupby(places, key=lambda place: bool(_headline(lines[place], sizes))):
            teasers = list(within)
            headlines = sum(_headline(lines[place], sizes) >= HEADLINE for place in teasers)
            if is_teaser and len(teasers) >= FEWEST and headlines * 2 > len(teasers):
                found.update(teasers)
    return found


def _sizes(links: Sequence[tuple[HtmlElement, str]]) -> dict[str, int]:
    """The texts of links, folded, by their first letters, with their lengths."""
    folded = (key(text) for _, text in links if LINK <= len(text) <= LONGEST)
    return {one: len(one) for one in folded if len(one) >= LINK}


def _headline(line: str, sizes: dict[str, int]) -> int:
    """The letters and digits of the link with which a line begins and does not end; 0 where there is none."""
    if len(line) > LONGEST:
        return 0
    folded = key(line)
    return next((size for size in range(len(folded) - 1, LINK - 1, -1) if folded[:size] in sizes), 0)
