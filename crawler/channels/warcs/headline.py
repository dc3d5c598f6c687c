"""What the beginning of a page says of itself: its titles and its language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.channels.reading.charsets import charset_of
from crawler.channels.reading.node import attributes_of
from crawler.channels.reading.plaintext import plain
from pipelines.witnesses.languages import code_of

MAX_TITLE = 500
_TITLES = ("og:title", "twitter:title")
_LANGUAGES = ("og:locale", "content-language")

# Comments and scripts are passed in leaps, from "<" to "<": a lazy ".*?" would look at each of their characters.
_PARTS = re.compile(
    r"<(?:!--[^-]*+(?:-(?!->)[^-]*+)*+"
    r"|(script|style|svg|template)\b[^<]*+(?:<(?!/\1)[^<]*+)*+"
    r"|(title)\b[^<>]*+>([^<]*+)"
    r"|(html|meta)\b((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The titles of a page, the announced one first, each once; and its language as a tag's base ("en"), if said."""

    titles: tuple[str, ...] = ()
    language: str = ""


def headline_of(head: bytes, content_type: str = "", content_language: str = "") -> Headline:
    """The headline in the first bytes of a page; of languages, `<html lang>` counts before the header."""
    text = head.decode(charset_of(head, content_type), "replace")
    titles: dict[str, str] = {}
    languages: dict[str, str] = {"header": content_language.partition(",")[0]}
    for _, title, words, tag, attributes in _PARTS.findall(text):
        if title:
            titles.setdefault("title", words)
        elif tag:
            _take(tag.lower(), dict(attributes_of(attributes)), titles, languages)
    found = (plain(titles[key], MAX_TITLE) for key in (*_TITLES, "title") if key in titles)
    spoken = (code_of(languages.get(key, "")) for key in ("html", "content-language", "header", "og:locale"))
    return Headline(
        titles=tuple(dict.fromkeys(filter(None, found))), language=next(filter(None, spoken), "").partition("-")[0]
    )


def _take(tag: str, attributes: dict[str, str], titles: dict[str, str], languages: dict[str, str]) -> None:
    if tag == "html":
        languages.setdefault("html", attributes.get("lang") or attributes.get("xml:lang", ""))
        return
    name = (attributes.get("property") or attributes.get("name") or attributes.get("http-equiv", "")).lower()
    if name in _TITLES:
        titles.setdefault(name, attributes.get("content", ""))
    elif name in _LANGUAGES:
        languages.setdefault(name, attributes.get("content", ""))
