"""Questions to the index of a web archive (CDX), as URLs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote, urlencode, urlsplit

from crawler.channels.captures.cdx import FIELDS
from crawler.channels.past import Open
from crawler.mementos import STAMP

PAGE = 1_000
"""Rows of one answer. The index looks through a bounded part of itself for each, and then ends as if there were no
more: with few rows asked for, it ends at the bound of rows and says where to go on."""


def replay_base(endpoint: str) -> str:
    """Where the archive of an index shows its captures: `https://web.archive.org/web/`."""
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc}/web/"


def outlet_url(endpoint: str, domain: str, part: Open, words: Sequence[str]) -> str:
    """The question for the pages of an outlet that were captured within a window, each once.

    With `words`, only those with one of them in their URL: the archive takes a Java regular expression of all of it.
    """
    wanted = [("filter", "statuscode:200"), ("filter", "mimetype:text/html")]
    if words:
        wanted.append(("filter", f"original:(?i).*({'|'.join(words)}).*"))
    return _url(endpoint, domain, "domain", part, [*wanted, ("collapse", "urlkey")])


def captures_url(endpoint: str, url: str, part: Open) -> str:
    """The question for the captures of one URL within a window, at most one a day."""
    return _url(endpoint, url, "exact", part, [("filter", "statuscode:200"), ("collapse", "timestamp:8")])


def digest_of(words: Sequence[str]) -> str:
    """Eight digits that stand for these words in the ledger: other words are another question."""
    return hashlib.sha256("|".join(words).encode()).hexdigest()[:8]


def _url(endpoint: str, url: str, match: str, part: Open, wanted: Sequence[tuple[str, str]]) -> str:
    parameters = [
        ("url", url),
        ("matchType", match),
        ("from", part.since.strftime(STAMP)),
        ("to", (part.until - timedelta(seconds=1)).strftime(STAMP)),  # both ends are included
        ("output", "json"),
        ("fl", ",".join(FIELDS)),
        *wanted,
        ("limit", str(PAGE)),
        ("showResumeKey", "true"),
    ]
    if part.resume:
        parameters.append(("resumeKey", part.resume))
    return f"{endpoint.partition('?')[0]}?{urlencode(parameters, quote_via=quote, safe='')}"
