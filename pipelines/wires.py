"""Which news agency a text is credited to: in its byline, its dateline or its last lines.

A text that only mentions an agency ("told Reuters") is not credited to it, and one to which an agency contributed is
still the outlet's own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

TOP, TAIL = 3, 4  # lines in which a credit has its place
LONGEST_BYLINE = 120
LONGEST_DATELINE = 60  # characters before the name
LONGEST_TAIL = 500
LONGEST_CLOSING = 60
MOST_AUTHORS = 20

_AGENCIES = tomllib.loads(files("pipelines").joinpath("agencies.toml").read_text(encoding="utf-8"))


def _spellings(kind: str) -> dict[str, str]:
    """The short name by every way in which names of that kind are written."""
    named = {name: short for short, agency in _AGENCIES.items() for name in agency.get(kind, ())}
    return {written: short for name, short in named.items() for written in (name, name.upper())}


_NAMED = _spellings("names")
_MARKED = _NAMED | _spellings("marked")
_SHORT = {name: short for name, short in _NAMED.items() if name.isupper() and name.isascii() and len(name) < 6}
_DOMAINS = {domain: short for short, agency in _AGENCIES.items() for domain in agency["domains"]}


def _any_of(names: Iterable[str], group: str = "name") -> str:
    """A group that matches any of these names, the longest that fits."""
    return f"(?P<{group}>{'|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True))})"


_NAME, _MARKED_NAME, _SHORT_NAME = _any_of(_NAMED), _any_of(_MARKED), _any_of(_SHORT)
_SECOND = _any_of(_NAMED, "second")
_THE = "(?:[Tt]he |THE )?"
_DESK = r"(?:/(?:[a-z]{2,4}\b|" + "|".join(map(re.escape, _SHORT)) + ")){0,3}"  # dpa/lno, APA/sda/dpa

_DATELINES = (
    # As in: KABUL (AP) — The …; Berlin (dpa/tmn) - Die …; (CNN) A …; NEW DELHI, Jan 28 (PTI) The …
    re.compile(
        rf"(?P<place>[^\n()]{{0,{LONGEST_DATELINE}}})\({_THE}{_MARKED_NAME}(?:/\w{{1,20}}){{0,3}}\)(?P<after>.{{0,3}})"
    ),
    re.compile(rf"(?P<place>[^\n/]{{0,{LONGEST_DATELINE}}})/{_MARKED_NAME}/(?P<after>.{{0,3}})"),  # "MOSCOW, … /TASS/."
    re.compile(rf"(?P<place>){_NAME}(?P<after>\s?[-–—]{{1,2}}\s)(?!\W{{0,2}}[a-zà-ÿа-я])"),  # "Reuters - "
    # МОСКВА, 28 янв — РИА Новости. …
    re.compile(rf"(?P<place>[^\n()\d]{{1,40}}\d[^\n()]{{0,20}}?)[.–—-] {_NAME}(?P<after>(?:\.|\s?[-–—]{{1,2}})\s)"),
)
_BRACKETS = (
    re.compile(rf"【[^】\n]{{0,20}}?{_MARKED_NAME}】"),  # 【ワシントン共同】
    re.compile(rf"\[[^\]\n]{{0,20}}?\b{_NAME}\] ?[-–—]"),
    re.compile(rf"\(\w{{1,12}}={_NAME}\)"),  # (서울=연합뉴스)
    re.compile(rf"[（(]?{_NAME}[^\s，。、,]{{0,24}}[电電]"),  # written together with the place: 新华社北京1月28日电
)
_DASH = re.compile(r"\s?(?:[-–—:]|\.\s?[-–—])")
_SIGNS = "'’\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0966-\u0e7f"  # part of a word, though no letters to `re`
_PART_OF_PLACE = rf"(?:[^\W\d_][\w{_SIGNS}]{{0,30}}|\d{{1,4}})"
_PLACE = re.compile(rf"{_PART_OF_PLACE}(?:[\s,.:/\[\]–—-]{{1,3}}{_PART_OF_PLACE}){{0,11}}\W{{0,3}}")
_SMALL = frozenset(["de", "del", "di", "do", "la", "le", "el", "al", "den", "der", "am", "of", "the", "and"])
_AGENCY = re.compile("agen[cztj]|ajans|press|prensa|news|агент|وكالة", re.IGNORECASE)
MOST_PLACES = 5  # words of a place with neither day nor dash behind it

_PICTURE = re.compile(
    r"\b(?:photo|foto|image|imagen|imagem|immagine|bild|picture|video|vídeo|graphic|grafik|illustration|getty|screen|credit"
    r"|фото|видео|صورة)|照片|写真|사진",
    re.IGNORECASE,
)
_BY = "(?:By|BY|by|Von|Por|Par|Di|Av|From|Source|Agency|Quelle|Fuente|Fonte)[:\\s]{1,3}"
_PART = r"[^,|/()•·!?\n]{2,60}(?:,|\||(?<![.!?] )\(|•|·| [-–—])\s{0,3}"
_PART_BY = r"[^,|/()•·!?\n]{2,60}(?:,|\||/|\(|•|·| [-–—]| of| for)\s{0,3}"
_TITLE = r"(?:\s(?:[Ss]taff|[Ww]riters?|[Rr]eporters?|[Cc]orrespondent|[Nn]ews [Aa]gency|[Ww]ire))"
_TOWN = r"[^\W\d_a-zà-ÿ][^\W\d_]{1,20}"
_BYLINES = (
    re.compile(rf"(?:{_BY})?{_THE}{_NAME}(?:, ?|/| and | & ){_THE}{_SECOND}"),
    re.compile(rf"(?:(?:{_PART}){{0,2}}|{_BY}(?:{_PART_BY}){{0,2}}){_THE}{_NAME}{_TITLE}{{0,3}}\)?\.?"),
    re.compile(  # By JANE DOE Associated Press Writer
        rf"(?:By|BY|Von|Por|Par) [^\W\d_][^,|/()!?\d\n]{{2,60}}(?<! avec)(?<! with)(?<! mit)(?<! con)(?<! com)"
        rf" {_THE}{_NAME}(?: (?:Staff|Writers?|Reporters?))?"
    ),
    re.compile(rf"{_THE}{_NAME} (?:in|en|à) {_TOWN}(?: {_TOWN}){{0,2}}(?: and agencies)?"),
)
_AUTHORS = (
    re.compile(rf"{_THE}{_NAME}(?:,| \|| [-–—]) {_TOWN}(?: {_TOWN}){{0,2}}"),
    re.compile(rf"{_PART_BY}{_NAME}"),
)

_TAILS = (
    re.compile(rf"[\W_]{{0,4}}{_THE}{_NAME}{_DESK}\W{{0,4}}$"),
    re.compile(
        rf"(?:©|\([Cc]\)|Copyright|COPYRIGHT)[^A-Za-z\n]{{0,20}}(?:by )?{_THE}{_NAME}\b(?!\s?/)"  # not its photographer
    ),
    re.compile(
        r"(?:[Rr]eporting|[Rr]eport|[Ss]tory) by " + rf"{_THE}{_NAME}\W{{0,3}}$"  # nobody else is named
    ),
    re.compile(
        r".{0,80}\b(?:[Aa]rrangement with|(?:[Dd]istribut|[Pp]rovid)ed by|[Cc]ourtesy of|[Ss]ource|[Aa]gency|[Qq]uelle"
        rf"|[Ff]uente|[Ff]onte|[Ии]сточник|المصدر)[:\s]{{1,3}}{_THE}{_NAME}{_DESK}\W{{0,3}}$"
    ),
    re.compile(rf"Our Standards: The {_NAME} Trust Principles\b"),
)
_CLOSINGS = (  # At the end of a paragraph: … he said. (ANI), … he said. — AFP, … they said. PTI
    re.compile(rf"[.!?\"”’»।]\s{{1,2}}\({_MARKED_NAME}\)\W{{0,2}}$"),
    re.compile(rf"[.!?\"”’»]\s{{1,2}}[-–—]{{1,2}}\s?{_NAME}\W{{0,2}}$"),
    re.compile(rf"(?<=\w\w\w)[.!?][\"”’»]?\s{{1,2}}{_SHORT_NAME}$"),
)
_REUTERS = re.compile(r"\(?(?:Additional )?(?:[Rr]eporting|[Ww]riting) by .{1,300}?\b[Ee]diting by ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """The short name of the agency that a text is credited to, empty for none; `is_own` on that agency's own site."""

    agency: str = ""
    is_own: bool = False


def credit_of(lines: Sequence[str], host: str = "", authors: Sequence[str] = ()) -> Credit:
    """Whom a text is credited to.

    `lines` are those of the text before anything is left out of them. What stands on an agency's own site (`host`) is
    the agency's, whether the text says so or not, unless it is credited to another.
    """
    own = _own(host)
    found = next(_credits(lines, authors), own)
    return Credit(agency=found, is_own=bool(found) and found == own)


def _credits(lines: Sequence[str], authors: Sequence[str]) -> Iterator[str]:
    for line in lines[:TOP]:
        yield from _in_dateline(line)
        yield from _in_byline(line, _BYLINES)
    for author in authors[:MOST_AUTHORS]:
        yield from _in_byline(author, _BYLINES + _AUTHORS)
    for line in reversed(lines[-TAIL:]):
        yield from _in_tail(line)


def _in_dateline(line: str) -> Iterator[str]:
    for pattern in _DATELINES:
        match = pattern.match(line)
        if match and _is_dateline(match["place"].strip(), match["name"], match["after"]):
            yield _MARKED[match["name"]]
    yield from (_MARKED[match["name"]] for pattern in _BRACKETS if (match := pattern.match(line)))


def _is_dateline(place: str, name: str, after: str) -> bool:
    """Whether what stands before a name is a place and perhaps a day, and not the words that the name is short for."""
    if not place:
        return True
    words = re.findall(r"\w+", place)
    if "".join(word[0] for word in words).upper().endswith(name.upper()) or _PICTURE.search(place):
        return False
    if not _PLACE.fullmatch(place):
        return False
    is_dated = any(word.isdigit() for word in words)
    small = [word for word in words if word.islower() and word not in _SMALL]
    if is_dated or _DASH.match(after):
        return len(small) <= is_dated  # the month, in languages that write it small
    is_begun = after[:1].isspace() and after.strip()[:1].isupper()  # Washington (CNN) The …
    return is_begun and name in _NAMED and not small and len(words) <= MOST_PLACES and not _AGENCY.search(place)


def _in_byline(line: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[str]:
    if len(line) <= LONGEST_BYLINE:
        found = [match for pattern in patterns if (match := pattern.fullmatch(line))]
        if found and not _PICTURE.search(line):
            yield _NAMED[found[0]["name"]]


def _in_tail(line: str) -> Iterator[str]:
    if len(line) <= LONGEST_TAIL:
        if _REUTERS.match(line):
            yield "Reuters"
        found = [match for pattern in _TAILS if (match := pattern.match(line))]
        if found and not _PICTURE.search(line):
            yield _NAMED[found[0]["name"]]
    end = line[-LONGEST_CLOSING:]
    found = [match for pattern in _CLOSINGS if (match := pattern.search(end))]
    if found and not _PICTURE.search(line[:LONGEST_DATELINE]):
        yield _MARKED[found[0]["name"]]


def _own(host: str) -> str:
    """The agency whose site a host is, empty for none."""
    labels = host.casefold().split(".")[-6:]
    return next((_DOMAINS[name] for place in range(len(labels)) if (name := ".".join(labels[place:])) in _DOMAINS), "")
