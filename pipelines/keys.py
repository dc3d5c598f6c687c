"""The keys of a topic file: what each may hold, and how it is read."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple, get_args
from urllib.parse import urlsplit

from pipelines.fields import Fields, shown
from pipelines.words import words_of

Channel = Literal[
    "feeds", "sitemaps", "sections", "gdelt", "gal", "google_news", "bing_news", "wayback", "ccnews", "outlinks"
]
CHANNELS: tuple[str, ...] = get_args(Channel)
ADDRESSED = ("feeds", "sitemaps", "sections")
"""Channels whose sources each have an address of their own; the others know where to ask."""

KEYS = (
    "title", "language", "seeds", "window", "thresholds", "queries", "never", "preserve", "ports", "sources", "terms",
)  # fmt: skip
SOURCE_KEYS = ("channel", "url", "outlet", "verified", "only")
WINDOW_KEYS = ("since", "until")
THRESHOLD_KEYS = ("keep", "review")

KEEP, REVIEW = 0.5, 0.3
"""The thresholds of a topic that names none."""
PORTS = (80, 443)

MOST_TERMS = 2000
MOST_SEEDS = 1000
LONGEST_TERM = 12
"""Words of the longest phrase."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class Listed(NamedTuple):
    """One source as the file lists it."""

    channel: str
    url: str
    outlet: str
    verified: bool
    only: tuple[str, ...]


def window(fields: Fields) -> tuple[date | None, date | None]:
    """The first and the last day of the topic; None is open."""
    fields.only(WINDOW_KEYS)
    since, until = fields.day("since"), fields.day("until")
    if since and until and since > until:
        raise fields.fault("since", f"is {since}, after until ({until})", "put the earlier day in since")
    return since, until


def thresholds(fields: Fields) -> tuple[float, float]:
    """From which score an article is kept, and from which it is for review."""
    fields.only(THRESHOLD_KEYS)
    keep = fields.number("keep", KEEP, low=0, high=1)
    review = fields.number("review", min(REVIEW, keep), low=0, high=1)
    if review > keep:
        raise fields.fault("review", f"is {review:g}, above keep ({keep:g})", "give a number up to keep")
    return keep, review


def language(fields: Fields) -> str:
    """The language of the seeds and the terms, as a code."""
    code = fields.text("language", "en")
    if not _LANGUAGE.fullmatch(code):
        raise fields.fault("language", f"is {shown(code)}", "give a language code such as en, ps or pt-BR")
    return code


def terms(fields: Fields, keep: float) -> tuple[tuple[str, float], ...]:
    """Each term, casefolded, with its weight. Only a topic that keeps everything can do without."""
    table = fields.table("terms")
    if not table.values and keep > 0:
        raise fields.fault("terms", "is missing", 'give [terms] with lines such as "peace talks" = 3, or keep = 0')
    if len(table.values) > MOST_TERMS:
        raise fields.fault("terms", f"has {len(table.values)} entries", f"keep at most {MOST_TERMS}")
    seen: dict[tuple[str, ...], str] = {}
    for key in table.values:
        words = _phrase(table, key)
        if words in seen:
            raise table.fault(key, f"is the same as {shown(seen[words])}", "keep one of the two")
        seen[words] = key
    return tuple((key.casefold().strip(), _weight(table, key)) for key in table.values)


def _weight(table: Fields, key: str) -> float:
    if isinstance(table.values[key], dict):
        raise table.fault(key, "is a table", 'put phrases with dots in quotes: "u.s. troops" = 2')
    return table.number(key, 1, low=0, high=10)


def _phrase(fields: Fields, phrase: str) -> tuple[str, ...]:
    words = tuple(words_of(phrase[:500]))
    if not words or len(words) > LONGEST_TERM or len(phrase) > 200 or not phrase.isprintable():
        raise fields.fault(phrase, "is no phrase", f"give 1 to {LONGEST_TERM} words of letters or digits")
    return words


def never(fields: Fields) -> tuple[str, ...]:
    """Phrases that keep an article out, casefolded."""
    phrases = fields.texts("never")
    for phrase in phrases:
        _phrase(Fields(file=fields.file, values={}, at="never"), phrase)
    return tuple(phrase.casefold() for phrase in phrases)


def seeds(fields: Fields) -> tuple[str, ...]:
    """The articles that the terms were learnt from, addresses or names of files, each once."""
    named = fields.texts("seeds", longest=2048, most=MOST_SEEDS)
    for at, seed in enumerate(named, 1):
        if "@" in seed.partition("://")[2].partition("/")[0]:
            raise fields.fault(f"seeds[{at}]", "holds a user name or password", "give the address without it")
    return tuple(dict.fromkeys(named))


def sources(fields: Fields) -> tuple[Listed, ...]:
    """Where to look for links, each place once."""
    listed: dict[tuple[str, str], Listed] = {}
    for table in fields.tables("sources"):
        source = _source(table)
        if source[:2] in listed:
            raise table.fault("url", f"is listed twice for {source.channel}: {shown(source.url)}", "take one out")
        listed[source[:2]] = source
    return tuple(listed.values())


def _source(table: Fields) -> Listed:
    table.only(SOURCE_KEYS)
    channel = table.text("channel")
    if channel not in CHANNELS:
        raise table.fault("channel", f"is {shown(channel)}", f"give one of {', '.join(CHANNELS)}")
    only = tuple(name.strip().lower() for name in table.texts("only", longest=253))
    return Listed(channel, _url(table, channel), table.text("outlet"), table.flag("verified"), only)


def _url(table: Fields, channel: str) -> str:
    url = table.text("url", longest=2048)
    if not url and channel not in ADDRESSED:
        return url
    mend = "give a whole address, such as https://example.com/feed.xml"
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise table.fault("url", f"is {shown(url)}, which is no address", mend) from error
    if not is_good or " " in url or "\\" in url:
        raise table.fault("url", f"is {shown(url)}, which is no http or https address", mend)
    if "@" in parts.netloc:
        raise table.fault("url", "holds a user name or password", "give the address without it")
    return url


def ports(fields: Fields) -> tuple[int, ...]:
    """The ports that may be asked, each once."""
    value = fields.values.get("ports", list(PORTS))
    if not isinstance(value, list) or not 0 < len(value) <= 100 or not all(_is_port(port) for port in value):
        raise fields.fault("ports", f"is {shown(value)}", "give a list of ports from 1 to 65535, such as [80, 443]")
    return tuple(dict.fromkeys(value))


def _is_port(port: object) -> bool:
    return isinstance(port, int) and not isinstance(port, bool) and 1 <= port <= 65535


def preserve(fields: Fields) -> Literal["kept", "all"]:
    """Whether the bytes of kept pages go into WARC files, or of all pages."""
    value = fields.text("preserve", "kept")
    if value == "kept":
        return "kept"
    if value == "all":
        return "all"
    raise fields.fault("preserve", f"is {shown(value)}", 'give "kept" or "all"')
