"""The topic that a user follows, as its TOML file says it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from pipelines.fields import Fields, TopicError, shown
from pipelines.words import words_of

__all__ = ["Channel", "Source", "Term", "Topic", "TopicError", "find_topic", "load_topic", "parse_topic"]

Channel = Literal[
    "feeds", "sitemaps", "sections", "gdelt", "gal", "google_news", "bing_news", "wayback", "ccnews", "outlinks"
]
CHANNELS: tuple[str, ...] = get_args(Channel)
ADDRESSED = ("feeds", "sitemaps", "sections")
"""Channels whose sources each have an address of their own; the others know where to ask."""

KEYS = (
    "title", "language", "window", "thresholds", "queries", "never", "preserve", "ports", "sources", "terms",
)  # fmt: skip
SOURCE_KEYS = ("channel", "url", "outlet", "verified")
WINDOW_KEYS = ("since", "until")
THRESHOLD_KEYS = ("keep", "review")

KEEP, REVIEW = 0.5, 0.3
"""The thresholds of a topic that names none."""
PORTS = (80, 443)

MOST_BYTES = 1024 * 1024
MOST_TERMS = 2000
LONGEST_TERM = 12
"""Words of the longest phrase."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or phrase of the topic, casefolded, with its weight (0 to 10, 1 is ordinary)."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that a channel asks. `verified` is False until `dossier sources check` has seen it answer."""

    channel: str
    url: str
    outlet: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What the user follows. `file` is where it was read, `definition` the file's text."""

    name: str
    title: str = ""
    language: str = "en"
    terms: tuple[Term, ...] = ()
    never: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    queries: tuple[str, ...] = ()
    keep: float = KEEP
    review: float = REVIEW
    sources: tuple[Source, ...] = ()
    ports: tuple[int, ...] = PORTS
    preserve: Literal["kept", "all"] = "kept"
    file: str = ""
    definition: str = field(default="", repr=False)


def is_topic_name(name: str) -> bool:
    """Whether a name may become NAME.toml: lowercase letters, digits, `-` and `_`, at most 80."""
    return _NAME.fullmatch(name) is not None


def parse_topic(text: str, file: str) -> Topic:
    """The topic that a TOML text describes; `file` names it in errors and gives the topic its name."""
    fields = Fields(file=file, values=_toml(text, file))
    fields.only(KEYS)
    since, until = _window(fields.table("window"))
    keep, review = _thresholds(fields.table("thresholds"))
    return Topic(
        name=Path(file).stem,
        title=fields.text("title"),
        language=_language(fields),
        terms=_terms(fields, keep),
        never=_never(fields),
        since=since,
        until=until,
        queries=fields.texts("queries", longest=500),
        keep=keep,
        review=review,
        sources=_sources(fields),
        ports=_ports(fields),
        preserve=_preserve(fields),
        file=file,
        definition=text,
    )


def load_topic(path: Path) -> Topic:
    """The topic in a file."""
    try:
        with path.open("rb") as stream:
            body = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        fault = getattr(error, "strerror", None) or error
        raise TopicError(f"{path}: cannot be read ({fault}); name a topic file that you may read") from error
    if len(body) > MOST_BYTES:
        raise TopicError(f"{path}: is larger than {MOST_BYTES:,} bytes; a topic is a short file for hand edits")
    try:
        # Windows editors begin a file with a byte order mark.
        return parse_topic(body.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise TopicError(f"{path}: line {line} is not UTF-8; save the file as UTF-8") from error


def find_topic(name_or_path: str, folders: Sequence[Path]) -> Path:
    """The file of a topic: the path if it names a file, else NAME.toml in the first of the folders that has it."""
    if _is_file(Path(name_or_path)):
        return Path(name_or_path)
    name = name_or_path.removesuffix(".toml")
    if is_topic_name(name):
        for folder in folders:
            if _is_file(folder / f"{name}.toml"):
                return folder / f"{name}.toml"
    raise TopicError(_not_found(name, folders))


def _not_found(name: str, folders: Sequence[Path]) -> str:
    there = sorted({path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.toml")})
    near = difflib.get_close_matches(name[:100], there, n=1)
    guess = f"; did you mean {near[0]}?" if near else ""
    places = ", ".join(str(folder) for folder in folders) or "no folder"
    known = f"topics there: {', '.join(there)}" if there else "there is no topic there yet: `dossier new` makes one"
    return f"{shown(name)}: no such topic or file{guess} (looked in {places}; {known})"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long for the system, or with a NUL in it
        return False


def _toml(text: str, file: str) -> dict[str, object]:
    if len(text) > MOST_BYTES:
        raise TopicError(f"{file}: is larger than {MOST_BYTES:,} characters; a topic is a short file for hand edits")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise TopicError(f"{file}: is nested too deeply; a topic has tables of plain values") from error
    except ValueError as error:
        fault = str(error)
        place = "the file"
        if found := _PLACE.fullmatch(fault):
            fault, place = found[1], f"line {found[2]}" if found[2] else "the end of the file"
        raise TopicError(
            f"{file}: {place} is not TOML: {shown(fault)}; mend it (texts and phrases in quotes)"
        ) from error


def _window(fields: Fields) -> tuple[date | None, date | None]:
    fields.only(WINDOW_KEYS)
    since, until = fields.day("since"), fields.day("until")
    if since and until and since > until:
        raise fields.fault("since", f"is {since}, after until ({until})", "put the earlier day in since")
    return since, until


def _thresholds(fields: Fields) -> tuple[float, float]:
    fields.only(THRESHOLD_KEYS)
    keep = fields.number("keep", KEEP, low=0, high=1)
    review = fields.number("review", min(REVIEW, keep), low=0, high=1)
    if review > keep:
        raise fields.fault("review", f"is {review:g}, above keep ({keep:g})", "give a number up to keep")
    return keep, review


def _language(fields: Fields) -> str:
    language = fields.text("language", "en")
    if not _LANGUAGE.fullmatch(language):
        raise fields.fault("language", f"is {shown(language)}", "give a language code such as en, ps or pt-BR")
    return language


def _terms(fields: Fields, keep: float) -> tuple[Term, ...]:
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
    return tuple(Term(text=key.casefold().strip(), weight=_weight(table, key)) for key in table.values)


def _weight(table: Fields, key: str) -> float:
    if isinstance(table.values[key], dict):
        raise table.fault(key, "is a table", 'put phrases with dots in quotes: "u.s. troops" = 2')
    return table.number(key, 1, low=0, high=10)


def _phrase(fields: Fields, phrase: str) -> tuple[str, ...]:
    words = tuple(words_of(phrase[:500]))
    if not words or len(words) > LONGEST_TERM or len(phrase) > 200 or not phrase.isprintable():
        raise fields.fault(phrase, "is no phrase", f"give 1 to {LONGEST_TERM} words of letters or digits")
    return words


def _never(fields: Fields) -> tuple[str, ...]:
    never = fields.texts("never")
    for phrase in never:
        _phrase(Fields(file=fields.file, values={}, at="never"), phrase)
    return tuple(phrase.casefold() for phrase in never)


def _sources(fields: Fields) -> tuple[Source, ...]:
    sources: dict[tuple[str, str], Source] = {}
    for table in fields.tables("sources"):
        source = _source(table)
        if (source.channel, source.url) in sources:
            raise table.fault("url", f"is listed twice for {source.channel}: {shown(source.url)}", "take one out")
        sources[source.channel, source.url] = source
    return tuple(sources.values())


def _source(table: Fields) -> Source:
    table.only(SOURCE_KEYS)
    channel = table.text("channel")
    if channel not in CHANNELS:
        raise table.fault("channel", f"is {shown(channel)}", f"give one of {', '.join(CHANNELS)}")
    return Source(
        channel=channel, url=_url(table, channel), outlet=table.text("outlet"), verified=table.flag("verified")
    )


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


def _ports(fields: Fields) -> tuple[int, ...]:
    ports = fields.values.get("ports", list(PORTS))
    if not isinstance(ports, list) or not ports or len(ports) > 100 or not all(_is_port(port) for port in ports):
        raise fields.fault("ports", f"is {shown(ports)}", "give a list of ports from 1 to 65535, such as [80, 443]")
    return tuple(dict.fromkeys(ports))


def _is_port(port: object) -> bool:
    return isinstance(port, int) and not isinstance(port, bool) and 1 <= port <= 65535


def _preserve(fields: Fields) -> Literal["kept", "all"]:
    value = fields.text("preserve", "kept")
    if value == "kept":
        return "kept"
    if value == "all":
        return "all"
    raise fields.fault("preserve", f"is {shown(value)}", 'give "kept" or "all"')
