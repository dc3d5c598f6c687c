"""What a page says of itself: from JSON-LD first, then its meta tags, then what its tree shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml.html import HtmlElement

from pipelines.decoding import plain
from pipelines.items import Kind, Testimony
from pipelines.witnesses import guesses
from pipelines.witnesses.claims import Claims, address_key
from pipelines.witnesses.dates import Moment, best_of, is_possible, moment_of
from pipelines.witnesses.jsonld import Graph, Node, text_of, types_of
from pipelines.witnesses.languages import code_of
from pipelines.witnesses.metatags import Head
from pipelines.witnesses.testimony import Hearing

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
    witnesses: tuple[Testimony, ...] = field(default=(), repr=False)


def metadata_of(
    tree: HtmlElement,
    url: str,
    *,
    headline: str = "",
    announced: datetime | None = None,
    latest: datetime | None = None,
) -> Metadata:
    """What a page says of itself; `headline` and `announced` are the feed's title and date, `latest` is now."""
    claims, hearing = Claims.of(tree, url), Hearing()
    node, graph, head = claims.node, claims.graph, claims.head
    title = hearing.settle("title", claims.titles(plain(headline)), "")
    return Metadata(
        title=title,
        titles=(title, text_of(node.get("headline")), head.first("og:title"), *head.headings[:2], headline, head.title),
        authors=hearing.settle("authors", claims.authors(), (), words="; ".join),
        summary=hearing.settle("summary", claims.summaries(), ""),
        language=_language(node, head),
        section=hearing.settle("section", claims.sections(), ""),
        tags=hearing.settle("tags", claims.tags(), (), words=", ".join, key=frozenset),
        image=hearing.settle("image", claims.images(), "", key=address_key),
        site_name=hearing.settle("site_name", claims.site_names, ""),
        canonical=hearing.settle("canonical", claims.canonicals(), "", key=address_key),
        published=_published(node, head, tree, url, announced, latest),
        modified=_modified(node, head, latest),
        kind=_kind(node, graph, head),
        is_paywalled=_is_paywalled(node, head),
        article_body=_long_text(node.get("articleBody")),
        word_count=_count(node.get("wordCount")),
        witnesses=hearing.record,  # last: every field has been settled by then
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
