"""How an article is cited: as a sentence, for BibTeX, and for programs that read RIS.

All that a citation says comes from the web, so nothing of it can end a field, a line or an entry.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from archive.queries import Row

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
LONGEST = 2_000  # characters of one field

_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,4}")
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
}  # fmt: skip
_URL = "!#$&'()*+,-./:;=?@[]_~%"  # what stays as it is in an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What is said of an article: each field on one line, empty where it is not known.

    `date` and `seen` are days, `2019-03-12`; `digest` is that of the bytes that were fetched.
    """

    number: int
    title: str
    authors: tuple[str, ...]
    outlet: str
    domain: str
    date: str
    url: str
    seen: str
    digest: str = ""
    language: str = ""

    @property
    def key(self) -> str:
        """By which a document names it: outlet, year, first long word of the headline."""
        words = re.findall(r"[a-z0-9]+", _plain(self.title))
        word = next((word for word in words if len(word) > 3), words[0] if words else "article")
        outlet = "".join(re.findall(r"[a-z0-9]+", _plain(self.domain.split(".")[0]))) or "outlet"
        return f"{outlet[:40]}{self.date[:4] or 'nd'}{word[:40]}"


def citation_of(article: Row, digest: str = "") -> Citation:
    """What is said of a row of `articles` with its `outlet` and `outlet_name`."""
    outlet = one_line(article["outlet_name"]) or one_line(article["outlet"])
    return Citation(
        number=article["id"],
        title=one_line(article["title"]) or "(no title)",
        authors=tuple(filter(None, map(one_line, authors_of(article["byline"])))),
        outlet=outlet,
        domain=one_line(article["outlet"]),
        date=_day(article["published"]),
        url=quote(article["url"][:LONGEST], safe=_URL, errors="replace"),
        seen=_day(article["fetched"]),
        digest=one_line(digest),
        language=one_line(article["language"]),
    )


def authors_of(byline: str) -> list[str]:
    """The names that a byline joins, each by which its own page is found."""
    return list(dict.fromkeys(name for part in byline[:LONGEST].split(",") if (name := part.strip())))


def plain(one: Citation) -> str:
    """The citation as a sentence."""
    names = " and ".join(filter(None, (", ".join(one.authors[:-1]), *one.authors[-1:])))
    said = f"“{one.title}{'' if one.title.endswith(('.', '?', '!', '…')) else '.'}”"
    head = f"{names}{'' if names.endswith('.') else '.'} {said}" if names else said
    return f"{head} {one.outlet}, {spelled(one.date) or 'undated'}. {one.url} (fetched {spelled(one.seen) or 'once'})."


def bibtex(one: Citation, key: str = "") -> str:
    """The citation as an entry of BibTeX, under its own key or another one."""
    year, month, day = one.date.split("-") if one.date else ("", "", "")
    note = f"Kept copy fetched {one.seen}{f', {one.digest}' if one.digest else ''}; article {one.number} of the archive"
    fields = {
        "author": " and ".join(map(_named, one.authors)),
        "title": f"{{{_tex(one.title)}}}",
        "howpublished": _tex(one.outlet),
        "year": year,
        "month": MONTHS[int(month) - 1][:3].lower() if month else "",
        "day": str(int(day)) if day else "",
        "url": one.url,
        "urldate": one.seen,
        "language": _tex(one.language),
        "note": _tex(note),
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields.items() if value]
    return f"@misc{{{key or one.key},\n{''.join(lines)}}}\n"


def ris(one: Citation) -> str:
    """The citation as RIS: one field a line."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris(one)) + "ER  - \r\n"


def _ris(one: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "NEWS"
    for name in one.authors:
        yield "AU", name
    yield "TI", one.title
    yield "T2", one.outlet
    if one.date:
        yield "PY", one.date[:4]
        yield "DA", one.date.replace("-", "/")
    if one.language:
        yield "LA", one.language
    yield "UR", one.url
    if one.seen:
        yield "Y2", one.seen.replace("-", "/")
    yield "N1", f"Article {one.number} of the archive{f', {one.digest}' if one.digest else ''}"


def spelled(date: str) -> str:
    """`12 March 2019` of `2019-03-12`; empty of what is no day."""
    found = _DATE.match(date)
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}" if found else ""


def one_line(text: str | None) -> str:
    """Hostile text on one line: no control character, no line end, nothing that turns a line around."""
    kept = "".join(" " if _is_unfit(char) else char for char in (text or "")[:LONGEST])
    return " ".join(kept.split())


def printable(text: str) -> str:
    """Hostile text of several lines, without what a terminal or a reader could be fooled by."""
    return text.translate({ord(char): None for char in set(text) - {"\n", "\t"} if _is_unfit(char)})


def _is_unfit(char: str) -> bool:
    is_turn = "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
    return is_turn or unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}


def _day(text: str | None) -> str:
    found = _DATE.match(text or "")
    return found[0] if found else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)


def _named(name: str) -> str:
    """An author for BibTeX, in braces where it would be taken apart as no name is."""
    is_name = _NAME.fullmatch(name) and " and " not in f" {name.lower()} "
    return _tex(name) if is_name else f"{{{_tex(name)}}}"
