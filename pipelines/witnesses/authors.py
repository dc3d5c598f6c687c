"""Who wrote an article: persons by name, from whatever a page gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import NamedTuple

from pipelines.body.lines import key
from pipelines.decoding import plain
from pipelines.witnesses.jsonld import Graph, text_of, types_of
from pipelines.witnesses.testimony import Claim

MOST = 20
MOST_TEXTS = 100
MOST_NODES = 50
LONGEST = 80  # characters; what is longer is a sentence
MOST_WORDS = 6

_BY = re.compile(
    r"^(?:(?:written|reported|posted|published|story|text|words|kommentar|beitrag|artikel|geschrieben|gespeichert"
    r"|verfasst|publi[eé]|eine?|alles|mehr|more) ){0,3}(?:by|von|vom|par|por|di|door|av|af|od|przez)[:\s]\s*"
    r"|^(?:autor|author|auteur|text|texte|texto|words)[^:]{0,20}:\s*|^(?:autor(?:in|/in)?|author) (?=\w+ \w)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[;|•·]\s*|,\s+|\s+(?:and|und|et|y|e|en|og|och|ja|i|&)\s+|\s+/\s+", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|www\.|@|\w{3}\.[a-z]{2,10}\b")
_SITE = re.compile(r"[\w-]{3,60}(?:\.[a-z]{2,10}){1,2}", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\d{3}|^\d|\s\d{1,2}(?:st|nd|rd|th)?(?:\s|$)|:|\w{5}\.\s"  # numbers, dates, labels, sentences
    r"|^(?:admin|null|none|undefined|unknown|author|autor|by|von|name|posted|jr\.?|sr\.?|phd|md)$"
    r"|\b(?:updated?|published|aktualisiert|veröffentlicht|publié|follow|folgen|subscribe|archives?|anzeigen"
    r"|autorenseite)\b",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"editor(?:s|ial)?|staff|redaktion|redaktör|redactie|redaksi|redacción|redazione|guest|agencies|agenturen",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s*[(\[][^()\[\]]{0,60}[)\]]\s*$|\s*(?:기자|특파원|記者)$")
_STOP = re.compile(r"(?<=\w{3})\.$")  # of a sentence, not of an initial

PERSON, ORGANISATION, USER, OUTLET = range(4)

_PARTICLES = frozenset((
    "abu", "af", "al", "an", "av", "ben", "bin", "d", "da", "das", "de", "del", "dello", "della", "den", "der", "des",
    "di", "do", "dos", "du", "e", "el", "i", "ibn", "l", "la", "las", "le", "lo", "los", "na", "ni", "san", "st", "te",
    "ten", "ter", "v", "van", "vom", "von", "y", "zu", "zum", "zur",
))  # fmt: skip


class Name(NamedTuple):
    """A name as a witness gives it."""

    text: str
    is_person: bool = True


def names_in(texts: Iterable[str]) -> list[str]:
    """The names that bylines hold, one each, in order."""
    found: dict[str, str] = {}
    for text in islice(texts, MOST_TEXTS):
        for part in _parts(plain(text[:1000])):
            name = _STOP.sub("", _SUFFIX.sub("", _BY.sub("", part)).strip(" ,;:-–—|"))
            if _is_name(name):
                found.setdefault(name.casefold(), name)
    return list(found.values())[:MOST]


def _parts(text: str) -> list[str]:
    """The parts of a byline, up to an address; none of one that begins with it, unless it is a site and no more.

    "example.de, Frankfurt, Germany" is an imprint.
    """
    text = _BY.sub("", text)
    if _SITE.fullmatch(text):
        return [text]
    parts = _BETWEEN.split(text)
    ends = next((place for place, part in enumerate(parts) if _ADDRESS.search(part)), len(parts))
    return parts[:ends]


def _is_name(text: str) -> bool:
    """Whether a text can be a name: short, and of several words none is small that no name has."""
    if not 1 < len(text) <= LONGEST or _NO_NAME.search(text):
        return False
    words = text.split()
    if len(words) == 1 or text.islower():
        return len(words) <= 3
    small = (word for word in words if word[0].islower() and not word.endswith("."))
    return len(words) <= MOST_WORDS and all(word.strip("'’") in _PARTICLES or word[1:2] in "'’" for word in small)


def authors_in(value: object, graph: Graph) -> list[Name]:
    """The authors that a node of JSON-LD or microdata names; references are looked up in the page."""
    found: list[Name] = []
    for author in value[:MOST_NODES] if isinstance(value, list) else [value]:
        node = graph.resolved(author)
        if any("organization" in name for name in types_of(node)):
            found += [Name(text, is_person=False) for text in _texts(node) if len(text) <= LONGEST]
        else:
            found += map(Name, names_in(_texts(node)))
    return list({key(name.text): name for name in found}.values())[:MOST]


def authors_of(
    told: Iterable[Claim[Iterable[Name]]], bylines: Iterable[Iterable[str]], sites: AbstractSet[str]
) -> list[Claim[tuple[str, ...]]]:
    """What the witnesses say of the authors, the kind of it that is best.

    Persons, with the agencies named beside them, come before users and organisations, and those before desks and the
    outlet itself. `told` is what each witness says, `bylines` what the page may show, of which the first is asked where
    nobody is named but users and the outlet. `sites` are the keys of the outlet's names.
    """
    claims = [(witness, [(name.text, _kind(name, sites)) for name in names]) for witness, names in told]
    if not any(kind <= ORGANISATION for _, names in claims for _, kind in names):
        claims.append(("byline", [(name, _kind(Name(name), sites)) for name in next(iter(bylines), ())]))
    best = min((kind for _, names in claims for _, kind in names), default=PERSON)
    most = max(best, USER)
    return [
        (witness, tuple(name for name, kind in names if kind <= most))
        for witness, names in claims
        if any(kind == best for _, kind in names)
    ]


def _kind(name: Name, sites: AbstractSet[str]) -> int:
    if key(name.text) in sites or _DESK.fullmatch(name.text) or _SITE.fullmatch(name.text):
        return OUTLET
    if not name.is_person:
        return ORGANISATION
    return USER if name.text.islower() or "_" in name.text else PERSON


def _texts(node: object) -> list[str]:
    name = (
        node.get("name") or f"{node.get('givenName', '')} {node.get('familyName', '')}"
        if isinstance(node, dict)
        else node
    )
    many = name if isinstance(name, list) else [name]
    return [text for one in many[:MOST] if (text := text_of(one))]
