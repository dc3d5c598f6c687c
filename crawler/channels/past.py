"""What was asked before, as the coverage ledger tells it: so that a question is put again only where it is worth it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

HALVED = "halved"
SATURATED_AGAIN = timedelta(days=7)
REFUSED_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its newest answer: where, what, about which window, and how it went.

    `resume` is where to go on; HALVED where the halves of the window were asked instead.
    """

    place: str
    query: str
    status: str
    asked: datetime
    since: datetime | None = None
    until: datetime | None = None
    resume: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A part of a window that is still to be asked; `resume` is where an earlier answer about it broke off."""

    since: datetime
    until: datetime
    resume: str = ""


class Past:
    """The questions of earlier runs."""

    def __init__(self, questions: Iterable[Question] = ()) -> None:
        self._by_place: dict[tuple[str, str], list[Question]] = {}
        for question in questions:
            self._by_place.setdefault((question.place, question.query), []).append(question)

    def last(self, place: str, query: str = "") -> Question | None:
        """The newest question about a place that was put in these words, whatever its window; of equals the last."""
        asked = sorted(self._by_place.get((place, query), ()), key=lambda question: question.asked)
        return asked[-1] if asked else None

    def open(self, place: str, query: str, since: datetime, until: datetime, now: datetime) -> tuple[Open, ...]:
        """The parts of a window that are still to be asked, oldest first.

        A complete answer closes its window, as far as that was over when it was asked; a saturated one for a week; one
        that was refused or failed for an hour. One that broke off (it has `resume`) is opened where it broke off.
        """
        closed: list[tuple[datetime, datetime]] = []
        broken: dict[tuple[datetime, datetime], Open] = {}
        for one in sorted(self._by_place.get((place, query), ()), key=lambda question: question.asked):
            if one.since is None or one.until is None or one.resume == HALVED:
                continue
            broken.pop((one.since, one.until), None)
            is_due = one.asked + _pause(one) <= now
            if one.resume and is_due and since <= one.since and one.until <= until:
                broken[one.since, one.until] = Open(since=one.since, until=one.until, resume=one.resume)
            elif one.status == "complete":
                closed.append((one.since, min(one.until, max(one.asked, one.since))))
            elif not is_due:
                closed.append((one.since, one.until))
        gaps = _gaps(since, until, [*closed, *broken])
        return tuple(sorted([*broken.values(), *gaps], key=lambda part: part.since))

    def sorted_out(
        self, place: str, query: str, since: datetime, until: datetime, now: datetime
    ) -> tuple[tuple[Open, ...], tuple[Open, ...]]:
        """What `open` gives, apart from the windows in it whose answer was none, and these: to be asked last.

        Who asks one thing after the other and ends at some that fail would else end there again, whatever lies behind.
        """
        still = self.open(place, query, since, until, now)
        bad = {
            (one.since, one.until)
            for one in self._by_place.get((place, query), ())
            if one.status in {"refused", "failed"} and not one.resume and one.since and one.until
        }
        lost = sorted(span for span in bad if any(part.since <= span[0] and span[1] <= part.until for part in still))
        fresh = [gap for part in still for gap in _gaps(part.since, part.until, lost)]
        return tuple(fresh), tuple(Open(since=begin, until=end) for begin, end in lost)


NOTHING_ASKED = Past()


def _pause(question: Question) -> timedelta:
    """How long a question rests after its answer."""
    if question.status in {"refused", "failed"}:
        return REFUSED_AGAIN
    return timedelta(0) if question.resume else SATURATED_AGAIN


def _gaps(since: datetime, until: datetime, closed: Iterable[tuple[datetime, datetime]]) -> list[Open]:
    """What is left of a window without the closed parts."""
    gaps, at = [], since
    for begin, end in sorted(closed):
        if begin > at:
            gaps.append(Open(since=at, until=min(begin, until)))
        at = max(at, end)
        if at >= until:
            break
    if at < until:
        gaps.append(Open(since=at, until=until))
    return [gap for gap in gaps if gap.since < gap.until]
