"""From the web address of an article to its page here, or to the reason why there is none."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

from archive.pages.asked import Asked, Page
from archive.pages.figures import STATES
from archive.queries import Reader, row, rows

LONGEST = 2083  # characters, as everywhere where an address names an article

# The first spelling that is known goes before the others.
ADDRESSED = """
SELECT a.id FROM json_each(:urls) AS k JOIN articles AS a
    ON a.id = COALESCE(
        (SELECT id FROM articles WHERE url = k.value), (SELECT article_id FROM aliases WHERE url = k.value))
ORDER BY k.key LIMIT 1
"""
SEEN = """
SELECT t.name AS topic, t.title AS topic_title, c.url, c.state, c.reason, c.first_seen
FROM json_each(:urls) AS k CROSS JOIN topics AS t CROSS JOIN candidates AS c ON c.topic_id = t.id AND c.url = k.value
ORDER BY k.key, t.name LIMIT 10
"""
_ADDRESS = re.compile(r"(?i:https?)://[^\s/?#]+[^\s]*")
_PARTS = re.compile(r"([^:]+)://([^/?#]*)([^?#]*)(?:\?([^#]*))?")
_FOLLOWS = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|igshid")  # what links that people share have beside the address


def by_url(db: Reader, asked: Asked) -> Page:
    """To the article of a canonical address, or of another one that led to it; else why there is none."""
    url = asked.args.get("url", "").strip()
    if found := article_at(db, url):
        return Page(location=f"article/{found}", status=302)
    shows = {"url": url, "states": STATES, "seen": rows(db, SEEN, urls=json.dumps(spellings(url)))}
    return Page(template="no_article.html", shows=shows, status=404 if url else 200)


def instead(db: Reader, typed: str) -> Page | None:
    """Where to go when a question is one web address and nothing else: nobody finds it among the words of a text."""
    url = typed.strip()
    if len(url) > LONGEST or not _ADDRESS.fullmatch(url):
        return None
    found = article_at(db, url)
    return Page(location=f"article/{found}" if found else f"article?{urlencode({'url': url})}", status=302)


def article_at(db: Reader, url: str) -> int | None:
    """The article that is known by an address."""
    found = row(db, ADDRESSED, urls=json.dumps(spellings(url)))
    return int(found["id"]) if found else None


def spellings(url: str) -> list[str]:
    """An address as it was given, and as the archive may have it: without what only a browser or a shared link adds."""
    parts = _PARTS.match(url) if len(url) <= LONGEST else None
    if parts is None:
        return [url[:LONGEST]] if url else []
    scheme, host, path, query = (part or "" for part in parts.groups())
    kept = "&".join(one for one in query.split("&") if one and not _FOLLOWS.fullmatch(one.partition("=")[0].lower()))
    rest = f"?{kept}" if kept else ""
    schemes = dict.fromkeys([scheme.lower(), "https", "http"])
    ends = [path or "/", path.rstrip("/") or "/", f"{path.rstrip('/')}/"]
    near = [f"{one}://{host.lower()}{end}{rest}" for one in schemes for end in ends]
    return list(dict.fromkeys([url, *near]))
