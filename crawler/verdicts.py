"""What to think of a source, and what to do about it, from how it answered last and from what its days were like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.channels.reading.fault import counted
from crawler.channels.steps.guesses import is_front
from crawler.times import moment_of

WORDS = (
    "good", "slow", "stale", "few", "empty", "moved", "page", "wrong channel", "changed", "broken", "resting",
    "paywall", "consent", "blocked", "refused", "failing", "silent", "dead", "not asked",
)  # fmt: skip
"""The verdicts, from the best to the worst."""

GOOD = frozenset(("complete", "saturated"))
"""How a source says that it answered well."""
SLOW = 10.0  # seconds
STALE = timedelta(days=60)
HOPELESS = 3  # failures in a row after which a place where nobody answers counts as dead

# What a source that did not answer as it should may say, the first that fits; each with our word and what to do.
_FAULTS = tuple(
    (re.compile(said, re.IGNORECASE), word, advice)
    for said, word, advice in (
        (r"^HTTP (404|410)$", "dead", "nothing is there any more ({reason}): {front}, or take it out"),
        (r"DNS lookup failed|CannotResolveHost", "no name", "no such host: look at the spelling, or take it out"),
        (r"^HTTP 429$|^retry-after:", "resting", "asked to be left alone; the next runs try again ({reason})"),
        (r"robots\.txt disallows", "blocked", "its robots.txt keeps programs out: look for another of its outlet"),
        (r"^guard: .*not a public address", "refused", "{reason}; where that is meant: --allow-private HOST"),
        (r"^guard:", "refused", "{reason}"),
        (r"^HTTP (401|402|407)$", "paywall", "wants a login or a payment ({reason}): take it out"),
        (r"^HTTP 403$", "blocked", "keeps programs out ({reason}): look for another of its outlet"),
        (r"^HTTP 451$", "blocked", "withheld for legal reasons ({reason}): look for another of its outlet"),
        (r"consent page", "consent", "a consent page stands before it: look for another of its outlet"),
        (r"names no feed", "page", "a page, and it names no feed: try the channel sections or sitemaps"),
        (r"^a page, not a sitemap", "page", "a page, not a sitemap: {front}, or try the channel sections"),
        (r"^a page where a feed", "page", "a page where a feed was announced: {front}, or the channel sections"),
        (r"^a sitemap, not a feed", "wrong channel", 'a sitemap, not a feed: write channel = "sitemaps"'),
        (r"gzip|cut short|CutShort|broke off|nested|end tags", "broken", "{reason}; it is asked again as a whole"),
        (r"no usable link|empty body|^neither|JSON", "broken", "no listing: {reason}; look at it in a browser"),
        (r"refused by other side|timed? ?out|no whole answer|Connection|Download", "nobody", "{reason}"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One of `WORDS`, and one sentence on what to do, or on what the source gives where nothing need be done."""

    word: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What a source's days and its outlet's pages tell beside its last answer.

    `silent` says since when it has had no news although it should, `few` how little news it gives, `changed` how its
    pages have changed, `walled` how many of them stand behind a paywall, `missed` how many could not be had; each is
    empty where there is nothing to say.
    """

    silent: str = ""
    few: str = ""
    changed: str = ""
    walled: str = ""
    missed: str = ""


NONE = Signs()


def verdict(row: Mapping[str, Any], now: datetime, signs: Signs = NONE) -> Verdict:
    """The verdict on a source, by the columns that the archive keeps of it and by further signs.

    A place that leads to others has what those list in `items` and `newest`, and their addresses in `documents`.
    """
    if not row.get("last_asked"):
        return Verdict(word="not asked", advice="`dossier sources check` asks it")
    if row.get("last_status") not in GOOD:
        return _failing(row)
    found = _page(row) or _silent(row, signs) or _moved(row) or _empty(row, signs) or _pages(signs) or _slow(row)
    return found or _stale(row, now) or Verdict(word="good", advice=_given(row))


def _failing(row: Mapping[str, Any]) -> Verdict:
    reason, failures = str(row.get("last_reason") or "no answer"), int(row.get("failures") or 0)
    front = "name its site's front page" if not is_front(row["url"]) else "name a page or feed of it"
    faults = ((word, advice) for said, word, advice in _FAULTS if said.search(reason))
    word, advice = next(faults, ("failing", "{reason}"))
    advice = advice.replace("{front}", front).replace("{reason}", reason.removeprefix("guard: "))
    if word == "no name":
        # A name that was known is missed for a while first: the network may be down, and not the source.
        word = "failing" if row.get("last_success") and failures < HOPELESS else "dead"
    elif word == "nobody" and failures >= HOPELESS:
        word, advice = "dead", f"nobody answers there: {advice}; look for its new address, or take it out"
    elif word == "nobody":
        word = "failing"
    if word in {"failing", "dead"}:
        last = str(row.get("last_success") or "")[:10]
        advice += (
            f" ({counted(failures, 'failure', 'failures')} in a row, {f'well on {last}' if last else 'never well'})"
        )
    return Verdict(word=word, advice=advice)


def _page(row: Mapping[str, Any]) -> Verdict | None:
    """A page in place of a feed: it is told what feeds it names, and as a site's front page it may stay."""
    reason = str(row.get("last_reason") or "")
    if not reason.startswith("a page that names "):
        return None
    if "names no feed" in reason and not row.get("items"):
        return Verdict(word="page", advice="a page, and it names no feed: try the channel sections or sitemaps")
    feeds = reason.rpartition(": ")[2] if "http" in reason else "a usual place"
    if is_front(row["url"]) and row.get("items"):
        return None
    return Verdict(word="page", advice=f"a page, not a feed: it names {feeds}; write that into the topic file")


def _silent(row: Mapping[str, Any], signs: Signs) -> Verdict | None:
    if not signs.silent or not row.get("items"):
        return None
    advice = f"answers, but {signs.silent}: look at it in a browser, and name what it lists its news in now"
    return Verdict(word="silent", advice=advice)


def _pages(signs: Signs) -> Verdict | None:
    """What its pages are like, and how many it announces."""
    if signs.changed:
        advice = f"its pages have changed: {signs.changed}; look at one with `dossier why URL`"
        return Verdict(word="changed", advice=advice)
    if signs.missed:
        advice = f"{signs.missed} could not be had: `dossier status` says why; look for another of its outlet"
        return Verdict(word="blocked", advice=advice)
    if signs.walled:
        return Verdict(
            word="paywall", advice=f"{signs.walled} stand behind a paywall, and only their beginnings are kept"
        )
    return Verdict(word="few", advice=f"{signs.few}: look whether it lists all its news") if signs.few else None


def _moved(row: Mapping[str, Any]) -> Verdict | None:
    there = row.get("moved_to")
    return Verdict(word="moved", advice=f"moved for good: write {there} into the topic file") if there else None


def _slow(row: Mapping[str, Any]) -> Verdict | None:
    seconds = row.get("seconds") or 0.0
    return Verdict(word="slow", advice=f"took {seconds:.0f} s to answer; {_given(row)}") if seconds > SLOW else None


def _empty(row: Mapping[str, Any], signs: Signs) -> Verdict | None:
    reason = str(row.get("last_reason") or "")
    if row.get("items") or "outside of the topic's window" in reason:
        return None
    if reason == "not modified" and not row.get("last_listed"):
        return None
    if "names no sitemap" in reason or "no robots.txt" in reason:
        advice = "names no sitemap, and none is at the usual places: name one, or try the channels feeds or sections"
        return Verdict(word="empty", advice=advice)
    gone = f"lists nothing, and {signs.silent}" if signs.silent else "lists nothing"
    return Verdict(word="empty", advice=f"{gone}; where that stays so, take it out")


def _stale(row: Mapping[str, Any], now: datetime) -> Verdict | None:
    newest = moment_of(row.get("newest"))
    if newest is None or now - newest <= STALE:
        return None
    advice = f"alive, but its newest is of {newest:%Y-%m-%d}: look for another of its outlet"
    return Verdict(word="stale", advice=advice)


def _given(row: Mapping[str, Any]) -> str:
    """What a source that is well lists."""
    reason, items = str(row.get("last_reason") or ""), int(row.get("items") or 0)
    told = [f"{items:,} listed" if items or not reason else ""]
    if documents := row.get("documents") or ():
        told[0] += f" in {counted(len(documents), 'document', 'documents')}"
        reason = f"found at {documents[0]}" if reason.endswith("asking the usual places") else reason
    told.append("unchanged since the last look" if reason == "not modified" else reason)
    return "; ".join(filter(None, told))
