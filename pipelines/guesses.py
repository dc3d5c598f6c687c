"""What trafilatura and htmldate find where a page does not say it of itself.

Both meet pages that nobody foresaw and raise whatever their libraries do; such a page has no guess, and is no fault.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import htmldate
import trafilatura
from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

T = TypeVar("T")

for _name in ("trafilatura", "htmldate", "readability", "justext", "charset_normalizer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they warn of every page that is not as they like it


def body_text(tree: HtmlElement) -> str:
    """The main text of a page as trafilatura sees it, a paragraph a line, without readers' comments."""
    found = _tried(lambda: trafilatura.bare_extraction(tree, include_comments=False, with_metadata=False))
    return getattr(found, "text", None) or ""


def author(tree: HtmlElement) -> str:
    """The byline that a page shows."""
    return _tried(lambda: extract_author(tree)) or ""


def day(tree: HtmlElement, url: str) -> str:
    """The day of publication that a page or its address shows, as YYYY-MM-DD."""
    return _tried(lambda: htmldate.find_date(tree, original_date=True, url=url)) or ""


def _tried(find: Callable[[], T | None]) -> T | None:
    try:
        return find()
    except MemoryError:
        raise
    except Exception:
        logging.getLogger(__name__).debug("no guess", exc_info=True)
        return None
