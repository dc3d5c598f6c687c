"""What a page says of itself, each field settled from the claims of its witnesses."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime

from lxml.html import HtmlElement

from pipelines.decoding import plain
from pipelines.items import Kind, Testimony
from pipelines.witnesses.access import count_of, locked_parts, paywalls
from pipelines.witnesses.claims import Claims, address_key
from pipelines.witnesses.dates import Moment, moment_of
from pipelines.witnesses.jsonld import text_of
from pipelines.witnesses.kinds import claimed_kind
from pipelines.witnesses.languages import code_of
from pipelines.witnesses.publication import dates_of
from pipelines.witnesses.testimony import Hearing

MOST_BODY = 500_000  # characters of the text that JSON-LD carries


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of itself; fields as in `items.Article`, and the body and length that its JSON-LD claims.

    `locked` are the parts that are not free, each by its class or id.
    """

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
    locked: tuple[str, ...] = ()
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
    published, modified = dates_of(node, graph, head, tree, url, announced=announced, latest=latest)
    if published.moment:
        hearing.settle("published", published.claims, "", key=_day)
    if modified.moment:
        hearing.settle("modified", modified.claims, "", key=_day)
    kind = claimed_kind(node, graph, head, url)
    if node or head.first("og:type"):
        hearing.settle("kind", [("json-ld" if node else "og", kind)], kind)
    return Metadata(
        title=title,
        titles=(title, text_of(node.get("headline")), head.first("og:title"), *head.headings[:2], headline, head.title),
        authors=hearing.settle("authors", claims.authors(), (), words="; ".join),
        summary=hearing.settle("summary", claims.summaries(), ""),
        language=hearing.settle("language", [(who, code_of(tag)) for who, tag in claims.languages()], "", key=_main),
        section=hearing.settle("section", claims.sections(), ""),
        tags=hearing.settle("tags", claims.tags(), (), words=", ".join, key=frozenset),
        image=hearing.settle("image", claims.images(), "", key=address_key),
        site_name=hearing.settle("site_name", claims.site_names, ""),
        canonical=hearing.settle("canonical", claims.canonicals(), "", key=address_key),
        published=published.moment,
        modified=modified.moment.at if modified.moment else None,
        kind=kind,
        is_paywalled=hearing.settle("is_paywalled", paywalls(graph, head, url), False),
        locked=locked_parts(graph, url),
        article_body=_long_text(node.get("articleBody")),
        word_count=count_of(node.get("wordCount")),
        witnesses=hearing.record,  # last: every field has been settled by then
    )


def _day(text: str) -> Hashable:
    """The day that a witness means, by its own clock: two that differ in the hour do not contradict each other."""
    moment = moment_of(text)
    return moment.local.date() if moment else text


def _main(code: str) -> str:
    """A language without its region."""
    return code.partition("-")[0]


def _long_text(value: object) -> str:
    return value[:MOST_BODY] if isinstance(value, str) else ""
