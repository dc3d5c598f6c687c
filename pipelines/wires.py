"""Which news agency a text is credited to: in its byline, its dateline or its last lines.

A text that only mentions an agency ("told Reuters") is not credited to it, and one to which an agency contributed is
still the outlet's own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

TOP, TAIL = 3, 4  # lines in which a credit has its place
LONGEST_BYLINE = 120
LONGEST_DATELINE = 60  # characters before the name
LONGEST_TAIL = 500
MOST_AUTHORS = 20

_AGENCIES = tomllib.loads(files("pipelines").joinpath("agencies.toml").read_text(encoding="utf-8"))


def _spellings(kind: str) -> dict[str, str]:
    """The short name by every way in which names of that kind are written."""
    named = {name: short for short, agency in _AGENCIES.items() for name in agency.get(kind, ())}
    return {written: short for name, short in named.items() for written in (name, name.upper())}


_NAMED = _spellings("names")
_MARKED = _NAMED | _spellings("marked")
_DOMAINS = {domain: short for short, agency in _AGENCIES.items() for domain in agency["domains"]}


def _any_of(names: dict[str, str]) -> str:
    """A group that matches any of these names, the longest that fits."""
    return f"(?P<name>{'|'.join(re.escape(name) for name in sorted(names, key=len, reverse=True))})"


_NAME, _MARKED_NAME = _any_of(_NAMED), _any_of(_MARKED)
_THE = "(?:[Tt]he |THE )?"

_DATELINES = (
    # As in: KABUL (AP) — The …; Berlin (dpa/tmn) - Die …; (CNN) A …; NEW DELHI, Jan 28 (PTI) The …
    re.compile(
        rf"(?P<place>[^\n()]{{0,{LONGEST_DATELINE}}})\({_THE}{_MARKED_NAME}(?:/\w{{1,20}}){{0,3}}\)(?P<after>.{{0,3}})"
    ),
    re.compile(rf"(?P<place>[^\n/]{{0,{LONGEST_DATELINE}}})/{_MARKED_NAME}/(?P<after>.{{0,3}})"),  # "MOSCOW, … /TASS/."
    re.compile(rf"(?P<place>){_NAME}(?P<after>\s?[-–—]{{1,2}}\s)"),  # "Reuters - "
)
_LEADING = re.compile("新华社|【?共同")  # written together with the place: 新华社北京1月28日电
_DASH = re.compile(r"\s?(?:[-–—:]|\.\s?[-–—])")
_PART_OF_PLACE = r"(?:[^\W\d_][\w'’]{0,30}|\d{1,4})"
_PLACE = re.compile(rf"{_PART_OF_PLACE}(?:[\s,.:/–—-]{{1,3}}{_PART_OF_PLACE}){{0,11}}\W{{0,3}}")
_SMALL = frozenset(["de", "del", "di", "do", "la", "le", "el", "al", "den", "der", "am", "of", "the", "and"])

_PART = r"[^,|/()•·!?\n]{2,60}(?:,|\||/|\(|•|·| [-–—]| of| for)\s{0,3}"
_TITLE = r"(?:\s(?:[Ss]taff|[Ww]riters?|[Rr]eporters?|[Cc]orrespondent|[Nn]ews [Aa]gency|[Ww]ire))"
_BYLINE = re.compile(
    rf"(?:(?:By|BY|Von|Por|Par|Di|Av|From|Source|Agency|Quelle|Fuente|Fonte)[:\s]{{1,3}})?(?:{_PART}){{0,2}}"
    rf"{_THE}{_NAME}{_TITLE}{{0,3}}\)?\.?"
)
_SIGNED = re.compile(
    rf"(?:By|BY|Von|Por|Par) [^\W\d_][^,|/()!?\d\n]{{2,60}} {_THE}{_NAME}(?: (?:Staff|Writers?|Reporters?))?"
)  # "By JANE DOE Associated Press Writer"

_TAILS = (
    re.compile(rf"[\W_]{{0,4}}{_THE}{_NAME}\W{{0,4}}$"),
    re.compile(rf"(?:©|\([Cc]\)|Copyright|COPYRIGHT)[^A-Za-z\n]{{0,20}}(?:by )?{_THE}{_NAME}\b"),
    re.compile(
        r"(?:[Rr]eporting|[Rr]eport|[Ss]tory) by " + rf"{_THE}{_NAME}\W{{0,3}}$"  # nobody else is named
    ),
    re.compile(
        r".{0,80}\b(?:[Aa]rrangement with|(?:[Dd]istribut|[Pp]rovid)ed by|[Cc]ourtesy of|[Ss]ource|[Aa]gency|[Qq]uelle"
        rf"|[Ff]uente|[Ff]onte|[Ии]сточник)[:\s]{{1,3}}{_THE}{_NAME}\W{{0,3}}$"
    ),
    re.compile(rf"Our Standards: The {_NAME} Trust Principles\b"),
)
# At the end of a paragraph: … he said. (ANI), or … he said. — AFP
_CLOSING = re.compile(rf"[.!?\"”’»]\s{{1,2}}(?:\({_MARKED_NAME}\)|[-–—]{{1,2}}\s?(?P<other>{_NAME[8:]})\W{{0,2}}$")
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
        yield from _in_byline(line)
    for author in authors[:MOST_AUTHORS]:
        yield from _in_byline(author)
    for line in reversed(lines[-TAIL:]):
        yield from _in_tail(line)


def _in_dateline(line: str) -> Iterator[str]:
    for pattern in _DATELINES:
        match = pattern.match(line)
        if match and _is_dateline(match["place"].strip(), match["name"], match["after"]):
            yield _MARKED[match["name"]]
    if match := _LEADING.match(line):
        yield "Kyodo" if "共同" in match[0] else "Xinhua"


def _is_dateline(place: str, name: str, after: str) -> bool:
    """Whether what stands before a name is a place and perhaps a day, and not the words that the name is short for."""
    if not place:
        return True
    words = re.findall(r"\w+", place)
    if "".join(word[0] for word in words).upper().endswith(name.upper()):
        return False
    is_dated = any(word.isdigit() for word in words)
    if not (is_dated or _DASH.match(after)) or not _PLACE.fullmatch(place):
        return False
    small = [word for word in words if word.islower() and word not in _SMALL]
    return len(small) <= is_dated  # the month, in languages that write it small


def _in_byline(line: str) -> Iterator[str]:
    if len(line) <= LONGEST_BYLINE and (match := _BYLINE.fullmatch(line) or _SIGNED.fullmatch(line)):
        yield _NAMED[match["name"]]


def _in_tail(line: str) -> Iterator[str]:
    end = line[-LONGEST_TAIL:]
    if len(line) <= LONGEST_TAIL:
        yield from (_NAMED[match["name"]] for pattern in _TAILS if (match := pattern.match(line)))
        if _REUTERS.match(line):
            yield "Reuters"
    if match := _CLOSING.search(end):
        yield _MARKED[match["name"] or match["other"]]


def _own(host: str) -> str:
    """The agency whose site a host is, empty for none."""
    labels = host.casefold().split(".")[-6:]
    return next((_DOMAINS[name] for place in range(len(labels)) if (name := ".".join(labels[place:])) in _DOMAINS), "")
