"""What an element is called, whatever prefix its document gave it."""

from __future__ import annotations

from collections.abc import Mapping

# Namespace URIs without scheme variants, trailing slash or "#", in lower case: documents differ in all of these.
# An empty prefix means the plain words of RSS and sitemaps.
PREFIXES = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns": "atom",  # Atom 0.3
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "http://purl.org/rss/1.0": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://channel.netscape.com/rdf/simple/0.9": "",
    "http://backend.userland.com/rss2": "",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://search.yahoo.com/mrss": "media",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap/0.84": "",
    "http://www.google.com/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.w3.org/1999/xhtml": "",
}
MAX_NAMES = 500  # remembered in one scope; documents have dozens, hostile ones millions


class Scope(dict[str, str]):
    """From a name as written to our one name for it: `n:title` becomes `news:title`, as its namespace URI says.

    A prefix that is nowhere declared keeps its own name, as `media:` and `dc:` are often left undeclared.
    """

    def __init__(self, bound: Mapping[str, str]) -> None:
        super().__init__()
        self.bound = bound

    def __missing__(self, name: str) -> str:
        prefix, _, local = name.lower().rpartition(":")
        ours = self.bound.get(prefix, prefix)
        known = f"{ours}:{local}" if ours else local
        if len(self) < MAX_NAMES:
            self[name] = known
        return known

    def inner(self, declared: Mapping[str, str]) -> Scope:
        """The scope within an element that declares these prefixes (URI by prefix, empty for the default)."""
        ours = {prefix.lower(): _ours(prefix, uri) for prefix, uri in declared.items()}
        if ours.items() <= self.bound.items() or len(ours) + len(self.bound) > MAX_NAMES:
            return self
        return Scope({**self.bound, **ours})


def _ours(prefix: str, uri: str) -> str:
    known = uri.strip().lower().replace("https://", "http://", 1).rstrip("/#")
    # A default namespace that nobody knows is a private dialect of RSS; an unknown prefix means something else.
    return PREFIXES.get(known, "?" if prefix else "")


OUTERMOST = Scope({})
