"""From the bytes of a page to its article: parsed once, metadata from the tree, body by trafilatura, our line rules."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version

from pipelines.body.boxes import drop_boxes
from pipelines.body.captions import captions_in
from pipelines.body.choice import SHORT, Body, Shown, body_of, live_body
from pipelines.body.furniture import line_hashes
from pipelines.body.liveblogs import updates_in
from pipelines.decoding import decoded
from pipelines.items import Article, Link, Rejected
from pipelines.links import links_in
from pipelines.metadata import Metadata, metadata_of
from pipelines.notices import notice_in
from pipelines.tree import links_of, strip, tree_of, weigh
from pipelines.witnesses import guesses
from pipelines.witnesses.authors import names_in
from pipelines.witnesses.languages import language_of

__all__ = ["EXTRACTOR", "SHORT", "extract"]

EXTRACTOR = f"trafilatura {version('trafilatura')} + dossier 2"

PARTIAL = 0.5  # of the words that the page claims to have
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
        tree = tree_of(decoded(body, content_type))
        said = metadata_of(tree, url, headline=headline, announced=announced, latest=fetched)
        is_live = said.kind == "live blog" or LIVE in body
        updates = updates_in(tree, fetched) if is_live else []
        captions = captions_in(tree)
        strip(tree)
        drop_boxes(tree)
        authors = said.authors or tuple(names_in(guesses.author(tree).split("; ")))
        links = links_of(tree)
        page = Shown(
            tree=tree, said=said, authors=authors, links=links, again=lambda: tree_of(decoded(body, content_type))
        )
        found = body_of(page)
        if is_live:
            found = live_body(page, found, updates, fetched)
        text = "\n".join(found.lines)
        own = links_in(links, text, url, tree) if with_links else ()
    except MemoryError:
        raise Rejected("too heavy: it takes more memory than a page may", state="failed") from None
    if not text:
        raise Rejected("there is no text of an article in it")
    if notice := notice_in(said.title, text):
        raise Rejected(notice)
    return _article(said, authors, found, tuple(one for one in captions if one not in text), own)


def _article(
    said: Metadata, authors: tuple[str, ...], found: Body, captions: tuple[str, ...], links: tuple[Link, ...]
) -> Article:
    at = said.published
    text = "\n".join(found.lines)
    reason = _partial_reason(said, text, found)
    return Article(
        title=said.title,
        body=text,
        authors=authors,
        summary=said.summary,
        language=language_of(said.language, text),
        section=said.section,
        tags=said.tags,
        image=said.image,
        site_name=said.site_name,
        canonical=said.canonical,
        published=at.at if at else None,
        published_precision=at.precision if at else None,
        published_offset=at.offset if at else None,
        modified=said.modified,
        kind="live blog" if found.posts else said.kind,
        is_paywalled=said.is_paywalled,
        is_partial=bool(reason),
        partial_reason=reason,
        body_source=found.source,
        extractor=EXTRACTOR,
        captions=captions,
        posts=found.posts,
        lines=line_hashes(text),
        links=links,
    )


def _partial_reason(said: Metadata, text: str, found: Body) -> str:
    """Why a text is not all of the article; nothing where it is.

    A page behind a paywall shows less than half of the words that it claims to have, or a live blog has further pages.
    """
    if found.unshown:
        return f"{found.unshown:,} more posts are listed than shown"
    if not said.is_paywalled:
        return ""
    words, claimed = len(text.split()), max(said.word_count or 0, len(said.article_body.split()))
    return f"behind a paywall: {words:,} of {claimed:,} words" if words < claimed * PARTIAL else ""
