"""From the bytes of a page to its article: parsed once, metadata from the tree, body by trafilatura, our line rules.

Where trafilatura finds next to nothing, the page is read again for what else may hold the text; live blogs are read by
a rule of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version

from lxml.html import HtmlElement

from pipelines.body.captions import captions_in
from pipelines.body.furniture import line_hashes
from pipelines.body.lines import LONGEST_LINK, Surroundings, own_lines
from pipelines.body.liveblogs import Blog, blog_in, updates_in
from pipelines.body.main_text import main_text
from pipelines.body.paragraphs import paragraphs_of
from pipelines.body.payloads import text_in
from pipelines.body.scripts import values_in
from pipelines.decoding import cleaned, decoded
from pipelines.items import Article, Link, Post, Rejected
from pipelines.links import links_in
from pipelines.metadata import Metadata, metadata_of
from pipelines.notices import notice_in
from pipelines.tree import links_of, strip, tree_of, weigh
from pipelines.witnesses import guesses
from pipelines.witnesses.authors import names_in
from pipelines.witnesses.languages import language_of

EXTRACTOR = f"trafilatura {version('trafilatura')} + dossier 2"

SHORT = 250  # characters: below, trafilatura has missed the text more often than the article is that short
FAR = 3  # times as long is what it finds when it is asked to be bold, where it has missed the text
PARTIAL = 0.5  # of the words that the page claims to have
LIVE = b"LiveBlogPosting"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """The lines of a text, where they are from, and of a live blog its posts and how many it does not show."""

    lines: Sequence[str] = field(repr=False)
    source: str = "trafilatura"
    posts: tuple[Post, ...] = ()
    unshown: int = 0


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
        authors = said.authors or tuple(names_in(guesses.author(tree).split("; ")))
        links = links_of(tree)
        texts = [text for _, text in links if len(text) <= LONGEST_LINK]
        around = Surroundings(titles=said.titles, authors=authors, links=texts)
        found = _found(tree, said, around, lambda: tree_of(decoded(body, content_type)))
        blog = blog_in(tree, updates, found.lines, said.titles, fetched) if is_live else None
        found = _of_blog(blog, around) if blog else found
        text = "\n".join(found.lines)
        own = links_in(links, text, url, tree) if with_links else ()
    except MemoryError:
        raise Rejected("too heavy: it takes more memory than a page may", state="failed") from None
    if not text:
        raise Rejected("there is no text of an article in it")
    if notice := notice_in(said.title, text):
        raise Rejected(notice)
    return _article(said, authors, found, tuple(one for one in captions if one not in text), own)


def _found(tree: HtmlElement, said: Metadata, around: Surroundings, page: Callable[[], HtmlElement]) -> _Body:
    """What trafilatura finds in the stripped tree; where that is next to nothing, the first that is more and enough.

    `page` gives the page's tree anew, as it came.
    """
    best = _Body(lines=own_lines(_lines(main_text(tree)), around))
    if _size(best.lines) >= SHORT:
        return best
    for source, lines in _elsewhere(said, page, FAR * _size(best.lines)):
        other = own_lines(lines, around)
        if _size(other) > _size(best.lines):
            best = _Body(lines=other, source=source)
        if _size(best.lines) >= SHORT:
            break
    return best


def _elsewhere(said: Metadata, page: Callable[[], HtmlElement], far: int) -> Iterator[tuple[str, Sequence[str]]]:
    """What else may hold the text of a page, with its source, each looked for only when it is asked for."""
    yield "json-ld", paragraphs_of(said.article_body)
    tree = page()
    yield "payload", text_in(values_in(tree), said.titles)
    strip(tree)
    bold = _lines(main_text(tree, recall=True))
    yield "trafilatura", bold if _size(bold) >= far else ()


def _of_blog(blog: Blog, around: Surroundings) -> _Body:
    """The own lines of a live blog, and its posts at the lines at which they begin there."""
    headings = {post.title for post in blog.posts}  # a list of the most important posts links to them
    around = replace(around, links=[text for text in around.links if cleaned(text) not in headings])
    lines = own_lines(blog.lines, around)
    before = [0]  # how many of the kept lines stand before each line
    for line in blog.lines:
        is_kept = before[-1] < len(lines) and lines[before[-1]] == line
        before.append(before[-1] + is_kept)
    ends = [post.line for post in blog.posts[1:]] + [len(blog.lines)]
    posts = (
        Post(line=before[post.line], at=post.at, title=post.title)
        for post, end in zip(blog.posts, ends, strict=True)
        if before[post.line] < before[end]
    )
    return _Body(lines=lines, source="live blog", posts=tuple(posts), unshown=blog.unshown)


def _lines(text: str) -> list[str]:
    return [line for raw in text.split("\n") if (line := cleaned(raw))]


def _size(lines: Sequence[str]) -> int:
    """The length of a text of these lines."""
    return sum(map(len, lines)) + max(0, len(lines) - 1)


def _article(
    said: Metadata, authors: tuple[str, ...], found: _Body, captions: tuple[str, ...], links: tuple[Link, ...]
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


def _partial_reason(said: Metadata, text: str, found: _Body) -> str:
    """Why a text is not all of the article; nothing where it is.

    Either a page behind a paywall shows less than half of the words that it claims to have, or a live blog has further
    pages.
    """
    words, claimed = len(text.split()), max(said.word_count or 0, len(said.article_body.split()))
    if said.is_paywalled and words < claimed * PARTIAL:
        return f"behind a paywall: {words:,} of {claimed:,} words"
    if found.unshown:
        return f"{found.unshown:,} more posts are listed than shown"
    return ""
