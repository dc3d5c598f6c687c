"""Which requests a served archive answers at all, before any of them reaches a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

from archive.pages.routes import ROUTES
from archive.untidy import UNTIDY

LONGEST = 8_192  # characters of an address
LARGEST = 16_384  # bytes of what a form sends
ARGUMENTS = 60  # of one address
FACETS = 4  # that are counted for one page
ROWS = 100  # of a page that is drawn; drawing holds all others up

LOGIN, LOGOUT = "/-/login", "/-/logout"

# What a visitor may add to a page of a table. Datasette knows more, and each of those leads to free SQL (_where), to
# another table (_through, _fts_table), to syntax of its own (_searchmode), to a cache that never forgets (_ttl) or to a
# way past the bounds (_stream, _trace, _timelimit).
ARGUMENTS_OF_TABLES = frozenset(
    {
        "_col", "_columns", "_facet", "_facet_array", "_facet_date", "_facet_size", "_filter_column", "_filter_op",
        "_filter_value", "_header", "_hide_sql", "_json_infinity", "_label", "_labels", "_next", "_nl", "_nocol",
        "_nocount", "_nofacet", "_nosuggest", "_search", "_shape", "_show_hidden", "_show_sql", "_size", "_sort",
        "_sort_by_desc", "_sort_desc",
    }
)  # fmt: skip
NUMBERED = re.compile(r"_filter_(?:column|op|value)_\d{1,3}")
INDEX = "/news/articles_fts"  # has to be open to whoever searches, as Datasette 1.0 sees it
SQL = frozenset({"sql", "_where", "_stream"})

HOST = re.compile(r"[A-Za-z0-9_.-]{1,255}(?::\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?")
OURS = tuple(re.compile(f"/{pattern}") for pattern, _ in ROUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Who is served: the public as it stands; `accounts` are names and hashes, and nobody else is answered then.

    `is_private` is for the owner alone on his own machine, who may ask in SQL.
    """

    is_private: bool = False
    accounts: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is looked at of a request: path and query as they were sent, headers by their small names."""

    method: str
    path: str  # below the base URL
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def decoded(self) -> str:
        """The path as it reads."""
        return unquote_to_bytes(self.path).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    text: str
    title: str = "That cannot be answered"
    headers: Mapping[str, str] = field(default_factory=dict)


def is_welcome(rules: Rules, actor: Mapping[str, Any] | None) -> bool:
    """Whether the archive is open to somebody: to all, or to those who have an account."""
    return not rules.accounts or (actor or {}).get("id") in rules.accounts


NOWHERE = Refusal(status=404, title="Not found", text="There is no page at this address.")
NOT_OPEN = Refusal(status=403, title="Not open to visitors", text="This archive does not let visitors do that.")
ODD = Refusal(status=400, text="Something in this address cannot be understood.")


def refusal(visit: Visit, rules: Rules) -> Refusal | None:
    """Why a request is not let in; None where it is."""
    return of_manners(visit, rules) or of_host(visit, rules) or of_path(visit, rules) or of_arguments(visit, rules)


def of_manners(visit: Visit, rules: Rules) -> Refusal | None:
    """Too long, or a method that changes something where there is nothing to change."""
    if len(visit.path) + len(visit.query) > LONGEST:
        return Refusal(status=414, text="This address is too long.")
    if visit.method in {"GET", "HEAD"}:
        return None
    if visit.method != "POST" or not rules.accounts or visit.path not in {LOGIN, LOGOUT}:
        return Refusal(status=405, text="Pages are read here, and nothing else.", headers={"allow": "GET, HEAD"})
    length = visit.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or int(length[:9]) > LARGEST:
        return Refusal(status=413, text="That is more than the form can send.")
    return None if is_of_this_site(visit) else NOT_OPEN


def is_of_this_site(visit: Visit) -> bool:
    """Whether a form that was sent stood on a page of ours, as far as the browser says."""
    if "sec-fetch-site" in visit.headers:
        return not is_from_elsewhere(visit)
    origin = visit.headers.get("origin", "")
    return not origin or origin.partition("://")[2] == visit.headers.get("host")


def of_host(visit: Visit, rules: Rules) -> Refusal | None:
    """A Host header that is none, or, where the owner alone is served, a name that is not of this machine.

    Any page on the web can give its own name the address 127.0.0.1 and read then what is served there.
    """
    host = visit.headers.get("host", "localhost")
    if not HOST.fullmatch(host):
        return Refusal(status=400, text="The request names no host that there could be.")
    if not rules.is_private or is_loopback(host):
        return None
    return Refusal(
        status=403,
        title="For its owner only",
        text="This archive is served with --private, and answers under the names of this machine only: "
        "open it as localhost or 127.0.0.1.",
    )


def is_loopback(host: str) -> bool:
    """Whether a host, with or without a port, is this machine for itself."""
    name = host.partition("]")[0].strip("[") if host.startswith("[") else host.partition(":")[0]
    if name.lower() == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def of_path(visit: Visit, rules: Rules) -> Refusal | None:
    """A path that could lead off the site, or to pages about the machine."""
    if not visit.path.isascii():
        return ODD
    path = visit.decoded
    parts = path.split("/")
    if "//" in visit.path or path.startswith("//") or not path.startswith("/") or {".", ".."} & set(parts):
        return NOWHERE
    if any(ord(char) < 32 or ord(char) == 127 or char in "\\\ufffd" for char in path):
        return NOWHERE
    if is_internal(path, parts, rules) or not is_somewhere(visit.path):
        return NOWHERE
    return without_slash(visit) if path.endswith("/") and path != "/" else None


def is_somewhere(path: str) -> bool:
    """Whether there may be a page at a path: one of ours, a file, or one of the tables."""
    return is_ours(path) or is_open(path) or re.match(r"/news(?![^/.])", path) is not None or is_ours(path.rstrip("/"))


def without_slash(visit: Visit) -> Refusal:
    """The way to the page that somebody gave a slash too many."""
    address = visit.path.rstrip("/") + (f"?{visit.query}" if visit.query else "")
    return Refusal(status=302, text="It is at the address without the slash.", headers={"location": address})


def is_internal(path: str, parts: list[str], rules: Rules) -> bool:
    """Whether a path is about the server: versions, settings, threads, permissions, databases of its own."""
    if rules.accounts and path in {LOGIN, LOGOUT}:
        return False
    if rules.is_private and parts[1:3] == ["news", "-"]:
        return re.fullmatch(r"/news/-/query(\.(json|csv))?", path) is None
    return "-" in parts or parts[1].startswith(("_", ":"))


def of_arguments(visit: Visit, rules: Rules) -> Refusal | None:
    """Too many arguments, or one that a page of a table does not take from a visitor."""
    try:
        pairs = parse_qsl(visit.query, keep_blank_values=True, max_num_fields=ARGUMENTS)
    except ValueError:
        return Refusal(status=400, text=f"This address asks for too much at once: {ARGUMENTS} arguments are the most.")
    if is_ours(visit.path) or is_open(visit.path):
        return None
    if not rules.is_private and (visit.path.startswith(INDEX) or any(name in SQL for name, _ in pairs)):
        return NOT_OPEN
    if rules.is_private and is_from_elsewhere(visit) and any(name in SQL for name, _ in pairs):
        return NOT_OPEN
    return of_table(visit, pairs, rules)


def is_from_elsewhere(visit: Visit) -> bool:
    """Whether another site made the browser ask."""
    return visit.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}


def of_table(visit: Visit, pairs: list[tuple[str, str]], rules: Rules) -> Refusal | None:
    """An argument that Datasette would take and no visitor needs, or too much of one that it may have."""
    for name, value in pairs:
        if not name.startswith("_") or "__" in name or name in ARGUMENTS_OF_TABLES or NUMBERED.fullmatch(name):
            continue
        if not (rules.is_private and name in SQL) and not is_extra(name, value):
            return Refusal(status=400, text=f"The argument {name[:40]} is not taken here.")
    if sum(name.startswith("_facet") and name != "_facet_size" for name, _ in pairs) > FACETS:
        return Refusal(status=400, text=f"This page would count too much: {FACETS} facets are the most.")
    sizes = [value for name, value in pairs if name == "_size"]
    is_drawn = "." not in visit.path.rpartition("/")[2]
    if is_drawn and any(not value.isdigit() or int(value[:6]) > ROWS for value in sizes):
        return Refusal(status=400, text=f"A page has up to {ROWS} rows; as JSON or CSV there are more of them.")
    return None


def is_extra(name: str, value: str) -> bool:
    """Whether an argument asks for what Datasette 1.0 leaves out of its JSON unless it is named."""
    return name == "_extra" and set(value.split(",")) <= {"columns", "count", "facet_results", "next_url"}


def is_ours(path: str) -> bool:
    """Whether a path is that of one of our own pages."""
    return any(pattern.fullmatch(path) for pattern in OURS)


def is_open(path: str) -> bool:
    """Whether a path is a file that tells nothing of the archive, open to all."""
    return path.startswith("/static/") or path in {"/robots.txt", "/favicon.ico", LOGIN, LOGOUT}


def cleaned(query: str) -> str:
    """The query without the characters that nobody sees and that turn a line around."""
    if "%" not in query and query.isascii():
        return query
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=ARGUMENTS)
    tidied = [(name.translate(UNTIDY), value.translate(UNTIDY)) for name, value in pairs]
    return query if tidied == pairs else urlencode(tidied)


def is_local(address: str) -> bool:
    """Whether an address that a visitor gives is a path on this site, whatever a browser makes of it."""
    return re.fullmatch(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*", address) is not None and len(address) <= LONGEST
