"""Which article of the archive a page is, by the addresses that are an article's own."""

from __future__ import annotations

from archive.rows import KnownArticle
from archive.store import Archive
from pipelines.items import Identity
from pipelines.urls import canonical


def known_at(archive: Archive, url: Identity, answered: str) -> KnownArticle | None:
    """The article that has this identity, or had it before it moved here.

    An alias that only led here, such as /latest, leads elsewhere tomorrow: it is believed where it was an article's own
    address.
    """
    if (known := archive.articles.known([url.url, *_spelt(answered)])) is not None:
        return known
    aliases = aliases_of(url)
    known = archive.articles.known(aliases)
    return known if known is not None and known.url in aliases else None


def aliases_of(url: Identity) -> list[str]:
    """All URLs that led to a page."""
    return [alias for alias, _ in url.aliases]


def _spelt(url: str) -> list[str]:
    """The canonical spelling of the URL that answered, where it has one."""
    try:
        return [canonical(url)]
    except ValueError:
        return []
