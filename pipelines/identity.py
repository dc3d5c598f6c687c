"""Which article a page is: the page's own claim, believed only where believing it cannot merge two articles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.items import Article, Identity, Page
from pipelines.urls import Parts, canonical, outlet_of, parts_of

_STAGING = re.compile(
    r"(?:^|[.-])(?:admin|beta|cms|dev|edit|internal|local|origin|pre-?prod|preview|qa|sandbox|stage|staging|test|uat)"
    r"(?=[.-]|\d)"
)
_LISTING = re.compile(r"authors?|categor(?:y|ies)|search|sections?|tags?|topics?")
_FRONT = re.compile(r"/(?:[a-z]{2,3}(?:[-_][a-z]{2,4})?/?)?(?:(?:index|default)\.\w{2,5}|home/?)?", re.IGNORECASE)
_AMP = re.compile(r"^/amp/|/amp/?$|[./]amp\.html?$|\.amp$", re.IGNORECASE)
_AMP_QUERY = re.compile(r"(?:^|&)(?:amp(?:=1|=true)?|outputtype=amp)(?:&|$)", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:\.amp)?\.(?:s?html?|php\d?|aspx?|jsp|cms|ece|amp)$")
_TAILS = frozenset({"", "all", "amp", "comments", "index", "print"})


def identity(page: Page, article: Article, requested: str) -> Identity:
    """The article's canonical URL, its outlet, and the other URLs that led to it.

    ValueError where neither the URL that answered nor the one requested is a web address.
    """
    asked = next(_valid(requested), "")
    answered = next(_valid(page.url), asked)
    if not answered:
        raise ValueError(f"{page.url[:80]!r} is no http or https URL with a host")
    url = believed(article.canonical, answered) or answered
    kinds = dict.fromkeys(_valid(*page.redirects), "redirected")
    kinds[answered] = "amp" if url != answered and is_amp(answered) else "redirected"
    if asked and kinds.get(asked) != "amp":
        kinds[asked] = "requested"
    others = tuple(pair for pair in kinds.items() if pair[0] != url and not is_front(pair[0]))
    return Identity(url=url, outlet=outlet_of(answered), aliases=(*others, (url, "canonical")))


def believed(claim: str, answered: str) -> str | None:
    """The canonical link's URL where it can only mean this article, else None.

    It must be absolute, of the same outlet, of no staging host or other port, and no front page or listing: a template
    that names one for every article would make all of them one.
    """
    if not claim.lower().startswith(("http://", "https://")):
        return None
    claimed = next(_valid(claim), None)
    if claimed is None or outlet_of(claimed) != outlet_of(answered):
        return None
    parts, own = parts_of(claimed), parts_of(answered)
    if parts.port not in ("", own.port) or (_STAGING.search(parts.host) and parts.host != own.host):
        return None
    if parts.host == own.host and own.scheme == "https":  # links written before the site had a certificate
        parts = parts._replace(scheme="https")
    return str(parts) if _names_an_article(parts, own) else None


def is_front(url: str) -> bool:
    """Whether a URL is a site's front page, or that of one of its languages."""
    parts = parts_of(url)
    return not parts.query and not parts.fragment and _FRONT.fullmatch(parts.path) is not None


def is_amp(url: str) -> bool:
    """Whether a URL is spelt as the AMP form of another page."""
    parts = parts_of(url)
    return parts.host.startswith("amp.") or bool(_AMP.search(parts.path) or _AMP_QUERY.search(parts.query))


def _names_an_article(claim: Parts, own: Parts) -> bool:
    names, owns = _segments(claim), _segments(own)
    if is_front(str(claim)) or any(_LISTING.fullmatch(name) for name in set(names) - set(owns)):
        return False
    if owns[: len(names)] == names and not set(owns[len(names) :]) <= _TAILS:
        return False  # the section in which the page stands
    if claim.query or claim.fragment:
        return True
    if names[-1] in owns:
        # /story?id=7 that claims to be /story
        return not own.query or _is_slug(names[-1], words=3)
    return _is_slug(names[-1], words=4)


def _is_slug(segment: str, words: int) -> bool:
    """Whether the last part of a path looks like one article's own: so many words, a long number, an id."""
    digits = sum(map(str.isdigit, segment))
    return (
        digits >= 5
        or len(re.findall(r"[^-_+]+", segment)) >= words
        or (len(segment) >= 8 and 0 < digits < len(segment) and segment.isalnum())
        or segment.count("%") >= 8  # a headline in another script
    )


def _segments(parts: Parts) -> list[str]:
    return [_EXTENSION.sub("", segment) for segment in parts.path.lower().strip("/").split("/")]


def _valid(*urls: str) -> Iterator[str]:
    for url in urls:
        try:
            yield canonical(url)
        except ValueError:
            continue
