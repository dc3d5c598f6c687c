"""Microdata: what a page says of itself by attributes of its elements, in the shape in which JSON-LD says it."""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement

from pipelines.decoding import cleaned, plain
from pipelines.witnesses.jsonld import ARTICLES, Graph, types_of
from pipelines.witnesses.walks import holders_of, texts_in

MAX_SCOPES = 10_000
MAX_ITEMS = 500  # of these that are read
MAX_PROPERTIES = 3_000  # elements of one page
MAX_VALUES = 50  # of one property
MAX_TEXT = 2_000

# Only these are read: above all not the body, which trafilatura cleans.
_PROPERTIES = frozenset((
    "headline", "name", "alternativeheadline", "author", "creator", "givenname", "familyname", "publisher",
    "datepublished", "datemodified", "datecreated", "description", "articlesection", "keywords", "inlanguage", "url",
    "image", "mainentityofpage", "mainentity", "isaccessibleforfree",
))  # fmt: skip
_SPELLING = {
    name.lower(): name
    for name in (
        "givenName", "familyName", "datePublished", "dateModified", "dateCreated", "articleSection", "inLanguage",
        "mainEntityOfPage", "mainEntity", "isAccessibleForFree", "alternativeHeadline",
    )
}  # fmt: skip
_ADDRESSES = frozenset(("url", "image", "mainentityofpage"))
_OWN = frozenset(("", "mainentity", "mainentityofpage"))  # what an item that describes the page may be to another

# By their attributes: half the time that `//*[@itemscope]` takes, and most pages have none.
_scopes = etree.XPath("descendant-or-self::*/@itemscope")
_properties = etree.XPath("descendant-or-self::*/@itemprop")

Item = dict[str, object]


def microdata_of(tree: HtmlElement) -> Graph:
    """The items of a page that describe it or stand by themselves, in order, as JSON-LD would hold them.

    None, where no article is among them: menus and pictures are items on many pages.
    """
    scopes = holders_of(_scopes, tree, MAX_SCOPES)
    others = scopes[MAX_ITEMS:]
    items: dict[HtmlElement, Item] = {scope: _begun(scope) for scope in scopes[:MAX_ITEMS]}
    if not any(ARTICLES & types_of(item) for item in items.values()):
        return Graph()
    owners: dict[HtmlElement, HtmlElement | None] = dict.fromkeys(others)  # what stands in one that is not read
    for element in holders_of(_properties, tree, MAX_PROPERTIES):
        names = [name for name in (element.get("itemprop") or "")[:200].lower().split() if name in _PROPERTIES]
        owner = _owner(element, items, owners) if names else None
        if owner is not None:
            value = items.get(element) or _value(element, names[0])
            for name in names:
                _add(items[owner], _SPELLING.get(name, name), value)
    return Graph(tuple(item for scope, item in items.items() if _is_own(scope)))


def _begun(scope: HtmlElement) -> Item:
    types = [kind.rsplit("/", 1)[-1] for kind in (scope.get("itemtype") or "")[:500].split()]
    item: Item = {"@type": types}
    if name := (scope.get("itemid") or "")[:MAX_TEXT].strip():
        item["@id"] = name
    return item


def _is_own(scope: HtmlElement) -> bool:
    return not set((scope.get("itemprop") or "")[:200].lower().split()) - _OWN


def _owner(
    element: HtmlElement, items: dict[HtmlElement, Item], known: dict[HtmlElement, HtmlElement | None]
) -> HtmlElement | None:
    """The item whose property an element is: the nearest around it. What is `known` is walked once, however deep."""
    path: list[HtmlElement] = []
    owner: HtmlElement | None = None
    for around in element.iterancestors():
        if around in items:
            owner = around
            break
        if around in known:
            owner = known[around]
            break
        path.append(around)
    known.update(dict.fromkeys(path, owner))
    return owner


def _value(element: HtmlElement, name: str) -> str:
    for attribute in ("content", "datetime"):
        if said := element.get(attribute):
            return plain(said[:MAX_TEXT])
    if name in _ADDRESSES and (link := element.get("href") or element.get("src")):
        return str(link)[:MAX_TEXT].strip()
    return cleaned("".join(texts_in(element))[:MAX_TEXT])


def _add(item: Item, name: str, value: object) -> None:
    """A property's value; several values of one make a list."""
    if not value:
        return
    before = item.get(name)
    if before is None:
        item[name] = value
    elif isinstance(before, list):
        if len(before) < MAX_VALUES:
            before.append(value)
    else:
        item[name] = [before, value]
