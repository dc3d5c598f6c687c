"""How a question is written into the address of a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

MAX_SITES = 10  # named in a question; of more the answer is sifted


def asked_of(query: str, only: Sequence[str]) -> str:
    """The query, asked of these sites alone; quotes, OR and -words are the searches' own language."""
    if not 0 < len(only) <= MAX_SITES:
        return query
    sites = " OR ".join(f"site:{name}" for name in only)
    return f"{query} {sites}" if len(only) == 1 else f"{query} ({sites})"


def question_url(address: str, query: str, usual: Mapping[str, str]) -> str:
    """The address of a search with a query, and with the usual parameters where it has none of these of its own."""
    parts = urlsplit(address)
    own = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "q"]
    named = {name for name, _ in own}
    # All or none: a language of ours with a country of theirs would be an edition that nobody has.
    added = {} if named & usual.keys() else usual
    return parts._replace(query=urlencode([("q", query), *own, *added.items()], quote_via=quote), fragment="").geturl()
