"""The main text of a page, found by trafilatura."""

from __future__ import annotations

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document

from pipelines.tree import lean
from pipelines.witnesses.guesses import tried

SHORT = 250  # characters: what trafilatura itself takes for an extraction that failed
SHARE = 0.15  # of a page's characters; on 20 pages between it and trafilatura's own fifth, asking again gained nothing

# jusText, the last of the other extractors, compares each paragraph with all others.
MOST_BLOCKS = 1_000
_BLOCKS = ("div", "p", "li", "ul", "table", "tr", "td", "th", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6",
           "blockquote", "pre", "form", "fieldset", "caption", "center")  # fmt: skip


def main_text(tree: HtmlElement, *, recall: bool = False) -> str:
    """The main text of a page as trafilatura sees it, a paragraph a line, without readers' comments.

    With `recall` it takes what it is less sure of. Else its comparison with other extractors is asked only where its
    own extraction, made from a leaner tree, looks as if it had missed the article: one page in twelve. On pages of very
    many blocks it is never asked.
    """
    if recall:
        found = _extracted(tree, fast=_has_many_blocks(tree), recall=True)
    else:
        thin = lean(tree)
        found = _extracted(thin, fast=True)
        if (found is None or _looks_missed(found, thin)) and not _has_many_blocks(tree):
            found = _extracted(tree)
    return found.text or "" if found else ""


def _extracted(tree: HtmlElement, *, fast: bool = False, recall: bool = False) -> Document | None:
    found = tried(
        lambda: trafilatura.bare_extraction(
            tree, fast=fast, favor_recall=recall, include_comments=False, with_metadata=False
        )
    )
    return found if isinstance(found, Document) else None


def _has_many_blocks(tree: HtmlElement) -> bool:
    return sum(1 for _ in tree.iter(*_BLOCKS)) > MOST_BLOCKS


def _looks_missed(found: Document, tree: HtmlElement) -> bool:
    """Whether what was found is short, a small part of the page, no paragraphs, or mostly tables."""
    size = _size(found.text or "")
    if size < SHORT or size < SHARE * _size(tree.text_content()):
        return True
    paragraphs, tables = (sum(1 for _ in found.body.iter(tag)) for tag in ("p", "table"))
    return paragraphs < 2 or tables > paragraphs


def _size(text: str) -> int:
    return sum(map(len, text.split()))
