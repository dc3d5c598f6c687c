"""From the bytes of a page to its article: parsed once, metadata from the tree, body by trafilatura, our line rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version

from lxml.html import HtmlElement

from pipelines.body.boxes import drop_boxes
from pipelines.body.captions import captions_in
from pipelines.body.choice import Body, Shown, body_of, live_body
from pipelines.body.furniture import line_hashes
from pipelines.body.liveblogs import updates_in
from pipelines.decoding import decoded
from pipelines.heaviness import weigh
from pipelines.items import Article, Link, Rejected, Testimony
from pipelines.links import links_in
from pipelines.metadata import Metadata, metadata_of
from pipelines.notices import notice_in
from pipelines.tree import links_of, strip, tree_of
from pipelines.urls import host_of
from pipelines.wires import credit_of
from pipelines.witnesses.kinds import kind_of
from pipelines.witnesses.languages import language_of
from pipelines.witnesses.wholeness import TEASER, Claims, partial_reason

EXTRACTOR = f"trafilatura {version('trafilatura')} + dossier 3"

LIVE = b"LiveBlogPosting"


def extract(
    body: bytes,
    url: str,
    *,
    content_type: str = "",
    headline: str = "",
    announced: datetime | None = None,
    fetched: datetime | None = None,
    with_links: bool = True,
) -> Article:
    """The article in a page. Raises `Rejected` where there is none, or where the page is too heavy, and nothing else.

    `headline` and `announced` are what a feed said of it: witnesses, and all there is where the page says nothing.
    `fetched` bounds the dates that are believed. `with_links` says whether the links in the text are wanted too.
    """
    try:
        weigh(body)
        text = decoded(body, content_type)
        tree = tree_of(text)
        said = metadata_of(tree, url, headline=headline, announced=announced, latest=fetched)
        is_live = said.kind == "live blog" or LIVE in body
        updates = updates_in(tree, fetched) if is_live else []
        captions = captions_in(tree)
        strip(tree)
        drop_boxes(tree)
        page = Shown(tree=tree, said=said, links=links_of(tree), again=lambda: tree_of(text))
        found = body_of(page)
        if is_live:
            found = live_body(page, found, updates, fetched)
        return _article(page, found, url, captions, _partial_reason(body, tree, said, found), with_links=with_links)
    except MemoryError:
        raise Rejected("too heavy: it takes more memory than a page may", state="failed") from None


def _article(
    page: Shown, found: Body, url: str, captions: tuple[str, ...], reason: str, *, with_links: bool
) -> Article:
    """The article of a page in which these lines were found; `Rejected` where they are none of an article."""
    said, text = page.said, "\n".join(found.lines)
    if notice := notice_in("\n".join(said.titles), text):
        raise notice.rejection
    if not text:
        raise Rejected("there is no text of an article in it")
    at = said.published
    language = language_of(said.language, text)
    links = [text for _, text in page.links]
    credit = credit_of(found.raw or found.lines, _host(url), said.authors)
    kind = "live blog" if found.posts else kind_of(said.kind, url, found.lines, links)
    return Article(
        title=said.title,
        body=text,
        authors=said.authors,
        summary=said.summary,
        language=language,
        section=said.section,
        tags=said.tags,
        image=said.image,
        site_name=said.site_name,
        canonical=said.canonical,
        published=at.at if at else None,
        published_precision=at.precision if at else None,
        published_offset=at.offset if at else None,
        modified=said.modified,
        kind=kind,
        is_paywalled=said.is_paywalled or reason == TEASER,
        is_partial=bool(reason),
        partial_reason=reason,
        wire=credit.agency,
        is_agency=credit.is_own,
        body_source=found.source,
        extractor=EXTRACTOR,
        witnesses=_overruled(said.witnesses, {"language": (said.language, language), "kind": (said.kind, kind)}),
        captions=tuple(caption for caption in captions if caption not in text),
        posts=found.posts,
        lines=line_hashes(text),
        links=_links(page, text, url) if with_links else (),
    )


def _overruled(witnesses: tuple[Testimony, ...], fields: Mapping[str, tuple[str, str]]) -> tuple[Testimony, ...]:
    """The witnesses, with the text itself for fields of which it shows something else than was claimed."""
    changed = {name for name, (claimed, shown) in fields.items() if claimed != shown}
    heard = {one.field: one for one in witnesses}
    for name in changed:
        claims = ((heard[name].witness, fields[name][0]),) if name in heard else ()
        heard[name] = Testimony(field=name, witness="text", others=claims)
    return tuple(heard.values())


def _host(url: str) -> str:
    try:
        return host_of(url)
    except ValueError:  # an address that nothing could be fetched from
        return ""


def _links(page: Shown, text: str, url: str) -> tuple[Link, ...]:
    return links_in(page.links, text, url, page.tree)


def _partial_reason(body: bytes, tree: HtmlElement, said: Metadata, found: Body) -> str:
    """Why the lines that were found are not all of the article; empty where nothing says so."""
    if found.unshown:
        return f"{found.unshown:,} more posts are listed than shown"
    claims = Claims(is_paywalled=said.is_paywalled, locked=said.locked, words=said.word_count, body=said.article_body)
    return partial_reason(body, tree, "\n".join(found.lines), claims)
