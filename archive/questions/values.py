"""What the value of a filter means: domains, codes, names and dates, however they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial

import idna

KINDS = ("article", "live blog", "video", "gallery", "list")
VERDICTS = ("keep", "review", "drop")
MAX_VALUE = 300  # characters

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_DATE = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?")
_SPELLED = re.compile(r"(?:([0-9]{1,2})\.? )?([a-z]{3,9})\.? ([0-9]{4})")  # 12 February 2019
_AMERICAN = re.compile(r"([a-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})")  # February 12, 2019
_AROUND = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?|[/?#].*", re.DOTALL)
_DOMAIN = re.compile(r"(?=.*[^\W_])[\w.:\[\]-]+")
# Of `www.gov.uk` the domain is not `gov.uk`: nobody can publish there.
_WWW = re.compile(r"www\.(?=[^.]+\.)(?!(?:ac|co|com|edu|gob|gouv|gov|govt|net|or|org)\.[a-z]{2}$)")


class UnclearValueError(ValueError):
    """A value that cannot be understood; the message says what it is not, and how to write it."""


def outlet(value: str) -> str:
    """A domain, of which no scheme, `www.`, path or capital is left."""
    domain = _WWW.sub("", _AROUND.sub("", value.lower()).rstrip("."), count=1)
    if not _DOMAIN.fullmatch(domain):
        raise UnclearValueError("that is no domain. Write the outlet's address, as in outlet:wire.example")
    if not domain.isascii():
        try:
            return idna.encode(domain, uts46=True).decode()
        except idna.IDNAError as error:
            raise UnclearValueError(
                "that is no domain. Write the outlet's address, as in outlet:wire.example"
            ) from error
    return domain


def language(value: str) -> str:
    """A language tag, its region in capitals: `en-GB`."""
    tag = value.lower().replace("_", "-")
    if not _LANGUAGE.fullmatch(tag):
        raise UnclearValueError("that is no language code. Write for example lang:en, lang:fa or lang:en-GB")
    first, *rest = tag.split("-")
    return "-".join([first, *(part.upper() if len(part) == 2 else part for part in rest)])


def month(value: str) -> str:
    """`2019-02`."""
    found = _MONTH.fullmatch(value)
    if not found or not 1 <= int(found[2]) <= 12:
        raise UnclearValueError(
            "that is no month. Write for example month:2019-02, or since:2019 until:2019 for a year"
        )
    return f"{found[1]}-{int(found[2]):02}"


def one_of(field: str, known: tuple[str, ...], value: str) -> str:
    """One of a few values, its hyphens and underscores read as spaces."""
    name = " ".join(re.split(r"[\s_-]+", value.lower()))
    if name not in known:
        names = [f'"{one}"' if " " in one else one for one in known]
        raise UnclearValueError(f"a {field} is {', '.join(names[:-1])} or {names[-1]}")
    return name


def day(field: str, value: str) -> str:
    """`2019`, `2019-02` or `2019-02-12`, as exactly as it was said."""
    numbers = _numbers(value.lower())
    said = "-".join(f"{number:0{width}}" for number, width in zip(numbers, (4, 2, 2), strict=False))
    try:
        after(said)
    except ValueError as error:
        mend = f"Write for example {field}:2019, {field}:2019-02 or {field}:2019-02-12"
        raise UnclearValueError(f"that is no date. {mend}") from error
    return said


def _numbers(value: str) -> list[int]:
    """Year, month and day, as far as they are said; none where it is no date."""
    if found := _DATE.fullmatch(value):
        return [int(number) for number in found.groups() if number]
    if found := _SPELLED.fullmatch(value):
        number, name, year = found.groups()
    elif found := _AMERICAN.fullmatch(value):
        name, number, year = found.groups()
    else:
        return []
    place = next((place for place, full in enumerate(_MONTHS, 1) if full.startswith(name)), 0)
    return [int(year), place, int(number)] if number else [int(year), place]


def first(said: str) -> str:
    """The moment at which a year, month or day begins."""
    return f"{_first(said).isoformat()}T00:00:00Z"


def after(said: str) -> str:
    """The moment at which the next year, month or day begins."""
    begins = _first(said)
    if len(said) == 10:
        ends = begins + timedelta(days=1)
    elif len(said) == 7:
        ends = (begins + timedelta(days=31)).replace(day=1)
    else:
        ends = begins.replace(year=begins.year + 1)
    return f"{ends.isoformat()}T00:00:00Z"


def _first(said: str) -> date:
    begins = date.fromisoformat(f"{said}-01-01"[:10])
    if not 1000 <= begins.year <= 9998:
        raise ValueError("no year of a newspaper")
    return begins


_MEANINGS: Mapping[str, Callable[[str], str]] = {
    "outlet": outlet,
    "language": language,
    "month": month,
    "topic": str.lower,
    "kind": partial(one_of, "kind", KINDS),
    "verdict": partial(one_of, "verdict", VERDICTS),
    "since": partial(day, "since"),
    "until": partial(day, "until"),
}


def meant(field: str, value: str) -> str:
    """The value as the archive writes it; UnclearValueError where there is no such value."""
    if len(value) > MAX_VALUE:
        raise UnclearValueError(f"that is too long. Write {MAX_VALUE} characters at most")
    return _MEANINGS[field](value) if field in _MEANINGS else value
