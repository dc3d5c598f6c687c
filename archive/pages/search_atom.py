"""A search as an Atom feed (RFC 4287), for whoever wants to hear of what is new in it."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from archive.atom import ADDRESS, NEVER, legal, link, name_of, times_of
from archive.catalogue.results import Results
from archive.pages.asked import Asked, Page
from archive.pages.listing import listed
from archive.pages.wanted import Wanted, wanted
from archive.pieces import unmarked
from archive.queries import Reader, Row

ATOM = "application/atom+xml; charset=utf-8"
NAME = "search.atom"
ENTRIES = 50


def search_atom(db: Reader, asked: Asked) -> Page:
    """The newest articles of a search, or those that its order begins with.

    Its links have the host by which the reader came.
    """
    asking = wanted(asked.args)
    results = asking.results(asked.site, order="newest", size=ENTRIES)
    address = urlsplit(asked.url)
    root = f"{address.scheme}://{address.netloc}{address.path.removesuffix(NAME)}"
    made = feed(asking, results, root)
    entries = [entry(one, root) for one in listed(db, results.ids, asking.question.words)]
    SubElement(made, "updated").text = max((one.findtext("updated") or NEVER for one in entries), default=NEVER)
    made.extend(entries)
    text = '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(made, encoding="unicode")
    return Page(text=text, content_type=ATOM, until=results.until)


def feed(asking: Wanted, results: Results, root: str) -> Element:
    """The feed without its entries."""
    made = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    page = results.page
    own = f"{root}{NAME}?{asking.query()}"
    SubElement(made, "id").text = legal(own)
    SubElement(made, "title").text = legal(f"{asking.question.typed or 'All articles'} · Dossier")
    SubElement(made, "subtitle").text = f"{results.articles:,} {'article' if results.articles == 1 else 'articles'}"
    link(made, "self", f"{root}{NAME}?{asking.query(page=page)}", "application/atom+xml")
    link(made, "alternate", f"{root}search?{asking.query()}", "text/html")
    if page < results.pages:
        link(made, "next", f"{root}{NAME}?{asking.query(page=page + 1)}", "application/atom+xml")
    if page > 1:
        link(made, "previous", f"{root}{NAME}?{asking.query(page=page - 1)}", "application/atom+xml")
    SubElement(SubElement(made, "author"), "name").text = "Dossier"
    SubElement(made, "generator").text = "Dossier"
    return made


def entry(one: Row, root: str) -> Element:
    """One article. Its id is made of its own address, and stays if the archive moves or is made anew."""
    made = Element("entry")
    SubElement(made, "id").text = name_of(one["url"])
    SubElement(made, "title").text = legal(one["title"]) or "(no title)"
    times = times_of(one)
    SubElement(made, "updated").text = times[0] if times else NEVER
    if times and times[0] == one["published"]:
        SubElement(made, "published").text = times[0]
    link(made, "alternate", f"{root}article/{one['id']}", "text/html")
    if ADDRESS.fullmatch(one["url"]):
        link(made, "via", one["url"], "text/html")
    SubElement(SubElement(made, "author"), "name").text = legal(one["byline"] or one["outlet_name"]) or one["outlet"]
    SubElement(made, "category", {"term": legal(one["outlet"]), "label": legal(one["outlet_name"] or one["outlet"])})
    if text := legal(one["summary"] or unmarked(one["snippet"])):
        SubElement(made, "summary").text = text
    return made
