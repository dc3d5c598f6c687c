"""Articles as references: entries of BibTeX, or records of RIS, as their own pages give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

from archive.exports.columns import looked_up
from archive.exports.progress import Progress
from archive.exports.selection import Selection
from archive.pages.citations import Citation, bibtex, citation_of, ris

CITED = """
SELECT a.id, a.url, o.domain AS outlet, o.name AS outlet_name, a.title, a.byline, a.published, a.fetched, a.language,
    COALESCE(r.digest, '') AS digest
FROM json_each(:ids) AS k CROSS JOIN articles AS a ON a.id = k.value JOIN outlets AS o ON o.id = a.outlet_id
LEFT JOIN records AS r ON r.id = a.record_id ORDER BY k.key
"""
MARK = 8  # hexadecimal digits that tell apart what outlet, year and word do not


def entries(selection: Selection, progress: Progress) -> Iterator[bytes]:
    """The articles for BibTeX, with keys that are each its own and stay the same in every export."""
    return _written(selection, progress, lambda one, url: f"{bibtex(one, keyed(one, url))}\n")


def records(selection: Selection, progress: Progress) -> Iterator[bytes]:
    """The articles as RIS."""
    return _written(selection, progress, lambda one, _url: f"{ris(one)}\r\n")


def keyed(one: Citation, url: str) -> str:
    """A key that no other article has: that of its page, and a mark made of its address."""
    return f"{one.key}{sha256(url.encode('utf-8', 'replace')).hexdigest()[:MARK]}"


def _written(selection: Selection, progress: Progress, written: Callable[[Citation, str], str]) -> Iterator[bytes]:
    for ids in selection.ids():
        found = [dict(row) for row in looked_up(selection.db, CITED, ids)]
        yield "".join(written(citation_of(one, one["digest"]), one["url"]) for one in found).encode("utf-8", "replace")
        progress.done(len(found))
