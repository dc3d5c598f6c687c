"""URLs as names of articles: two spellings of one address become one, two articles never do."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from ipaddress import IPv6Address
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import idna
from publicsuffixlist import PublicSuffixList

MAX_URL = 2083  # what browsers, proxies and sitemaps have agreed on
MAX_SPELLING = 4 * MAX_URL  # a longer one is not even parsed

TRACKERS = frozenset(
    line
    for line in Path(__file__).with_name("trackers.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
)

# WHATWG: browsers strip these at both ends, drop tab and line ends anywhere, and read "\" as "/".
_EDGES = "".join(map(chr, range(0x21)))
_GAPS = str.maketrans("", "", "\t\r\n")
_PARTS = re.compile(r"(?i:(https?))://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_BEFORE_QUERY = re.compile(r"[^?#]*")
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_PORT = re.compile(r":([0-9]*)\Z")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|[^!$&'()*+,;=:@/?A-Za-z0-9._~-]")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class Parts(NamedTuple):
    """A canonical URL taken apart; `port` is empty where it is the scheme's own."""

    scheme: str
    host: str
    port: str
    path: str
    query: str
    fragment: str

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        query = f"?{self.query}" if self.query else ""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self.scheme}://{self.host}{port}{self.path}{query}{fragment}"


def canonical(url: str) -> str:
    """The one spelling of a URL; ValueError where it is no http(s) URL with a host, or longer than 2,083 characters.

    Lossless: only what cannot tell two articles apart goes, namely the case of scheme and host, the default port, dot
    segments, the spelling of escapes, the fragment (unless `#!`) and the parameters in `TRACKERS`.
    """
    spelt = str(parts_of(url))
    if len(spelt) > MAX_URL:
        raise ValueError(f"{spelt[:60]}...: {len(spelt)} characters; a URL may have {MAX_URL}")
    return spelt


def host_of(url: str) -> str:
    """The host of a URL, in lower case and ASCII; ValueError as in `canonical`."""
    return parts_of(url).host


def outlet_of(url: str) -> str:
    """The registrable domain of a URL's host, by the bundled public suffix list; the host itself where it has none."""
    return _registrable(host_of(url))


def parts_of(url: str) -> Parts:
    """The canonical parts of a URL; ValueError where it is no http(s) URL with a host."""
    if len(url) > MAX_SPELLING:
        raise ValueError(f"{url[:60]}...: {len(url)} characters; a URL may have {MAX_URL}")
    found = _PARTS.fullmatch(_BEFORE_QUERY.sub(_slashes, url.strip(_EDGES).translate(_GAPS), count=1))
    if found is None:
        raise ValueError(f"{url[:80]!r} is no http or https URL with a host")
    scheme = found[1].lower()
    host, port = _authority(found[2], url)
    return Parts(
        scheme=scheme,
        host=host,
        port="" if port == _DEFAULT_PORTS[scheme] else port,
        path=_without_dots(_escaped(found[3])),
        query=_without_trackers(_escaped(found[4] or "")),
        fragment=_escaped(found[5]) if (found[5] or "").startswith("!") else "",
    )


def _slashes(found: re.Match[str]) -> str:
    return found[0].replace("\\", "/")


def _authority(authority: str, url: str) -> tuple[str, str]:
    if "@" in authority:
        raise ValueError(f"{url[:80]!r} carries a user name; leave it out")
    host, port = _PORT.sub("", authority), ""
    if found := _PORT.search(authority):
        port = found[1].lstrip("0")
        if found[1] and not (0 < len(port) < 6 and int(port) < 65536):
            raise ValueError(f"{url[:80]!r}: no such port")
    try:
        return _host(host), port
    except ValueError as error:  # idna.IDNAError is one
        raise ValueError(f"{url[:80]!r}: the host is no name or address: {error}") from error


def _host(host: str) -> str:
    if host.startswith("[") and host.endswith("]") and "%" not in host:
        return f"[{IPv6Address(host[1:-1]).compressed}]"
    name = unquote(host, errors="strict").lower()
    if not name.isascii():
        labels = idna.uts46_remap(name, std3_rules=False, transitional=False).split(".")
        name = ".".join(label if label.isascii() else idna.alabel(label).decode() for label in labels)
    name = name.removesuffix(".")
    if len(name) > 253 or not _HOST.fullmatch(name):
        raise ValueError(repr(name[:80]))
    return name


def _escaped(text: str) -> str:
    """Escapes spelt in one way: unreserved characters bare, hex in upper case, everything illegal escaped."""
    return _ESCAPE.sub(_one_escape, text)


def _one_escape(found: re.Match[str]) -> str:
    code = found[1]
    if code is None:
        return "".join(f"%{byte:02X}" for byte in found[0].encode())
    character = chr(int(code, 16))
    return character if _UNRESERVED.match(character) else f"%{code.upper()}"


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4, for a path that begins at the root."""
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _without_trackers(query: str) -> str:
    pieces = query.split("&")
    return "&".join(piece for piece in pieces if piece.partition("=")[0].lower() not in TRACKERS)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    if host.startswith("[") or host.replace(".", "").isdigit():
        return host
    return _suffixes().privatesuffix(host) or host
