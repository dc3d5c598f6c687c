"""The text of a new topic file: every key in place, with a word on what it does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.topic import KEEP, PORTS, REVIEW, Source
from pipelines.vocabulary import Kind, Learnt

GROUPS: tuple[tuple[Kind, str], ...] = (
    ("asked", "Asked for."),
    ("name", "Names: people, places, organisations."),
    ("phrase", "Phrases. A phrase counts beside the words in it."),
    ("word", "Words."),
)

PAGE = """\
# {title}
#
# Made by `dossier new {name}` on {made}, and meant for hand edits: docs/topics.md explains every key.
# `dossier crawl {name}` reads this file anew each time.

title = {quoted_title}
language = {language}

# The articles that its terms were learnt from; `dossier learn` adds those that you confirm. Nothing is judged by them.
seeds = [
{seeds}]

# What to ask search services, the most telling first.
queries = [
{queries}]

# Words or phrases that never belong, whatever else an article says.
never = []
{ports}
# Where to look for links: feeds, sitemaps, sections; or a front page, whose feeds and sitemaps are then found.
# `dossier sources check` asks each and says how it answered. Services know where to ask; take out those that you do not
# want to be asked. docs/channels.md says what each can know, and what it costs.
sources = [
{sources}    # Not documented by those who run them: read of their terms in docs/channels.md before you switch them on.
    # {{ channel = "google_news" }},
    # {{ channel = "bing_news" }},
]

# Articles published outside of these days are left out; a missing end is open.
[window]
{window}
# From 0 to 1: at `keep` and above an article belongs to the topic, at `review` and above it may.
[thresholds]
keep = {keep:g}
review = {review:g}

# What tells the topic, with weights from 0 (off) to 10. Only their proportions count: twice the weight counts twice.
[terms]
{terms}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that a new topic file says."""

    name: str
    title: str
    language: str
    seeds: Sequence[str]
    since: date | None
    until: date | None
    queries: Sequence[str]
    ports: Sequence[int]
    sources: Sequence[Source]
    terms: Sequence[Learnt]
    made: date


def definition(draft: Draft) -> str:
    """The text of the topic's file."""
    title = printable(draft.title) or draft.name
    return PAGE.format(
        title=title,
        quoted_title=quoted(title),
        name=draft.name,
        made=draft.made,
        language=quoted(draft.language),
        seeds=listed(quoted(text) for seed in draft.seeds if (text := printable(seed, 2048))),
        queries=listed(quoted(printable(query)) for query in draft.queries),
        ports=_ports(draft.ports),
        sources=listed(_source(source) for source in draft.sources),
        window=_window(draft),
        keep=KEEP,
        review=REVIEW,
        terms="\n".join(_groups(draft.terms)),
    )


def quoted(text: str) -> str:
    """A text as TOML writes it; it must be printable, where TOML's strings are those of JSON."""
    is_plain = text.isprintable() and "'" not in text
    return f"'{text}'" if '"' in text and is_plain else json.dumps(text, ensure_ascii=False)


def printable(text: str, longest: int = 200) -> str:
    """One line of a text without control characters, cut to a length for a heading."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text[: longest * 4]).split())[
        :longest
    ].strip()


def listed(values: Iterable[str]) -> str:
    """The lines of a TOML list, one a value."""
    return "".join(f"    {value},\n" for value in values)


def _source(source: Source) -> str:
    if not source.url:
        return f"{{ channel = {quoted(source.channel)} }}"
    outlet = f", outlet = {quoted(source.outlet)}" if source.outlet else ""
    verified = str(source.verified).lower()
    return f"{{ channel = {quoted(source.channel)}, url = {quoted(source.url)}{outlet}, verified = {verified} }}"


def _ports(ports: Sequence[int]) -> str:
    return "" if tuple(ports) == PORTS else f"\n# The ports that may be asked.\nports = {list(ports)}\n"


def _window(draft: Draft) -> str:
    since = f"since = {draft.since}" if draft.since else "# since = 2019-01-01"
    until = f"until = {draft.until}" if draft.until else "# until = 2019-12-31"
    return f"{since}\n{until}\n"


def _groups(terms: Sequence[Learnt]) -> Iterable[str]:
    for kind, heading in GROUPS:
        group = [term for term in terms if term.kind == kind]
        if group:
            yield f"# {heading}"
            yield from (f"{quoted(term.text)} = {term.weight:g}" for term in group)
            yield ""
