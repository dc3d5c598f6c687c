"""The links of a web page, with the words that each stands on: one pass, bounded, whatever the page is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from crawler.channels.reading.fault import Fault, too_much
from crawler.channels.reading.markup import MAX_BASE, joined
from crawler.channels.reading.node import attributes_of
from crawler.channels.reading.plaintext import plain

MAX_ANCHORS = 5_000  # the fullest of 700 real pages has 1,500
MAX_TAGS = 50_000  # of links, also those that lead nowhere
MAX_PIECES = 4  # of about a million characters each
MAX_TEXT = 300
MAX_MARKUP = 20_000  # characters within one link
MAX_HREF = 8_192

# Every alternative ends at the next "<", or takes what it opened to its end, so that any text is read in linear time.
# A quoted value may hold "<" some times, as captions and scripts in attributes do.
_QUOTED = "\"[^\"<]*+(?:<[^\"<]*+){0,20}+\"|'[^'<]*+(?:<[^'<]*+){0,20}+'"
_PARTS = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|textarea|noscript|svg|iframe)\b.*?(?:</\1|\Z)"
    rf"|<(/?)(a|base|link)(?![^\s/>])(?:((?:[^<>\"']++|{_QUOTED})*+)>|([^<>]*+)>)",
    re.DOTALL | re.IGNORECASE,
)
_UNREAD = re.compile(r"<(svg|template|noscript|iframe|button)\b.*?(?:</\1[^<>]*+>|\Z)", re.DOTALL | re.IGNORECASE)
_ENDS = re.compile(r"</(?:span|strong|b)\s*+>(?=<)", re.IGNORECASE)  # kicker and headline side by side
_HEADING = re.compile(r"<h[1-6]\b[^<>]*+>(.*?)(?:</h|\Z)", re.DOTALL | re.IGNORECASE)
_IMAGE = re.compile(rf"<img(?![^\s/>])((?:[^<>\"']++|{_QUOTED})*+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One link of a page: an absolute URL, not canonical; `text` is empty where it has neither words nor a label."""

    url: str
    text: str = ""
    relations: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class Anchors:
    """The links of one page in its own order; `following` is where its head says that the list goes on."""

    links: list[Anchor] = field(default_factory=list)
    following: str = ""
    fault: Fault | None = None

    @classmethod
    def of(cls, pieces: Iterable[str], base: str) -> Anchors:
        """The links in a page's text, relative ones by its `<base>`, else by `base`."""
        read = iter(pieces)
        text = "".join(islice(read, MAX_PIECES))
        anchors = cls()
        if next(read, ""):
            anchors.fault = too_much(f"{MAX_PIECES} million characters")
        anchors._read(text, base)
        return anchors

    def _read(self, text: str, page: str) -> None:
        base, has_base = page, False
        for count, (tag, attributes, markup) in enumerate(_tags(text)):
            if len(self.links) == MAX_ANCHORS or count == MAX_TAGS:
                self.fault = too_much(f"{MAX_ANCHORS:,} links")
                return
            href = attributes.get("href", "").strip()
            if not href or len(href) > MAX_HREF:
                continue
            if tag == "base":
                # As browsers do: the first one counts.
                if not has_base and len(target := joined(page, href)) <= MAX_BASE:
                    base, has_base = target, True
            elif tag == "link":
                if "next" in attributes.get("rel", "").lower().split():
                    self.following = self.following or joined(base, href)
            elif not href.startswith("#"):
                self.links.append(_anchor(joined(base, href), attributes, markup))


def _tags(text: str) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """Every tag of the three names with its attributes; of a link also the markup up to its end."""
    waiting: tuple[str, int] | None = None
    for found in _PARTS.finditer(text):
        _, slash, name, strict, loose = found.groups()
        if name is None:
            continue
        name = name.lower()
        if waiting is not None and name == "a":
            # A link ends where the next one begins: links do not nest.
            yield "a", dict(attributes_of(waiting[0])), text[waiting[1] : min(found.start(), waiting[1] + MAX_MARKUP)]
            waiting = None
        if slash:
            continue
        written = loose if strict is None else strict
        if name == "a":
            waiting = (written, found.end())
        else:
            yield name, dict(attributes_of(written)), ""
    if waiting is not None:
        yield "a", dict(attributes_of(waiting[0])), text[waiting[1] : waiting[1] + MAX_MARKUP]


def _anchor(url: str, attributes: Mapping[str, str], markup: str) -> Anchor:
    relations = frozenset(attributes.get("rel", "").lower().split())
    return Anchor(url=url, text=_text(markup, attributes), relations=relations)


def _text(markup: str, attributes: Mapping[str, str]) -> str:
    """The words of a link: a heading within it, all its text, its label, or what its picture is said to show."""
    if "<" not in markup and (text := plain(markup, MAX_TEXT)):
        return text
    seen = _ENDS.sub(r"\g<0> ", _UNREAD.sub(" ", markup))
    headings = (plain(found[1], MAX_TEXT) for found in islice(_HEADING.finditer(seen), 3))
    labels = (plain(attributes.get(name, ""), MAX_TEXT) for name in ("title", "aria-label"))
    return next(filter(None, headings), "") or plain(seen, MAX_TEXT) or next(filter(None, labels), "") or _alt(seen)


def _alt(markup: str) -> str:
    for found in islice(_IMAGE.finditer(markup), 5):
        if alt := plain(dict(attributes_of(found[1])).get("alt", ""), MAX_TEXT):
            return alt
    return ""
