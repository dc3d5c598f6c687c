"""The main text of a page, found by trafilatura."""

from __future__ import annotations

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document

from pipelines.tree import lean
from pipelines.witnesses.guesses import tried

SHORT = 250  # characters: what trafilatura itself takes for an extraction that failed
SHARE = 0.15  # of a page's characters; on 20 pages between it and trafilatura's own fifth, asking again gained nothing


def main_text(tree: HtmlElement, *, recall: bool = False) -> str:
    """The main text of a page as trafilatura sees it, a paragraph a line, without readers' comments.

    With `recall` it takes what it is less sure of. Else its comparison with other extractors is asked only where its
    own extraction, made from a leaner tree, looks as if it had missed the article: one page in twelve.
    """
    found = None
    if not recall:
        thin = lean(tree)
        found = _extracted(thin, fast=True)
        if found is not None and _looks_missed(found, thin):
            found = None
    if found is None:
        found = _extracted(tree, recall=recall)
    return found.text or "" if found else ""


def _extracted(tree: HtmlElement, *, fast: bool = False, recall: bool = False) -> Document | None:
    found = tried(
        lambda: trafilatura.bare_extraction(
            tree, fast=fast, favor_recall=recall, include_comments=False, with_metadata=False
        )
    )
    return found if isinstance(found, Document) else None


def _looks_missed(found: Document, tree: HtmlElement) -> bool:
    """Whether what was found is short, a small part of the page, no paragraphs, or mostly tables."""
    size = _size(found.text or "")
    if size < SHORT or size < SHARE * _size(tree.text_content()):
        return True
    paragraphs, tables = (sum(1 for _ in found.body.iter(tag)) for tag in ("p", "table"))
    return paragraphs < 2 or tables > paragraphs


def _size(text: str) -> int:
    return sum(map(len, text.split()))
