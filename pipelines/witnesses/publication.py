"""When an article was published and last changed: whom a page lets speak, and in which order they are believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from lxml.html import HtmlElement

from pipelines.witnesses import guesses
from pipelines.witnesses.dates import Moment, best_of, is_possible, moment_of
from pipelines.witnesses.jsonld import Graph, Node, text_of
from pipelines.witnesses.metatags import Head
from pipelines.witnesses.shown import Shown, marked, shown
from pipelines.witnesses.testimony import Claim

Read = tuple[Claim[str], Moment]

PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "article.published", "datepublished",
    "og:published_time", "published_time", "published_at", "parsely-pub-date", "sailthru.date", "pubdate", "pub_date",
    "publishdate", "publish-date", "publish_date", "publication_date", "article_date_original", "article_publish_date",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dcterms.issued", "dc.date.issued",
    "prism.publicationdate", "bt:pubdate", "citation_publication_date", "originalpublicationdate", "og:pubdate",
    "og:datepublished", "dcsext.articlefirstpublished", "analyticsattributes.articledate",
)  # fmt: skip
# Names that do not say which date they mean; many systems print there when a page was made or last touched.
VAGUE = (
    "dcterms.created", "dcterms.date", "dc.date.created", "dc.date", "date.created", "release_date", "date.release",
    "datecreated", "created", "published", "date",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:article:modified_time", "article:modified", "article.updated", "datemodified",
    "og:updated_time", "date.modified", "date.updated", "dc.date.modified", "dcterms.modified", "article_date_updated",
    "lastmod", "last-modified", "revision_date",
)  # fmt: skip

MICRODATA = frozenset(("datepublished", "datemodified", "datecreated"))

MOST = 12  # claims of one kind: a page that says more than that lists other articles


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment, or None where nothing is known; and all that was said of it, the most trusted first."""

    moment: Moment | None
    claims: tuple[Claim[str], ...] = ()


def dates_of(
    node: Node,
    graph: Graph,
    head: Head,
    tree: HtmlElement,
    url: str,
    *,
    announced: datetime | None = None,
    latest: datetime | None = None,
) -> tuple[Dated, Dated]:
    """When an article was published, and when it was last changed.

    `node` is its object in `graph`, `announced` what a feed or sitemap said. A page is believed in this order: JSON-LD,
    microdata, meta tags that name the publication, JSON-LD of the page around it, dates shown beside the headline, meta
    tags that name some date. What it shows is looked for where those before give no time of day, and htmldate asked
    where there is nothing else. A change before the publication was one of a draft, and is none.
    """
    said = _named(node, graph, head, tree, latest)
    dates = [] if _has_time(said) else shown(tree, f"{head.title} {head.first('og:title')}")
    own = [one for one in dates if not one.is_change]
    said += _possible(map(_claim, own or dates), latest)
    said += _possible([*_metas(head, VAGUE), ("json-ld", text_of(node.get("dateCreated")))], latest)
    if not said:
        said = _possible([("htmldate", guesses.day(tree, url))], latest)
    published = _published(said, announced, latest)
    later = [one for one in dates if one.is_change and own]
    return published, _changed(node, head, later, published.moment, latest)


def _named(node: Node, graph: Graph, head: Head, tree: HtmlElement, latest: datetime | None) -> list[Read]:
    """What names the publication; microdata are looked for where JSON-LD gives no time of day."""
    said = _possible([("json-ld", text_of(node.get("datePublished")))], latest)
    if not _has_time(said):
        said += _possible((("microdata", text) for text in marked(tree, "datePublished")), latest)
    said += _possible(_metas(head, PUBLISHED), latest)
    if not said:
        said = _possible((("json-ld", text_of(one.get("datePublished"))) for one in graph.nodes), latest)
    return said


def _published(said: Sequence[Read], announced: datetime | None, latest: datetime | None) -> Dated:
    claims = [claim for claim, _ in said]
    fed = announced.astimezone(UTC) if announced and is_possible(announced, latest) else None
    if fed:
        claims.append(("feed", fed.isoformat()))
    return Dated(best_of([moment for _, moment in said], fed), tuple(claims))


def _changed(
    node: Node, head: Head, later: Sequence[Shown], published: Moment | None, latest: datetime | None
) -> Dated:
    said = _possible([("json-ld", text_of(node.get("dateModified"))), *_metas(head, MODIFIED)], latest)
    said += _possible(map(_claim, later), latest)
    found = best_of([moment for _, moment in said])
    is_draft = found is not None and published is not None and found.at < published.at
    return Dated(None if is_draft else found, tuple(claim for claim, _ in said))


def _possible(claims: Iterable[Claim[str]], latest: datetime | None) -> list[Read]:
    """The claims that can be read and be true."""
    read = ((claim, moment_of(claim[1], latest=latest)) for claim in claims)
    return list(islice(((claim, moment) for claim, moment in read if moment), MOST))


def _has_time(said: Sequence[Read]) -> bool:
    return any(moment.precision == "instant" for _, moment in said)


def _metas(head: Head, names: Sequence[str]) -> Iterator[Claim[str]]:
    for name in names:
        witness = "microdata" if name in MICRODATA else "og" if ":" in name else "meta"
        yield from ((witness, value) for value in head.metas.get(name, ()))


def _claim(one: Shown) -> Claim[str]:
    return "time" if one.is_time else "line", one.text
