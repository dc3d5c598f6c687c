"""From the bytes of a page to its article: parsed once, metadata from the tree, body by trafilatura, our line rules."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version

from pipelines.body.furniture import line_hashes
from pipelines.body.lines import LONGEST_LINK, Surroundings, own_lines
from pipelines.body.main_text import main_text
from pipelines.body.paragraphs import paragraphs_of
from pipelines.decoding import cleaned, decoded
from pipelines.heaviness import weigh
from pipelines.items import Article, Link, Rejected
from pipelines.links import links_in
from pipelines.metadata import Metadata, metadata_of
from pipelines.notices import notice_in
from pipelines.tree import links_of, strip, tree_of
from pipelines.witnesses import guesses
from pipelines.witnesses.authors import names_in
from pipelines.witnesses.languages import language_of

EXTRACTOR = f"trafilatura {version('trafilatura')} + dossier 2"

SHORT = 250  # characters: below, trafilatura has missed the text more often than the article is that short
PARTIAL = 0.5  # of the words that the page claims to have


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
        strip(tree)
        authors = said.authors or tuple(names_in(guesses.author(tree).split("; ")))
        links = links_of(tree)
        texts = [text for _, text in links if len(text) <= LONGEST_LINK]
        around = Surroundings(titles=said.titles, authors=authors, links=texts)
        text, source = _body(main_text(tree), said.article_body, around)
        own = links_in(links, text, url, tree) if with_links else ()
    except MemoryError:
        raise Rejected("too heavy: it takes more memory than a page may", state="failed") from None
    if not text:
        raise Rejected("there is no text of an article in it")
    if notice := notice_in(said.title, text):
        raise Rejected(notice)
    return _article(said, authors, text, source, own)


def _body(found: str, claimed: str, around: Surroundings) -> tuple[str, str]:
    """The text and where it is from: JSON-LD's only where trafilatura found next to nothing and that is longer."""
    text = "\n".join(own_lines(_lines(found), around))
    if len(text) < SHORT and len(claimed) > len(text):
        other = "\n".join(own_lines(paragraphs_of(claimed), around))
        if len(other) > len(text):
            return other, "json-ld"
    return text, "trafilatura"


def _lines(text: str) -> list[str]:
    return [line for raw in text.split("\n") if (line := cleaned(raw))]


def _article(said: Metadata, authors: tuple[str, ...], text: str, source: str, links: tuple[Link, ...]) -> Article:
    at = said.published
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
        kind=said.kind,
        is_paywalled=said.is_paywalled,
        is_partial=_is_partial(said, text),
        body_source=source,
        extractor=EXTRACTOR,
        lines=line_hashes(text),
        links=links,
    )


def _is_partial(said: Metadata, text: str) -> bool:
    """Whether a page behind a paywall shows less than half of the words that it claims to have."""
    claimed = max(said.word_count or 0, len(said.article_body.split()))
    return said.is_paywalled and len(text.split()) < claimed * PARTIAL
