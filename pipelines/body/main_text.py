"""The main text of a page, found by trafilatura."""

from __future__ import annotations

import trafilatura
from lxml.html import HtmlElement

from pipelines.witnesses.guesses import tried


def main_text(tree: HtmlElement, *, recall: bool = False) -> str:
    """The main text of a page as trafilatura sees it, a paragraph a line, without readers' comments.

    With `recall` it takes what it is less sure of.
    """
    found = tried(
        lambda: trafilatura.bare_extraction(tree, include_comments=False, with_metadata=False, favor_recall=recall)
    )
    return getattr(found, "text", None) or ""
