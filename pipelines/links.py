"""The links in the text of an article: those whose words, with the words around them, made it into the body.

Menus, related articles and promotion are links as well; their lines are no part of the body, and so they are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urldefrag, urljoin

from lxml.html import HtmlElement

from pipelines.body.lines import key
from pipelines.decoding import cleaned
from pipelines.items import Link
from pipelines.tree import beginning
from pipelines.urls import MAX_URL

MOST = 50
MOST_LOOKED_AT = 2_000  # links of one page
LONGEST_TEXT = 300
LONGEST_BLOCK = 20_000  # characters
SHORTEST = 25  # letters and digits that stand in a body by no chance: a paragraph's, or those of a link and around it
NEAR = 60  # characters before and after a link
_PARAGRAPHS = frozenset(("p", "li", "blockquote", "dd", "td", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _PARAGRAPHS | {"div", "section", "article", "main", "body", "ul", "ol", "table", "aside", "header"}


def links_in(links: Iterable[tuple[HtmlElement, str]], body: str, url: str, tree: HtmlElement) -> tuple[Link, ...]:
    """Those of a page's links that stand in its article's body, in order, each address once, at most 50.

    Absolute http(s) URLs, not canonical; those within the page itself are left out.
    """
    text, base, here = "", _base(tree, url), urldefrag(url)[0]
    known: dict[HtmlElement, bool] = {}
    found: dict[str, Link] = {}
    for link, words in _candidates(links, body):
        text = text or key(body)
        if not _is_text(link, key(words), text, known):
            continue
        target = _absolute(base, link.get("href", ""))
        if target and target not in found and urldefrag(target)[0] != here:
            found[target] = Link(url=target, text=words)
            if len(found) == MOST:
                break
    return tuple(found.values())


def _candidates(links: Iterable[tuple[HtmlElement, str]], body: str) -> Iterator[tuple[HtmlElement, str]]:
    """The links whose words stand somewhere in the body, with these words."""
    for link, text in islice(links, MOST_LOOKED_AT):
        words = cleaned(text)[:LONGEST_TEXT].strip()
        # Others may be spelt with joiners, which a page's tree holds in another form.
        if words and (words in body or not words.isascii()):
            yield link, words


def _is_text(link: HtmlElement, folded: str, text: str, known: dict[HtmlElement, bool]) -> bool:
    """Whether a link with these words, folded, stands in the text: its paragraph does, or what touches it."""
    if not folded or folded not in text:
        return False
    block = _block(link)
    if block is not None and block not in known:
        known[block] = block.tag in _PARAGRAPHS and _stands(block, text)
    return (block is not None and known[block]) or _is_near(link, folded, text)


def _block(link: HtmlElement) -> HtmlElement | None:
    return next((element for element in link.iterancestors() if element.tag in _BLOCKS), None)


def _stands(block: HtmlElement, text: str) -> bool:
    words = key(beginning(block, LONGEST_BLOCK))
    return len(words) >= SHORTEST and words in text


def _is_near(link: HtmlElement, folded: str, text: str) -> bool:
    """Whether a link stands in the text together with what comes before or after it, where paragraphs are no elements.

    Words that touch the link must be there: a headline alone may be quoted from the box of related articles.
    """
    outer = link
    while not outer.tail and (parent := outer.getparent()) is not None and parent.tag not in _BLOCKS:
        outer = parent
    before, parent = outer.getprevious(), outer.getparent()
    touching = before.tail if before is not None else parent.text if parent is not None else ""
    lead = touching or ""
    for around in (key(lead[-NEAR:]) + folded, folded + key((outer.tail or "")[:NEAR])):
        if len(around) >= SHORTEST and len(around) > len(folded) + 5 and around in text:
            return True
    return False


def _base(tree: HtmlElement, url: str) -> str:
    base = tree.find("head/base")
    return (_absolute(url, base.get("href", "")) if base is not None else "") or url


def _absolute(base: str, href: str) -> str:
    """A reference as an absolute http(s) URL, or nothing."""
    if len(href) > MAX_URL:
        return ""
    try:
        target = urljoin(base, cleaned(href))
    except ValueError:  # "http://[": no address
        return ""
    return target if target[:8].lower().startswith(("http://", "https://")) and len(target) <= MAX_URL else ""
