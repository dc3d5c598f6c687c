"""One topic's files of two machines: one topic where both judge alike, whatever each asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from archive.merging.origin import OriginError
from archive.merging.rules import named
from crawler.definition import listed, quoted
from pipelines.topic import Source, Term, Topic, TopicError, parse_topic

Said = tuple[str, str]  # title and definition

MEND = "give both the same file, and let each judge by it: `dossier --data DIR rescore {name}`; then merge"


def agreed(name: str, mine: Said, theirs: Said) -> Said:
    """Title and definition of a topic that two archives follow; OriginError where they judge by different rules.

    Where the files differ in what they ask only, or in how they are written, the definition has what both ask.
    """
    if mine == theirs or not theirs[1]:
        return mine if mine[1] or mine[0] else theirs
    if not mine[1]:
        return theirs
    try:
        one, other = (parse_topic(text, f"{name}.toml") for _, text in (mine, theirs))
    except TopicError as error:
        raise OriginError(f"the topic {name} cannot be read in one of the archives: {error}") from error
    if mine[1] == theirs[1]:
        return named(mine[0], theirs[0]), mine[1]
    if differ := [what for what, value in judged(one).items() if value != judged(other)[what]]:
        mend = MEND.format(name=name)
        raise OriginError(f"the topic {name} is another one in each archive ({', '.join(differ)} differ); {mend}")
    both = joined(one, other)
    return both.title, both.definition


def judged(topic: Topic) -> dict[str, object]:
    """All of a topic by which articles are judged."""
    return {
        "terms": {term.text: term.weight for term in topic.terms},
        "never": set(topic.never),
        "language": topic.language,
        "window": (topic.since, topic.until),
        "thresholds": (topic.keep, topic.review),
    }


def joined(one: Topic, other: Topic) -> Topic:
    """A topic that asks what two ask that judge alike, with its definition written anew: the same in any order."""
    asked: dict[tuple[str, str], Source] = {}
    for source in (*one.sources, *other.sources):
        key = (source.channel, source.url)
        asked[key] = both(asked[key], source) if key in asked else source
    topic = replace(
        one,
        title=named(one.title, other.title),
        seeds=united(one.seeds, other.seeds),
        queries=united(one.queries, other.queries),
        never=united(one.never, other.never),
        ports=tuple(sorted({*one.ports, *other.ports})),
        preserve=min(one.preserve, other.preserve),
        terms=tuple(sorted(one.terms, key=lambda term: term.text)),
        sources=tuple(asked[key] for key in sorted(asked)),
    )
    text = written(topic)
    found = parse_topic(text, topic.file)
    if replace(found, definition="") != replace(topic, definition=""):
        raise OriginError(f"the topic {topic.name} cannot be written so that it asks what both archives ask")
    return found


def both(one: Source, other: Source) -> Source:
    """One place that two topics ask."""
    only = tuple(sorted({*one.only, *other.only})) if one.only and other.only else ()
    return Source(
        channel=one.channel, url=one.url, outlet=named(one.outlet, other.outlet),
        verified=one.verified or other.verified, only=only,
    )  # fmt: skip


def united(some: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """What stands in one list or the other: in its order where they are one, else in order of the alphabet."""
    return tuple(some) if some == others else tuple(sorted({*some, *others}))


def written(topic: Topic) -> str:
    """The text of a topic's file; equal topics are equal texts."""
    lines = ["# Joined from the topics of several archives: docs/topics.md explains every key.", ""]
    lines += [f"title = {quoted(topic.title)}", f"language = {quoted(topic.language)}"]
    lines += [f"preserve = {quoted(topic.preserve)}", f"ports = {list(topic.ports)}"]
    for key, values in (("seeds", topic.seeds), ("queries", topic.queries), ("never", topic.never)):
        lines.append(f"{key} = [\n{listed(map(quoted, values))}]")
    lines += [f"sources = [\n{listed(map(_source, topic.sources))}]", "", "[window]"]
    lines += [f"{key} = {day}" for key, day in (("since", topic.since), ("until", topic.until)) if day]
    lines += ["", "[thresholds]", f"keep = {topic.keep!r}", f"review = {topic.review!r}", "", "[terms]"]
    return "\n".join([*lines, *_terms(topic.terms)]) + "\n"


def _source(source: Source) -> str:
    only = f", only = [{', '.join(map(quoted, source.only))}]" if source.only else ""
    address = f", url = {quoted(source.url)}" if source.url else ""
    outlet = f", outlet = {quoted(source.outlet)}" if source.outlet else ""
    verified = ", verified = true" if source.verified else ""
    return f"{{ channel = {quoted(source.channel)}{address}{outlet}{verified}{only} }}"


def _terms(terms: Iterable[Term]) -> Iterable[str]:
    return (f"{quoted(term.text)} = {term.weight!r}" for term in terms)
