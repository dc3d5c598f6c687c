"""The first articles as an Atom feed (RFC 4287), for programs that follow or import feeds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from archive.atom import NEVER, legal, link, name_of, times_of
from archive.exports.columns import looked_up
from archive.exports.progress import Progress
from archive.exports.selection import Selection
from archive.queries import Row

ENTRIES = 100
"""Articles of a feed where no number is asked for: readers of feeds take all of it at every look."""
MOST = 10_000  # a feed says above all entries when the newest was, so all of them are held

_XML = "http://www.w3.org/2005/Atom"
_URL = "!#$&'()*+,-./:;=?@[]_~%"  # what stays as it is in an address
_SPACES = "\t\n\r"

ENTRY = """
SELECT a.url, o.domain AS outlet, o.name AS outlet_name, a.title, a.byline, a.summary, a.published, a.fetched,
    a.language, a.section, {body} AS body
FROM json_each(:ids) AS k CROSS JOIN articles AS a ON a.id = k.value JOIN outlets AS o ON o.id = a.outlet_id
ORDER BY k.key
"""


def feed(selection: Selection, progress: Progress) -> Iterator[bytes]:
    """The feed: what is said of all, then the entries one by one."""
    sql = ENTRY.format(body="a.body" if selection.has_bodies else "''")
    entries, newest = [], NEVER
    for ids in selection.ids():
        for row in looked_up(selection.db, sql, ids):
            one = entry(dict(row))
            newest = max(newest, one.findtext("updated") or NEVER)
            entries.append(f"{tostring(one, encoding='unicode')}\n".encode())
        progress.done(len(ids))
    made = head(selection.question.typed)
    SubElement(made, "updated").text = newest
    text = tostring(made, encoding="unicode").removesuffix("</feed>")
    yield f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()
    yield from entries
    yield b"</feed>\n"


def head(typed: str) -> Element:
    """The feed without its entries; the same question gives the same feed, wherever it is asked."""
    made = Element("feed", {"xmlns": _XML, "xml:lang": "en"})
    SubElement(made, "id").text = uuid.uuid5(uuid.NAMESPACE_URL, f"dossier export {legal(typed)}").urn
    SubElement(made, "title").text = f"{legal(typed) or 'All articles'} · Dossier"
    SubElement(SubElement(made, "author"), "name").text = "Dossier"
    SubElement(made, "generator").text = "Dossier"
    return made


def entry(one: Row) -> Element:
    """One article; it leads to the page of its outlet."""
    made = Element("entry")
    SubElement(made, "id").text = name_of(one["url"])
    SubElement(made, "title").text = said(one["title"]) or "(no title)"
    times = times_of(one)
    SubElement(made, "updated").text = times[0] if times else NEVER
    if times and times[0] == one["published"]:
        SubElement(made, "published").text = times[0]
    link(made, "alternate", quote(one["url"], safe=_URL, errors="replace"), "text/html")
    author = said(one["byline"]) or said(one["outlet_name"]) or said(one["outlet"])
    SubElement(SubElement(made, "author"), "name").text = author
    outlet = said(one["outlet"])
    SubElement(made, "category", {"term": outlet, "label": said(one["outlet_name"]) or outlet})
    if summary := said(one["summary"]):
        SubElement(made, "summary").text = summary
    if body := legal(one["body"]):
        SubElement(made, "content", {"type": "text"}).text = body
    return made


def said(text: str) -> str:
    """Hostile text on one line; a carriage return would come back as a line feed."""
    return legal(text).translate(dict.fromkeys(map(ord, _SPACES), " ")).strip()
