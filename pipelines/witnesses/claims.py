"""What each witness of a page claims, field by field, the most trusted first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.witnesses.authors import Name, authors_in, authors_of, names_in
from pipelines.witnesses.bylines import bylines_of
from pipelines.witnesses.jsonld import Graph, Node, graph_of, text_of
from pipelines.witnesses.metatags import Head, head_of
from pipelines.witnesses.microdata import microdata_of
from pipelines.witnesses.testimony import Claim
from pipelines.witnesses.titles import Told, site_keys, titles_of

AUTHORS = (
    "author", "article:author", "og:article:author", "article:author_name", "byl", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "citation_author", "cxenseparse:author", "dcsext.author", "authors",
    "shareaholic:article_author_name", "byline", "creator", "rbauthors",
)  # fmt: skip
SUMMARIES = (
    "og:description", "description", "twitter:description", "dc.description", "dcterms.description",
    "sailthru.description",
)  # fmt: skip
SECTIONS = ("article:section", "og:article:section", "section", "parsely-section", "cxenseparse:category")
TAGS = ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags")
IMAGES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "image", "thumbnail")
SITES = ("application-name", "publisher", "dc.publisher", "twitter:app:name:iphone", "apple-mobile-web-app-title")

MAX_TAGS = 40
MAX_TAG = 80
MAX_SUMMARY = 2_000
MAX_NAME = 100  # of a site or a section
MAX_URL = 2_000

_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The witnesses of a page, and what they claim of each field.

    `node` is its article in JSON-LD, of which `graph` holds everything; `item` and `items` are the same in microdata.
    `site_names` are what each calls the site, `sites` the keys of these names and of the host.
    """

    url: str
    tree: HtmlElement
    head: Head
    graph: Graph
    node: Node
    items: Graph
    item: Node
    site_names: list[Claim[str]]
    sites: frozenset[str]

    @classmethod
    def of(cls, tree: HtmlElement, url: str) -> Self:
        """The witnesses of a parsed page."""
        graph, items, head = graph_of(tree), microdata_of(tree), head_of(tree)
        node, item = graph.article(url), items.article(url)
        publishers = [
            ("json-ld", text_of(graph.resolved(node.get("publisher")))),
            ("microdata", text_of(items.resolved(item.get("publisher")))),
        ]
        names = _cut(head.claims("og:site_name") + publishers + head.claims(*SITES), MAX_NAME)
        sites = site_keys((name for _, name in names), url)
        return cls(
            url=url, tree=tree, head=head, graph=graph, node=node, items=items, item=item, site_names=names, sites=sites
        )

    def under(self, name: str) -> list[Claim[str]]:
        """What JSON-LD and microdata say under one property of the article."""
        return [("json-ld", text_of(self.node.get(name))), ("microdata", text_of(self.item.get(name)))]

    def titles(self, announced: str) -> list[Claim[str]]:
        """The headlines, without the site's name, the best first; `announced` is the feed's."""
        nodes = (("json-ld", self.node), ("microdata", self.item))
        return titles_of(
            Told(
                structured=[(who, text_of(node.get("headline")) or text_of(node.get("name"))) for who, node in nodes],
                og=self.head.claims("og:title", "twitter:title", "dc.title", "title"),
                headings=self.head.headings,
                subheadings=self.head.subheadings,
                tag=self.head.title,
                announced=announced,
                sites=self.sites,
                url=self.url,
            )
        )

    def authors(self) -> list[Claim[tuple[str, ...]]]:
        """The authors, of the best kind that any witness names."""
        told = [
            ("json-ld", authors_in(self.node.get("author"), self.graph)),
            ("microdata", authors_in(self.item.get("author"), self.items)),
            ("json-ld", authors_in(self.node.get("creator"), self.graph)),
            ("meta", [Name(name) for name in names_in(self.head.all(*AUTHORS))]),
        ]
        return authors_of(told, bylines_of(self.tree), self.sites)

    def summaries(self) -> list[Claim[str]]:
        """What the article is said to be about, in a sentence or two."""
        return _cut(self.under("description") + self.head.claims(*SUMMARIES), MAX_SUMMARY)

    def languages(self) -> list[Claim[str]]:
        """The tags of its language."""
        metas = ("content-language", "language", "og:locale")
        return [("html lang", self.head.language), *self.under("inLanguage"), *self.head.claims(*metas)]

    def sections(self) -> list[Claim[str]]:
        """The part of the site in which it stands."""
        return _cut(self.under("articleSection") + self.head.claims(*SECTIONS), MAX_NAME)

    def tags(self) -> list[Claim[tuple[str, ...]]]:
        """The keywords, each once."""
        said = [("json-ld", self.node.get("keywords")), ("microdata", self.item.get("keywords"))]
        return [(who, _parts(value)) for who, value in [*said, ("meta", self.head.all(*TAGS))]]

    def images(self) -> list[Claim[str]]:
        """The addresses of its picture."""
        said = [("json-ld", _image(self.node, self.graph)), ("microdata", _image(self.item, self.items))]
        return self._full(self.head.claims(*IMAGES) + said)

    def canonicals(self) -> list[Claim[str]]:
        """The addresses that the page says to be its own."""
        return self._full([("link", self.head.canonical), *self.head.claims("og:url")])

    def _full(self, links: list[Claim[str]]) -> list[Claim[str]]:
        """Links of the page in full, each once; empty where one is no web address."""
        first = {link: witness for witness, link in reversed(links)}
        return [(witness, _absolute(self.url, link)) for link, witness in reversed(first.items())]


def address_key(url: str) -> str:
    """What two addresses of one thing have in common: neither the protocol, nor the size of a picture asked for."""
    return url.partition("?")[0].partition("://")[2].rstrip("/")


def _absolute(url: str, link: str) -> str:
    if not link or len(link) > MAX_URL:
        return ""
    try:
        if link.startswith(_WEB):
            return link if urlsplit(link).hostname else ""
        full = urljoin(url, link)
    except ValueError:
        return ""
    return full if full.startswith(_WEB) else ""


def _cut(claims: Iterable[Claim[str]], longest: int) -> list[Claim[str]]:
    return [(witness, text[:longest]) for witness, text in claims]


def _parts(value: object) -> tuple[str, ...]:
    """The tags in a list or between commas."""
    texts = [text_of(one) for one in (value[:MAX_TAGS] if isinstance(value, list) else [value])]
    parts = (part.strip() for text in texts for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if 1 < len(part) <= MAX_TAG))[:MAX_TAGS]


def _image(node: Node, graph: Graph) -> str:
    image = node.get("image")
    image = graph.resolved(image[0] if isinstance(image, list) and image else image)
    return text_of(image.get("url")) if isinstance(image, dict) else text_of(image)
