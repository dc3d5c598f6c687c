"""Captures of a source, read one after the other by the channel that knows such sources.

One question to the index lists them, and each answer asks for the next, with the list of what is left: the ledger has
it as the place to go on, and calls the window complete when the last capture was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from crawler.channels.ask import Answer, Ask, Channel
from crawler.channels.captures.cdx import Cdx, Row
from crawler.channels.captures.cdx_questions import replay_base
from crawler.channels.captures.places import Place
from crawler.channels.captures.worklist import Due, bounded, entries_of, spread, written
from crawler.channels.past import Open
from crawler.channels.reading.fault import counted
from crawler.channels.reading.window import Window
from crawler.mementos import STAMP, blocked, fault_of_memento, memento_url, page_of_memento
from pipelines.items import Candidate, Page
from pipelines.topic import Source, Topic

CAPTURE = "capture:"
MAX_CHILDREN = 10  # documents that one capture names: the sitemaps of an index, the feeds of a page
MAX_DEPTH = 2


def capture_ask(source: Source, place: Place, part: Open, left: int) -> Ask | None:
    """The question for the first capture of a list; None where the list names none. `left` are for this run."""
    ask = Ask(url="", source=source, kind=CAPTURE + place.source.channel, query=place.query, is_last_word=True)
    ask = replace(ask, since=part.since, until=part.until, trail=(str(left),))
    return _next_ask(ask, place, entries_of(part.resume), left)


def captures_answer(ask: Ask, cdx: Cdx, place: Place) -> Answer:
    """What the index lists of a source: the first capture to read, and the others as the place to go on."""
    if cdx.fault and cdx.fault.status == "failed":
        return Answer(status="failed", reason=cdx.fault.reason)
    listed = [Due(stamp=row.stamp) for row in _changed(cdx.rows, believes_digests=place.kind != "robots")]
    work, beyond = bounded(spread(listed))
    notes = [f"{counted(len(listed), 'capture', 'captures')} to read"] if listed else ["never captured then"]
    if beyond or cdx.resume or cdx.fault:
        notes.append("more captures than are read of one window")
    chained = replace(ask, kind=CAPTURE + place.source.channel)
    return _going_on(chained, place, work, notes, left=_left(ask))


def capture_answer(ask: Ask, page: Page, place: Place, reader: Channel, topic: Topic) -> Answer:
    """The links in a capture, with the nearest capture of each as the way there; and the next capture to read.

    A capture never changes: one that cannot be read is done with. One that the archive did not give goes to the end of
    the list, and the run asks for no other of this source.
    """
    work = entries_of(ask.resume)
    if not work:
        return Answer(status="refused", reason="a capture that no list names")
    if reason := fault_of_memento(page):
        return _not_given(ask, page, place, work, reason)
    served = page_of_memento(page, ask.url)
    if served.captured is None:
        return Answer(status="refused", reason="an answer from outside of the archive", resume=_rotated(work))
    due = work[0]
    question = Ask(url=due.url or place.url, source=place.source, kind=due.kind or place.kind, depth=due.depth)
    told = reader.read(question, served, topic, served.captured)
    found = _candidates(told.candidates, served.captured, replay_base(ask.source.url), topic)
    if not page.is_whole:
        return Answer(candidates=found, status="failed", reason=told.reason, resume=_rotated(work))
    named = _children(told.asks, place, due, served.captured)
    rest, beyond = bounded([*named, *work[1:]])
    note = f"{told.status}: {told.reason}" if told.status in ("refused", "failed") else told.reason
    notes = [f"capture of {served.captured:%Y-%m-%d}: {note}" if note else f"capture of {served.captured:%Y-%m-%d}"]
    if beyond:
        notes.append(f"{counted(beyond, 'capture', 'captures')} left out")
    return _going_on(ask, place, rest, notes, left=_left(ask) - 1, candidates=found)


def _not_given(ask: Ask, page: Page, place: Place, work: Sequence[Due], reason: str) -> Answer:
    if blocked(page):
        return Answer(status="refused", reason=reason)
    if page.status == 404:
        return _going_on(ask, place, work[1:], [reason], left=_left(ask) - 1)
    if page.status == 429:
        return Answer(status="refused", reason=reason, resume=ask.resume)
    is_refusal = page.status == 200 or 400 <= page.status < 500
    return Answer(status="refused" if is_refusal else "failed", reason=reason, resume=_rotated(work))


def _going_on(
    ask: Ask,
    place: Place,
    work: Sequence[Due],
    notes: Sequence[str],
    *,
    left: int,
    candidates: tuple[Candidate, ...] = (),
) -> Answer:
    """The answer that asks for the next capture, if one is due and this run may still read one."""
    following = _next_ask(ask, place, work, left) if left > 0 else None
    rest = [f"{counted(len(work), 'capture', 'captures')} left to read"] if work and not following else []
    return Answer(
        candidates=candidates,
        asks=(following,) if following else (),
        status="saturated" if work else "complete",
        reason="; ".join([*notes, *rest]),
        resume=written(work),
    )


def _next_ask(ask: Ask, place: Place, work: Sequence[Due], left: int) -> Ask | None:
    if not work:
        return None
    due = work[0]
    url = memento_url(replay_base(ask.source.url), due.stamp, due.url or place.url)
    return replace(ask, url=url, depth=due.depth + 1, resume=written(work), trail=(str(left),))


def _changed(rows: Iterable[Row], *, believes_digests: bool) -> list[Row]:
    """The captures that differ from the one before.

    A robots.txt hardly ever does: it is read for the sitemaps that it names, which do.
    """
    changed: list[Row] = []
    before = ""
    for row in rows:
        if row.is_page and not (believes_digests and row.digest and row.digest == before):
            changed.append(row)
        before = row.digest if row.is_page else before
    return changed


def _candidates(told: Iterable[Candidate], captured: datetime, base: str, topic: Topic) -> tuple[Candidate, ...]:
    window, stamp = Window.of(topic), captured.strftime(STAMP)
    kept = [candidate for candidate in told if not window.excludes(candidate.published)]
    return tuple(
        replace(candidate, rank=rank, via=memento_url(base, stamp, candidate.url))
        for rank, candidate in enumerate(kept)
    )


def _children(asks: Iterable[Ask], place: Place, due: Due, captured: datetime) -> list[Due]:
    """What a capture names, to be read as of the same time."""
    if due.depth >= MAX_DEPTH:
        return []
    own = {place.url, due.url}
    named = [one for one in asks if one.url not in own][:MAX_CHILDREN]
    return [Due(stamp=captured.strftime(STAMP), depth=due.depth + 1, kind=one.kind, url=one.url) for one in named]


def put_off(resume: str) -> str:
    """A list of captures to read with the first of them at its end."""
    work = entries_of(resume)
    return _rotated(work) if work else resume


def _rotated(work: Sequence[Due]) -> str:
    return written([*work[1:], work[0]])


def _left(ask: Ask) -> int:
    """How many captures of the source this run may still read."""
    text = ask.trail[0] if ask.trail else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 1
