"""The headline of a page, from witnesses that do not always agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from pipelines.body.lines import key
from pipelines.witnesses.testimony import Claim

MAX_LENGTH = 400
LONGEST = 800  # of what is read of one
SHORTEST = 10  # characters: 'Kabul - the city' is not 'Kabul'
FEWEST = 4  # words of an address that are a headline's, where it was made from that
MARGIN = 2  # more of them than of another headline's

_WORDS = re.compile(r"\w+")
_SEPARATOR = re.compile(r"\s+[-–—|·•«»:/]+\s+|\s*[|｜ㅣ]\s*|\s+::\s+")
_JOINT = re.compile(r"\s*[-–—|｜ㅣ·•«»:/]")
_MARKS = re.compile(r"[\u0300-\u036f]")
_SPELT = str.maketrans({"ß": "ss", "ı": "i", "ø": "o", "æ": "ae", "ł": "l", "đ": "d", "'": "", "’": ""})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a page and its surroundings tell of its headline.

    `structured` are the claims of JSON-LD and microdata, `og` those of its meta tags, the best first, `headings` and
    `subheadings` the texts of its first h1 and h2, `tag` its title element, `announced` the feed's own title, `sites`
    the keys of the site's names, `url` the page's address.
    """

    structured: Sequence[Claim[str]] = ()
    og: Sequence[Claim[str]] = ()
    headings: Sequence[str] = ()
    subheadings: Sequence[str] = ()
    tag: str = ""
    announced: str = ""
    sites: AbstractSet[str] = frozenset()
    url: str = ""


def titles_of(told: Told) -> list[Claim[str]]:
    """The headlines that the witnesses give, without the site's name, the best first.

    JSON-LD's, unless others agree against it and the page's address does not bear it out; without it what most say, or
    what the page shows where its head agrees on a title of its own.
    """
    sites = told.sites
    heading = _main_heading(told, sites)
    claims = [*told.structured, *told.og[:1], ("h1", heading), ("title tag", told.tag), ("feed", told.announced)]
    claims = [(witness, title[:LONGEST]) for witness, title in claims if title]
    claims = [claim for claim in claims if key(claim[1]) not in sites] or claims
    if not claims:
        return []
    others = [title for title in (*(title for _, title in claims), *told.headings) if key(title) not in sites]
    shown = {folded(title) for title in others} - {""}
    said = [(witness, bare(title, others, shown, sites)[:MAX_LENGTH]) for witness, title in claims]
    best = _best(said, said[0][0] in (witness for witness, _ in told.structured), told.url)
    return [said[best], *said[:best], *said[best + 1 :]]


def bare(title: str, others: Sequence[str], shown: AbstractSet[str], sites: AbstractSet[str]) -> str:
    """A title without the site's name or section behind it, where another witness shows it to be that, or before it.

    `others` are the texts of the witnesses, `shown` the same folded, `sites` the keys of the site's names.
    """
    for other in others:
        if len(other) >= SHORTEST and title.startswith(other) and _JOINT.match(title, len(other)):
            return other
    cuts = list(_SEPARATOR.finditer(title))
    for cut in cuts:
        if folded(title[: cut.start()]) in shown:
            return title[: cut.start()].strip()
    while cuts and key(title[cuts[-1].end() :]) in sites:
        title = title[: cuts.pop().start()].strip() or title
    if cuts and key(title[: cuts[0].start()]) in sites and len(title) - cuts[0].end() >= SHORTEST:
        title = title[cuts[0].end() :].strip()
    return title


def folded(text: str) -> str:
    """A text by its words alone, so that case, punctuation and spacing make no difference."""
    return " ".join(_WORDS.findall(unicodedata.normalize("NFKC", text).casefold()))


def site_keys(names: Iterable[str], url: str) -> frozenset[str]:
    """The keys of a site's names: of those that a page has for it, of its host and of the parts of that."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    parts = (host, *host.split(".")[:-1])
    return frozenset(key(name) for name in (*names, *(part for part in parts if len(part) > 2))) - {""}


def _main_heading(told: Told, sites: AbstractSet[str]) -> str:
    """The heading that the title element repeats, else the first h1 that is not the site's name."""
    tag = folded(told.tag)
    parts = {tag, *map(folded, _SEPARATOR.split(told.tag))}
    main = [heading for heading in told.headings if key(heading) not in sites]
    for heading in main:
        text = folded(heading)
        if text in parts or (len(text) >= SHORTEST and tag.startswith(text)):
            return heading
    lesser = (heading for heading in told.subheadings if folded(heading) in parts and key(heading) not in sites)
    return next(lesser, next(iter(main), ""))


def _best(said: Sequence[Claim[str]], has_headline: bool, url: str) -> int:
    """The place of the best claim; with `has_headline` the first is JSON-LD's."""
    texts = [folded(title) for _, title in said]
    votes = [texts.count(text) for text in texts]
    most = votes.index(max(votes))
    if not has_headline:
        heading = next((place for place, (witness, _) in enumerate(said) if witness == "h1"), most)
        return heading if _is_shown(said, heading) else most
    is_alone = votes[0] == 1 and votes[most] > 1
    return most if is_alone and not _bears_out(url, said[0][1], said[most][1]) else 0


def _is_shown(said: Sequence[Claim[str]], place: int) -> bool:
    """Whether a heading tells in words of its own what the head of a page says twice, for search services.

    Not where the feed says it too: that is what the outlet calls the article.
    """
    heading = folded(said[place][1])
    head = [folded(title) for witness, title in said if witness not in ("h1", "feed")]
    if len(head) < 2 or len(set(head)) > 1 or ("feed", head[0]) in ((who, folded(title)) for who, title in said):
        return False
    words = set(heading.split())
    if len(words) < 2 or heading.startswith(head[0]) or heading.endswith(head[0]):
        return False
    return any(len(word) > 3 for word in words & set(head[0].split()))


def _bears_out(url: str, title: str, other: str) -> bool:
    """Whether a page's address was made from one title rather than from another."""
    try:
        path = unquote(urlsplit(url).path[:500]).casefold().replace("_", " ")
    except ValueError:
        return False
    words = max(map(_WORDS.findall, path.split("/")), key=len)
    return (fits := _fit(title, words)) >= FEWEST and fits >= _fit(other, words) + MARGIN


def _fit(title: str, words: Sequence[str]) -> int:
    """How many words of an address are a title's, whichever way it spells umlauts and drops accents."""
    text = unicodedata.normalize("NFKC", title).casefold().translate(_SPELT)
    spelt = set(_WORDS.findall(text.translate(_UMLAUTS)))
    spelt.update(_WORDS.findall(_MARKS.sub("", unicodedata.normalize("NFD", text))), _WORDS.findall(text))
    return sum(word in spelt for word in words)
