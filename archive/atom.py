"""What every Atom feed of ours (RFC 4287) is made of, whoever asks for it: hostile text made legal, times, links."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

NEVER = "1970-01-01T00:00:00Z"
ADDRESS = re.compile(r"https?://[\x21-\x7e]+", re.IGNORECASE)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def name_of(url: str) -> str:
    """The id of an article's entry: made of its own address, it stays if the archive moves or is made anew."""
    return uuid.uuid5(uuid.NAMESPACE_URL, legal(url)).urn


def times_of(one: Mapping[str, Any]) -> list[str]:
    """When an article was published and when it was fetched, as far as those are times that a feed may hold."""
    return [text for text in (one["published"], one["fetched"]) if text and _TIME.fullmatch(text)]


def link(parent: Element, rel: str, href: str, kind: str) -> None:
    """Add a link to a feed or an entry."""
    SubElement(parent, "link", {"rel": rel, "href": legal(href), "type": kind})


def legal(text: str) -> str:
    """The text without what XML 1.0 has no place for, and without what turns a line around."""
    return _ILLEGAL.sub("", text).replace("\u202d", "").replace("\u202e", "")
