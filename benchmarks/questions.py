"""What readers ask of an archive of invented articles: rare and common words, filters, far pages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from benchmarks.newsstand import Newsstand

COMMON, MIDDLE, RARE = 0, 400, 12_000  # places of words in the order of their frequency
SPAN = 4  # questions of each kind


def questions(stand: Newsstand) -> Mapping[str, list[str]]:
    """Addresses of searches, by kind; every kind has as many."""
    words = stand.words.ranked["en"]
    outlet, other = stand.outlets[0], stand.outlets[40]
    typed = {
        "rare word": [words[RARE + 7 * place] for place in range(SPAN)],
        "middle word": [words[MIDDLE + 7 * place] for place in range(SPAN)],
        "common word": [words[COMMON + 20 + 7 * place] for place in range(SPAN)],
        "two words": [f"{words[MIDDLE + place]} {words[MIDDLE // 2 + place]}" for place in range(SPAN)],
        "two common words": [f"{words[place]} {words[place + 1]}" for place in range(0, 2 * SPAN, 2)],
        "phrase": [f'"{words[30 + place]} {words[31 + place]}"' for place in range(SPAN)],
        "prefix": [f"{words[MIDDLE + 11 * place][:4]}*" for place in range(SPAN)],
        "name": [stand.words.names[place].lower() for place in range(3, 3 + SPAN)],
        "word, outlet": [f"{words[MIDDLE + place]} outlet:{outlet}" for place in range(SPAN)],
        "word, month": [f"{words[100 + place]} month:2019-{place + 1:02d}" for place in range(SPAN)],
        "word, since": [f"{words[100 + place]} since:2021-0{place + 1}" for place in range(SPAN)],
        "word, language": [f"{stand.words.names[place].lower()} lang:de" for place in range(SPAN)],
        "word, topic": [f"{words[200 + place]} topic:everything verdict:review" for place in range(SPAN)],
        "filters alone": [f"outlet:{name} kind:video" for name in stand.outlets[2 : 2 + SPAN]],
        "rare filter": [f"outlet:{other} month:2018-0{place + 1}" for place in range(SPAN)],
        "nothing": [""] * SPAN,
    }
    found = {kind: [address(one) for one in some] for kind, some in typed.items()}
    found["page 50"] = [address(words[20 + place], page="50") for place in range(SPAN)]
    found["newest"] = [address(words[20 + place], order="newest") for place in range(SPAN)]
    found["oldest"] = [address(words[60 + place], order="oldest") for place in range(SPAN)]
    found["copies too"] = [address(words[90 + place], copies="all") for place in range(SPAN)]
    return found


def commonest(stand: Newsstand, count: int = 20) -> list[str]:
    """The words that most articles have, each asked for by itself."""
    return [address(word) for word in stand.words.ranked["en"][:count]]


def stock(stand: Newsstand) -> list[str]:
    """The same words on the page that Datasette has for any table, with the facets that we show."""
    words = stand.words.ranked["en"]
    asked = [words[RARE], words[RARE + 7], words[MIDDLE], words[MIDDLE + 7], words[20], words[27], words[0], words[1]]
    facets = "&_facet=outlet_id&_facet=month&_facet=language&_facet=kind"
    return [f"/news/articles?_search={word}{facets}&_sort_desc=published" for word in asked]


def address(typed: str, **further: str) -> str:
    """The address of a search."""
    args = {"q": typed, **further}
    return "/search?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in args.items())
