"""The domains that a source is asked about."""

from __future__ import annotations

from crawler.channels.reading.outlets import outlets_of
from pipelines.topic import Source


def is_asked_about(url: str, source: Source) -> bool:
    """Whether a page is of a domain that the source is asked about; any page is where the source names none.

    A subdomain may be named as well as an outlet's own domain; what is no address passes, to be counted as such.
    """
    if not source.only:
        return True
    outlets = outlets_of(url)
    if not outlets or outlets & set(source.only):
        return True
    host = url.partition("://")[2].partition("/")[0].lower().rpartition("@")[2].partition(":")[0]
    return any(host == name or host.endswith(f".{name}") for name in source.only)
