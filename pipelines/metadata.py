"""What a page says of itself: from JSON-LD first, then its meta tags, then what its tree shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from pipelines.decoding import plain
from pipelines.items import Kind
from pipelines.witnesses import guesses
from pipelines.witnesses.authors import names_in, organisations_in, people_in
from pipelines.witnesses.dates import Moment, best_of, is_possible, moment_of
from pipelines.witnesses.jsonld import Graph, Node, graph_of, text_of, types_of
from pipelines.witnesses.languages import code_of
from pipelines.witnesses.metatags import Head, head_of
from pipelines.witnesses.titles import title_of

PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "article.published", "datepublished",
    "og:published_time", "published_time", "published_at", "parsely-pub-date", "sailthru.date", "pubdate", "pub_date",
    "publishdate", "publish-date", "publish_date", "publication_date", "article_date_original", "article_publish_date",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dcterms.created", "dcterms.issued", "dcterms.date",
    "dc.date.issued", "dc.date.created", "dc.date", "date.created", "prism.publicationdate", "bt:pubdate",
    "citation_publication_date", "originalpublicationdate", "og:pubdate", "og:datepublished",
    "dcsext.articlefirstpublished", "analyticsattributes.articledate", "release_date",
    "date.release", "datecreated", "created", "published", "date",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:article:modified_time", "article:modified", "article.updated", "datemodified",
    "og:updated_time", "date.modified", "date.updated", "dc.date.modified", "dcterms.modified", "article_date_updated",
    "lastmod", "last-modified", "revision_date",
)  # fmt: skip
AUTHORS = (
    "author", "article:author", "og:article:author", "article:author_name", "byl", "parsely-author", "sailthru.author",
    "dc.creator", "dcterms.creator", "citation_author", "cxenseparse:author", "dcsext.author", "authors",
    "shareaholic:article_author_name", "byline", "creator", "rbauthors",
)  # fmt: skip
SUMMARIES = (
    "og:description",
    "description",
    "twitter:description",
    "dc.description",
    "dcterms.description",
    "sailthru.description",
)
SECTIONS = ("article:section", "og:article:section", "section", "parsely-section", "cxenseparse:category")
TAGS = ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags")
IMAGES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "image", "thumbnail")
SITES = (
    "og:site_name",
    "application-name",
    "publisher",
    "dc.publisher",
    "twitter:app:name:iphone",
    "apple-mobile-web-app-title",
)

MAX_TAGS = 40
MAX_TAG = 80
MAX_SUMMARY = 2_000
MAX_URL = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of itself; fields as in `items.Article`, and the body and length that its JSON-LD claims."""

    title: str = ""
    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    summary: str = ""
    language: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    image: str = ""
    site_name: str = ""
    canonical: str = ""
    published: Moment | None = None
    modified: datetime | None = None
    kind: Kind = "article"
    is_paywalled: bool = False
    article_body: str = field(default="", repr=False)
    word_count: int | None = None


def metadata_of(
    tree: HtmlElement,
    url: str,
    *,
    headline: str = "",
    announced: datetime | None = None,
    latest: datetime | None = None,
) -> Metadata:
    """What a page says of itself; `headline` and `announced` are the feed's title and date, `latest` is now."""
    graph, head = graph_of(tree), head_of(tree)
    node = graph.article(url)
    site = _first(text_of(graph.resolved(node.get("publisher"))), head.first(*SITES))
    return Metadata(
        title=(title := _title(node, head, headline, site)),
        titles=(title, text_of(node.get("headline")), head.first("og:title"), *head.headings[:2], headline, head.title),
        authors=tuple(_authors(node, graph, head)),
        summary=_first(text_of(node.get("description")), head.first(*SUMMARIES))[:MAX_SUMMARY],
        language=_language(node, head),
        section=_first(text_of(node.get("articleSection")), head.first(*SECTIONS))[:100],
        tags=_tags(node, head),
        image=_absolute(url, _first(head.first(*IMAGES), _image(node, graph))),
        site_name=head.first("og:site_name")[:100] or site[:100],
        canonical=_absolute(url, head.canonical or head.first("og:url")),
        published=_published(node, head, tree, url, announced, latest),
        modified=_modified(node, head, latest),
        kind=_kind(node, graph, head),
        is_paywalled=_is_paywalled(node, head),
        article_body=_long_text(node.get("articleBody")),
        word_count=_count(node.get("wordCount")),
    )


def _first(*texts: str) -> str:
    return next((text for text in texts if text), "")


def _title(node: Node, head: Head, announced: str, site: str) -> str:
    return title_of(
        headline=text_of(node.get("headline")) or text_of(node.get("name")),
        og=head.first("og:title", "twitter:title", "dc.title", "title"),
        headings=head.headings,
        tag=head.title,
        announced=plain(announced),
        site=head.first("og:site_name") or site,
    )


def _authors(node: Node, graph: Graph, head: Head) -> list[str]:
    return (
        people_in(node.get("author"), graph)
        or people_in(node.get("creator"), graph)
        or names_in(head.all(*AUTHORS))
        or organisations_in(node.get("author"), graph)
    )


def _published(
    node: Node, head: Head, tree: HtmlElement, url: str, announced: datetime | None, latest: datetime | None
) -> Moment | None:
    texts = [text_of(node.get("datePublished")), *head.all(*PUBLISHED), text_of(node.get("dateCreated"))]
    found = [moment for text in texts if (moment := moment_of(text, latest=latest))]
    if not found:
        found = [moment for text in [guesses.day(tree, url)] if (moment := moment_of(text, latest=latest))]
    is_witness = announced is not None and is_possible(announced, latest)
    return best_of(found, announced.astimezone(UTC) if announced and is_witness else None)


def _modified(node: Node, head: Head, latest: datetime | None) -> datetime | None:
    texts = [text_of(node.get("dateModified")), *head.all(*MODIFIED)]
    return next((moment.at for text in texts if (moment := moment_of(text, latest=latest))), None)


def _language(node: Node, head: Head) -> str:
    claims = (head.language, text_of(node.get("inLanguage")), head.first("content-language", "language", "og:locale"))
    return next((code for claim in claims if (code := code_of(claim))), "")


def _tags(node: Node, head: Head) -> tuple[str, ...]:
    keywords = node.get("keywords")
    own = [text_of(one) for one in (keywords[:MAX_TAGS] if isinstance(keywords, list) else [keywords])]
    texts = own if any(own) else head.all(*TAGS)
    parts = (part.strip() for text in texts for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if 1 < len(part) <= MAX_TAG))[:MAX_TAGS]


def _image(node: Node, graph: Graph) -> str:
    image = node.get("image")
    image = graph.resolved(image[0] if isinstance(image, list) and image else image)
    return text_of(image.get("url")) if isinstance(image, dict) else text_of(image)


def _absolute(url: str, link: str) -> str:
    """A link of the page in full; empty where it is no web address."""
    try:
        full = urljoin(url, link) if link and len(link) <= MAX_URL else ""
        return full if urlsplit(full).scheme in ("http", "https") else ""
    except ValueError:  # "http://[": no address
        return ""


def _kind(node: Node, graph: Graph, head: Head) -> Kind:
    types = types_of(node)
    if "liveblogposting" in types:
        return "live blog"
    if types:
        return "article"
    if graph.of_type(frozenset(("imagegallery",))):
        return "gallery"
    return "video" if head.first("og:type").startswith("video") else "article"


def _is_paywalled(node: Node, head: Head) -> bool:
    free = node.get("isAccessibleForFree")
    return (
        free is False
        or (isinstance(free, str) and free.lower() == "false")
        or head.first("article:content_tier") == "locked"
    )


def _long_text(value: object) -> str:
    return value[:500_000] if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    text = str(value) if isinstance(value, int | str) else ""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 9 else None
