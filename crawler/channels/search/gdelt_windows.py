"""Windows of time as GDELT is asked about them: of whole slots, newest first, and halved where they hold too much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from crawler.channels.ask import Ask
from crawler.channels.past import Past
from pipelines.topic import Source, Topic

SLOT = timedelta(minutes=15)
"""How finely GDELT tells times apart; a window of one slot cannot be halved."""
WIDEST = timedelta(days=28)
"""The first windows: a quiet topic is asked with few, and a busy one is halved."""
DESCENT = 24
"""Questions that lead from the widest window down to a slot, with both halves of each."""
BACK = timedelta(days=90)
"""What GDELT promises to search; asked where a topic does not say since when."""
EARLIEST = datetime(2017, 1, 1, tzinfo=UTC)
LATE = timedelta(minutes=15)  # until the articles of a slot can be found
MAX_RECORDS = 250  # GDELT gives no more, and no second page

_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is asked: where, in which words, about which time (the end left out)."""

    source: Source
    query: str
    since: datetime
    until: datetime

    def ask(self, share: int, depth: int = 0) -> Ask:
        """The question about this window; `share` is how many further ones its halves may cost in this run."""
        words = urlencode({
            "query": self.query,
            "mode": "artlist",
            "format": "json",
            "maxrecords": MAX_RECORDS,
            "sort": "datedesc",
            "startdatetime": f"{self.since:%Y%m%d%H%M%S}",
            "enddatetime": f"{self.until - timedelta(seconds=1):%Y%m%d%H%M%S}",  # GDELT counts the last second in
        })  # fmt: skip
        place = self.source.url
        return Ask(
            url=f"{place}{'&' if '?' in place else '?'}{words}",
            source=self.source,
            kind="artlist",
            depth=depth,
            query=self.query,
            since=self.since,
            until=self.until,
            trail=(str(share),),
        )


def windows(source: Source, query: str, topic: Topic, now: datetime, past: Past) -> Iterator[Window]:
    """What is still to be asked of a query, in windows of at most four weeks that begin and end with a slot."""
    since, until = _span(topic, now)
    if since >= until:
        return
    for part in past.open(source.url, query, since, until, now):
        begin, end = slot_of(part.since), min(slot_of(part.until - timedelta(microseconds=1)) + SLOT, until)
        while begin < end:
            yield Window(source=source, query=query, since=max(begin, end - WIDEST), until=end)
            end -= WIDEST


def shares(count: int, most: int) -> list[int]:
    """How many further questions each of the first ones may lead to: as many for each, but enough for one descent.

    Where there are not so many for all, the newest get them: each run is to come to an end of something.
    """
    spare = most - count
    if count and spare // count >= DESCENT:
        return [spare // count] * count
    return [DESCENT if at < spare // DESCENT else 0 for at in range(count)]


def halves(ask: Ask, oldest: datetime | None = None) -> tuple[Ask, ...] | None:
    """Questions about both halves of a window, the newer first; none where its share is spent, None of one slot.

    `oldest` is the date of the last article that was shown, of the newest ones: where it lies in the older half, the
    newer half is told with one answer, and the older gets the whole share.
    """
    if ask.since is None or ask.until is None or ask.until - ask.since <= SLOT:
        return None
    left = int(ask.trail[0]) - 2 if ask.trail else DESCENT
    if left < 0:
        return ()
    middle = slot_of(ask.since + (ask.until - ask.since) / 2)
    middle = middle if middle > ask.since else middle + SLOT
    newer = (
        0 if oldest is not None and oldest < middle else max(left - left // 2, min(left, _descent(middle, ask.until)))
    )
    parts = ((middle, ask.until, newer), (ask.since, middle, left - newer))
    return tuple(
        Window(source=ask.source, query=ask.query, since=since, until=until).ask(share, ask.depth + 1)
        for since, until, share in parts
    )


def _descent(since: datetime, until: datetime) -> int:
    """Questions that lead from a window down to a slot, with both halves of each."""
    return 2 * (-((since - until) // SLOT) - 1).bit_length()


def slot_of(moment: datetime) -> datetime:
    """The beginning of the slot that a moment lies in."""
    return moment - (moment - _ZERO) % SLOT


def _span(topic: Topic, now: datetime) -> tuple[datetime, datetime]:
    """The topic's window, as far as GDELT can have seen it."""
    since = datetime.combine(topic.since, time(), UTC) if topic.since else slot_of(now - BACK)
    until = slot_of(now - LATE)
    if topic.until and topic.until < until.date():
        until = datetime.combine(topic.until, time(), UTC) + timedelta(days=1)
    return max(since, EARLIEST), until
