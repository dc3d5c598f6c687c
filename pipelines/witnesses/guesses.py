"""What trafilatura and htmldate find where a page does not say it of itself.

Both meet pages that nobody foresaw and raise whatever their libraries do; such a page has no guess, and is no fault.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import htmldate
from lxml.html import HtmlElement

T = TypeVar("T")

for _name in ("trafilatura", "htmldate", "readability", "justext", "charset_normalizer"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they warn of every page that is not as they like it


def day(tree: HtmlElement, url: str) -> str:
    """The day of publication that a page or its address shows, as YYYY-MM-DD.

    htmldate's extensive search is ten times as slow and takes any year in a text for the first of January.
    """
    return tried(lambda: htmldate.find_date(tree, extensive_search=False, original_date=True, url=url)) or ""


def tried(find: Callable[[], T | None]) -> T | None:
    """What a library finds; None where it raises, whatever that is."""
    try:
        return find()
    except MemoryError:
        raise
    except Exception:
        logging.getLogger(__name__).debug("no guess", exc_info=True)
        return None
