"""Feeds and sitemaps as they are found: mostly XML, read in one pass and in bounded memory.

Why no XML parser: in recovery libxml2 turns `?a=1&b=2` into `?a=1=2`, which names another page, drops `&nbsp;`, and
ends at a PHP warning before `<?xml`. Here nothing is expanded, loaded or resolved, so that entity bombs and external
entities are plain text; a wrong end tag ends what it can; a document that is cut keeps its whole records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urljoin

from crawler.channels.reading.fault import Fault, cut_short, too_much
from crawler.channels.reading.names import OUTERMOST, Scope
from crawler.channels.reading.node import Node, attributes_of
from crawler.channels.reading.plaintext import unescaped

ROOTS = {
    "rss": ("item",),
    "rdf:rdf": ("item",),
    "channel": ("item",),
    "atom:feed": ("atom:entry",),
    "feed": ("entry",),
    "urlset": ("url", "sitemap"),
    "sitemapindex": ("url", "sitemap"),
}
PAGES = ("html", "head", "body")
FURTHER = ("next", "prev-archive")  # RFC 5005: the next page of a paged feed, the document before of an archived one
MAX_DEPTH = 256
MAX_TOKENS = 1_000_000  # 20 for each of 50,000 URLs
MAX_TOKENS_BEFORE_ROOT = 2_000
MAX_STRAY_ENDS = 100_000  # end tags that fit nothing; each is looked for among the open elements
MAX_PIECE = 4 << 20  # characters of one comment, one CDATA section, one run of text
MAX_BASE = 4_096
_VOID = frozenset(("br", "hr", "img"))

# Each alternative ends before the next "<" (or is given up at once), so that any text is read in linear time. An
# element without elements is one match, from its start tag to its end tag, since most of a sitemap are such.
_TOKEN = re.compile(
    r"<(?:(?P<slash>/?)(?P<name>[A-Za-z_][^\s/>\"'<=]*+)"
    r"(?:(?P<strict>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>|(?P<loose>[^<>]*+)>)"
    r"|!\[CDATA\[(?P<cdata>.*?)\]\]>|!--.*?-->|\?[^<>]*+>|(?P<declaration>!(?!--|\[CDATA\[)[^<>]*+)>"
    r"|(?P<unclosed>!--|!\[CDATA\[)|(?P<bare>))(?P<text>[^<]*+)(?:(?P<end></(?P=name)\s*+>)(?P<tail>[^<]*+))?",
    re.DOTALL,
)


_Element = tuple[str, Scope, str, Node | None]  # name as written, what names mean within, base of links, node


class _End(Exception):  # noqa: N818 - the end of reading, not an error
    """Nothing more is to be read."""


class Records:
    """The records of one document (RSS items, Atom entries, sitemap URLs), each as a small tree, as they end.

    `root` is our name of the document's outermost element, "html" for a page, empty where there is none. `fault` says
    after the last record what kept it from being read whole, `next` where the feed itself says that it goes on (an
    absolute URL, or empty). Of a record, only elements in `kept` become nodes.
    """

    def __init__(self, pieces: Iterable[str], base: str, kept: frozenset[str]) -> None:
        self.root = ""
        self.next = ""
        self.fault: Fault | None = None
        self._pieces = pieces
        self._kept = kept
        self._wanted: tuple[str, ...] = ()
        self._stack: list[_Element] = [("", OUTERMOST, base, None)]
        self._nodes: list[Node] = []
        self._stray_ends = 0

    def __iter__(self) -> Iterator[Node]:
        """Each record that is whole."""
        try:
            for count, token in enumerate(self._tokens()):
                yield from self._read(token)
                if self.root and len(self._stack) == 1:
                    return
                if count > MAX_TOKENS_BEFORE_ROOT and (not self.root or count > MAX_TOKENS):
                    self._stop(too_much(f"{MAX_TOKENS:,} tags"))
            self._stop(cut_short())
        except _End:
            return

    def _stop(self, fault: Fault | None) -> None:
        self.fault = self.fault or (fault if self.root else None)
        raise _End

    def _tokens(self) -> Iterator[tuple[str | Any, ...]]:
        """Tags and the text after each. What the end of a piece may have cut waits for the next piece."""
        waiting = ""
        for piece in self._pieces:
            text, waiting = waiting + piece, ""
            size = len(text)
            for token in _TOKEN.finditer(text):
                if token.end() == size or token["unclosed"]:
                    waiting = text[token.start() :]
                    break
                yield token.groups()
            if len(waiting) > MAX_PIECE:
                self._stop(too_much(f"{MAX_PIECE >> 20} million characters in one piece"))
        for token in _TOKEN.finditer(waiting):
            yield token.groups()

    def _read(self, token: tuple[str | Any, ...]) -> Sequence[Node]:
        """The records that a token completes: one at most, unless an empty one follows one without an end tag."""
        slash, name, strict, loose, cdata, declaration, unclosed, bare, text, end, tail = token
        record = None
        if name:
            if end and strict == "" and not slash and len(self._nodes) == 1 and self._is_leaf(name, text):
                return ()
            record = self._ended(name) if slash else self._started(name, strict if loose is None else loose)
        elif cdata:
            self._take(cdata, is_literal=True)
        elif unclosed:
            self._stop(cut_short())
        elif declaration and not self.root and declaration[:13].lower() == "!doctype html":
            self.root = "html"
            raise _End
        if text:
            self._take(text if bare is None else f"<{text}")
        closed = None
        if end:
            closed = self._ended(name)
            self._take(tail)
        return () if record is None is closed else [node for node in (record, closed) if node is not None]

    def _is_leaf(self, name: str, text: str) -> bool:
        """Take a whole element of a record that has neither attributes nor elements, as most have neither.

        False for one that is the next record: the end tag of the one before is missing.
        """
        _, scope, base, within = self._stack[-1]
        key = scope[name]
        if key == self._nodes[0].key:
            return False
        if within is not None and key in self._kept and (node := within.child(key, "", base)):
            node.take(unescaped(text))
        return True

    def _take(self, text: str, *, is_literal: bool = False) -> None:
        if len(self._nodes) > 1:
            text = text if is_literal else unescaped(text)
            for node in self._nodes[1:]:
                node.take(text)

    def _started(self, name: str, attributes: str) -> Node | None:
        _, scope, base, within = self._stack[-1]
        if attributes and ("xmlns" in attributes or "xml:base" in attributes):
            scope, base = _inner(scope, base, attributes)
        key = scope[name]
        if not self.root and not self._is_root(key):
            return None
        finished = self._ended(name) if self._nodes and key == self._nodes[0].key else None  # its end tag is missing
        node = None
        if self._nodes:
            node = within.child(key, attributes, base) if within is not None and key in self._kept else None
        elif key in self._wanted:
            node = Node(key, attributes, base)
        elif not self.next and key in ("atom:link", "link") and attributes:
            self.next = _further(attributes, base)
        if node is not None:
            self._nodes.append(node)
        self._stack.append((name, scope, base, node))
        if attributes.endswith("/") or key in _VOID:
            return self._ended(name) or finished
        if len(self._stack) > MAX_DEPTH:
            self._stop(Fault(status="failed", reason=f"elements nested deeper than {MAX_DEPTH}"))
        return finished

    def _is_root(self, key: str) -> bool:
        if key in PAGES:
            self.root = "html"
            raise _End
        if key in ROOTS:
            self.root, self._wanted = key, ROOTS[key]
        return bool(self.root)

    def _ended(self, name: str) -> Node | None:
        """The record that an end tag completes, if it does."""
        if self._stack[-1][0] != name and not self._is_open(name):
            return None
        record = None
        while True:
            ended, _, _, node = self._stack.pop()
            if node is not None:
                self._nodes.pop()
                record = record if self._nodes else node
            if ended == name:
                break
        return record

    def _is_open(self, name: str) -> bool:
        self._stray_ends += 1
        if self._stray_ends > MAX_STRAY_ENDS:
            self._stop(Fault(status="failed", reason=f"more than {MAX_STRAY_ENDS:,} end tags that fit nothing"))
        return any(opened == name for opened, *_ in self._stack)


def _inner(scope: Scope, base: str, attributes: str) -> tuple[Scope, str]:
    declared = {}
    for name, value in attributes_of(attributes):
        if name == "xmlns" or name.startswith("xmlns:"):
            declared[name[6:]] = value
        elif name == "xml:base" and len(within := joined(base, value)) <= MAX_BASE:
            base = within
    return (scope.inner(declared) if declared else scope), base


def _further(attributes: str, base: str) -> str:
    """Where a link of the feed itself leads on to; a relation may be spelt as a URI."""
    said = dict(attributes_of(attributes))
    is_further = said.get("rel", "").strip().lower().rpartition("/")[2] in FURTHER
    return joined(base, said.get("href", "")) if is_further and said.get("href") else ""


def joined(base: str, reference: str) -> str:
    """A reference as an absolute URL, or as it stands where it cannot be one."""
    reference = reference.strip()
    if reference[:8].lower().startswith(("http://", "https://")):
        return reference
    try:
        return urljoin(base, reference)
    except ValueError:  # "http://[": no address
        return reference
