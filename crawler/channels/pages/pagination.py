"""Where a list goes on: the page that it names as its next, else the page that is numbered so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.channels.pages.anchors import Anchors
from crawler.channels.reading.outlets import outlets_of
from pipelines.shapes import shape_of
from pipelines.signposts import OFFSETS, PAGES
from pipelines.urls import canonical

MOST_PAGES = 10_000

_IN_PATH = re.compile(
    r"(?:/(?:page|pagina|seite|sida|strona|pg|p)[/_-]?|[_-](?:page|p|seite)[_-]?|/)(\d{1,5})(?:\.[a-z]{3,5})?/?\Z",
    re.IGNORECASE,
)
_CALLS = frozenset(
    """
next|next page|older|older posts|older entries|older articles|weiter|nächste|nächste seite|ältere|ältere beiträge|
suivant|suivante|page suivante|siguiente|página siguiente|anteriores|próximo|próxima|próxima página|successivo|
successiva|avanti|volgende|volgende pagina|nästa|neste|næste|seuraava|następna|dalej|další|sonraki|ileri|selanjutnya|
berikutnya|следующая|далее|вперед|вперёд|наступна|التالي|التالية|بعدی|اگلا|הבא|अगला|次へ|次のページ|下一页|下一頁|다음|ถัดไป
""".replace("\n", "").split("|")
)
_MARKS = " ›»→>…"


def next_page(anchors: Anchors, page: str, ordinal: int, outlets: frozenset[str]) -> str:
    """The canonical URL of the page after this one, the `ordinal`th of the list; empty where there is none.

    Of these outlets only; a link that says `rel="next"` before one that is numbered.
    """
    named = [anchors.following, *(link.url for link in anchors.links if "next" in link.relations)]
    for url in filter(None, named):
        if (usable := _usable(url, page, outlets)) and _is_list(usable, page):
            return usable
    return _numbered(anchors, page, ordinal, outlets)


def _is_list(url: str, page: str) -> bool:
    """Whether a next page goes on with a list: blogs call the next article so, too."""
    shape = shape_of(url)
    return shape != "trap" and (shape != "article" or urlsplit(url).path == urlsplit(canonical(page)).path)


def _numbered(anchors: Anchors, page: str, ordinal: int, outlets: frozenset[str]) -> str:
    """The link to the same list with a higher number: the one that is called so, else the next number there is."""
    place, current, _ = _marked(canonical(page))
    found: dict[str, tuple[int, bool]] = {}
    for link in anchors.links:
        if (url := _usable(link.url, page, outlets)) and url not in found:
            for number, is_offset in _numbers(url, place, current):
                called = link.text.strip(_MARKS).casefold()
                if called == str(ordinal) or called in _CALLS:
                    return url
                found[url] = (number, is_offset)
    floor = max(current, 1)
    later = [(number, url) for url, (number, is_offset) in found.items() if is_offset or number > floor]
    return min(later, default=(0, ""))[1]


def _numbers(url: str, place: str, current: int) -> Iterator[tuple[int, bool]]:
    where, number, is_offset = _marked(url)
    if where == place and current < number <= MOST_PAGES:
        yield number, is_offset


def _marked(url: str) -> tuple[str, int, bool]:
    """A list's own address, the number of its page (0 where it has none), and whether that counts entries."""
    parts = urlsplit(url)
    kept, number, is_offset = [], 0, False
    for pair in filter(None, parts.query.split("&")):
        name, _, value = pair.partition("=")
        if name.lower() in PAGES | OFFSETS and value.isdecimal() and len(value) <= 5:
            number, is_offset = int(value), name.lower() in OFFSETS
        else:
            kept.append(pair)
    path = parts.path
    if not number and (found := _IN_PATH.search(path)):
        number, path = int(found[1]), path[: found.start()]
    return f"{parts.netloc}{path.rstrip('/')}?{'&'.join(sorted(kept))}", number, is_offset


def _usable(url: str, page: str, outlets: frozenset[str]) -> str:
    try:
        found = canonical(url)
        return found if found != canonical(page) and outlets_of(found) & outlets else ""
    except ValueError:
        return ""
