"""Where redirects lead that lead away from what was asked for: to walls, error pages, front pages and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipelines.notices import ENTRIES, KINDS, Kind
from pipelines.shapes import INDEXES, address_of, shape_of, slug_words
from pipelines.signposts import LISTINGS, LISTS
from pipelines.urls import outlet_of

_PAGE = re.compile(r"\.(?:[sx]?html?|php\d?|aspx?|jsp|cfm|do)\Z", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-z]{2})?")
_DATE = re.compile(r"(?:19|20)\d\d|[01]?\d|[0-3]\d")
_SECTION = re.compile(r"[^\W\d_]{2,20}(?:-[^\W\d_]{1,20}){0,2}")
_BY_HOST, _BY_PATH = (
    {entry.phrase: kind for kind in KINDS for entry in ENTRIES.get(f"{kind.name} {place}", ())}
    for place in ("host", "address")
)


def kind_of_address(url: str, *, is_moved: bool) -> Kind | None:
    """The kind of notice that stands at a canonical URL, by the name of its host or, after a redirect, of its page."""
    address = address_of(url)
    if (kind := _BY_HOST.get(address.host.partition(".")[0])) and outlet_of(url) != address.host:
        return kind
    names = _names(address.segments)
    if not is_moved or not names or (len(names) > 2 and shape_of(url) == "article"):
        return None
    return _BY_PATH.get(names[-1])


def leads_to_list(asked: Iterable[str], answered: str) -> bool:
    """Whether one of the URLs that were asked has led to the front page, or to a list that it stands in; all canonical.

    A list is a page whose whole path is a word for one, or a folder of the asked path that is no article's own.
    """
    address = address_of(answered)
    if address.query:
        return False
    folder = _names(address.segments)
    return any(_is_list(_names(address_of(url).segments), folder, answered) for url in asked)


def _is_list(path: Sequence[str], folder: Sequence[str], answered: str) -> bool:
    if len(path) == 0 or path == folder:
        return False
    if not folder or (len(folder) == 1 and (folder[0] in LISTINGS | LISTS or _LANGUAGE.fullmatch(folder[0]))):
        return True
    if path[: len(folder)] != folder or shape_of(answered) == "article":
        return False
    if not all(_SECTION.fullmatch(name) or _DATE.fullmatch(name) for name in folder):
        return False
    rest = "https://host.example/" + "/".join(path[len(folder) :])
    return shape_of(rest) == "article" and (slug_words(answered) < 2 or slug_words(rest) > slug_words(answered))


def _names(segments: Sequence[str]) -> list[str]:
    """The segments of a path as they are compared, without the name that every folder's own page has."""
    names = [_PAGE.sub("", segment).casefold().replace("_", "-") for segment in segments]
    if names and names[-1] in INDEXES:
        names.pop()
    return names
