"""The channel `gal`: GDELT's article lists, a file of all the world's news for each minute that has one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from crawler.channels.ask import Answer, Ask, ChannelRefused, sources_of
from crawler.channels.past import NOTHING_ASKED, Past
from crawler.channels.reading.document import FEEDS, Document
from crawler.channels.reading.replies import reply_without_listing
from crawler.channels.search.gallines import Promising, read_lines
from pipelines.items import Page
from pipelines.topic import Source, Topic

ENDPOINT = "http://data.gdeltproject.org/gdeltv3/gal/"
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
BACK = timedelta(days=7)  # some 400 MB; asked where a topic does not say since when
LATE = timedelta(hours=1)  # a file that is missing then will not come any more
MINUTES = (1, 2, 3, 16, 17, 18, 31, 32, 33, 46, 47, 48)
"""Those of each hour that have a file, if any has."""
MAX_PARTS = 1_000  # chains of questions in one run
MAX_MISSING = 300  # files one after another that are not there, a day of them: then the chain ends
MAX_FAULTS = 5  # answers one after another that are none

FIRST_PAUSE = 60.0  # seconds after the first "not now", twice as long after each further one
MAX_TRIES = 3


class Gal:
    """Ask for one file after the other, the newest first, and keep of each the few lines that promise something."""

    name = "gal"
    gap = 1.0

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> tuple[Ask, ...]:
        """The newest file of each part of the window that is still open, and each feed.

        From there the files are asked backwards, so that a run that has to stop has the latest news, and leaves one
        gap to the next run: what lies before. Files that failed in an earlier run are asked last.
        """
        sources = sources_of(topic, self.name, ENDPOINT)
        feeds = tuple(Ask(url=one.url, source=one, kind="feed") for one in sources if _is_feed(one))
        since, until = _span(topic, now)
        if since >= until:
            return feeds
        parts = [
            (is_lost, part.until, part.since, source)
            for source in sources if not _is_feed(source)
            for is_lost, some in enumerate(past.sorted_out(source.url, "", since, until, now))
            for part in some
        ]  # fmt: skip
        parts.sort(key=lambda part: (-part[0], part[1]), reverse=True)
        files = (slot_ask(source, slot_of(end - timedelta(microseconds=1)), begin) for _, end, begin, source in parts)
        return (*feeds, *tuple(files)[:MAX_PARTS])

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """The promising lines of a file, and the question for the file before it. Never raises.

        A file that is not there is `complete`: GDELT has none for many minutes.
        """
        if ask.kind == "feed":
            return _feed_answer(ask, page, topic)
        if page.status == 429 and 0 <= ask.tries < MAX_TRIES:
            return Answer(status="refused", reason="HTTP 429", wait=FIRST_PAUSE * 2**ask.tries)
        if page.status in (404, 410):
            return _with_next(ask, Answer(reason="no file for this minute"))
        if (reply := reply_without_listing(page)) is not None:
            return _with_next(ask, reply)
        try:
            return _with_next(ask, read_lines(page, Promising(topic, ask.source), now))
        except ChannelRefused as refusal:
            return _with_next(ask, Answer(status="refused", reason=str(refusal)))

    def unanswered(self, ask: Ask, answer: Answer) -> Answer:
        """The same, with the question for the file before."""
        return answer if ask.kind == "feed" else _with_next(ask, answer)

    def most(self, topic: Topic, now: datetime) -> int:
        """One for each file of the window, and one for each feed; a run's budget of bytes may end it before."""
        sources = sources_of(topic, self.name, ENDPOINT)
        feeds = sum(map(_is_feed, sources))
        since, until = _span(topic, now)
        hours = max((until - since) / timedelta(hours=1), 0)
        return feeds + (len(sources) - feeds) * round(hours * len(MINUTES))


def slot_ask(source: Source, slot: datetime, back_to: datetime, faults: int = 0, missing: int = 0) -> Ask:
    """The question for the file of a minute, which stands for the time until the next file.

    The chain of questions goes on `back_to` there; `faults` and `missing` count what went before.
    """
    return Ask(
        url=f"{source.url.rstrip('/')}/{slot:%Y%m%d%H%M%S}.gal.json.gz",
        source=source,
        kind="file",
        since=slot,
        until=after(slot),
        trail=(back_to.isoformat(), str(faults), str(missing)),
    )


def slot_of(moment: datetime) -> datetime:
    """The minute of the file that stands for a moment: the last one that has a file, up to then."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    past = [minute for minute in MINUTES if minute <= moment.minute]
    return hour + timedelta(minutes=past[-1]) if past else hour - timedelta(minutes=60 - MINUTES[-1])


def after(slot: datetime) -> datetime:
    """The minute of the next file."""
    hour = slot.replace(minute=0)
    return hour + timedelta(minutes=next((minute for minute in MINUTES if minute > slot.minute), 60 + MINUTES[0]))


def _with_next(ask: Ask, answer: Answer) -> Answer:
    """The answer with the question for the file before, as long as there is one, and somebody answers."""
    if ask.since is None or not ask.trail:
        return answer
    back_to, faults, missing = datetime.fromisoformat(ask.trail[0]), int(ask.trail[1]), int(ask.trail[2])
    faults = faults + 1 if answer.status in ("refused", "failed") else 0
    missing = missing + 1 if answer.reason.startswith("no file") else 0
    if ask.since <= back_to:
        return answer
    if faults >= MAX_FAULTS or missing >= MAX_MISSING:
        word = f"{faults} in a row" if faults else f"nor for the {missing - 1} after it"
        return replace(answer, reason=f"{answer.reason}, {word}: the rest is left to the next run")
    before = slot_of(ask.since - timedelta(minutes=1))
    return replace(answer, asks=(slot_ask(ask.source, before, back_to, faults, missing),))


def _feed_answer(ask: Ask, page: Page, topic: Topic) -> Answer:
    """The promising items of the current feed."""
    if (reply := reply_without_listing(page)) is not None:
        return reply
    try:
        document = Document.of(page)
    except ChannelRefused as refusal:
        return Answer(status="refused", reason=str(refusal))
    if document.root not in FEEDS:
        return Answer(status="refused", reason="not a feed")
    answer = document.listing.answer(document.fault)
    return Promising(topic, ask.source).only(answer)


def _is_feed(source: Source) -> bool:
    return urlsplit(source.url).path.lower().endswith(".rss")


def _span(topic: Topic, now: datetime) -> tuple[datetime, datetime]:
    """The topic's window, as far as there are files."""
    until = now - LATE
    since = datetime.combine(topic.since, time(), UTC) if topic.since else until - BACK
    if topic.until and topic.until < until.date():
        until = datetime.combine(topic.until, time(), UTC) + timedelta(days=1)
    return max(since, EARLIEST), until
