"""The channel `ccnews`: Common Crawl's news crawl, and any WARC file, read in ranges and never stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin

from crawler.channels.ask import Answer, Ask, sources_of
from crawler.channels.past import NOTHING_ASKED, Past
from crawler.channels.reading.fault import Fault, counted
from crawler.channels.reading.replies import reply_without_listing
from crawler.channels.warcs.answered import chunk_of, range_header
from crawler.channels.warcs.ccfiles import Part, files_of, parts_of, window_of
from crawler.channels.warcs.prefilter import Prefilter
from crawler.channels.warcs.records import Chunk, foreign, records_of
from crawler.channels.warcs.route import Route
from pipelines.items import Candidate, Page
from pipelines.topic import Source, Topic

ENDPOINT = "https://data.commoncrawl.org/"
LOCAL = "warc:"
RECORDS = "records"  # the words of a question about a whole file: the ledger keeps worded ones for each topic
CHUNK = 8 * 1024 * 1024
LARGEST = 10 * 1024 * 1024  # as much as one answer may hold
WAIT, MOST_TRIES = 60.0, 3
FILES_A_DAY, CHUNKS_A_FILE = 15, 130  # 51,101 files of some 1.07 GB in ten years

_OF_ONE_MONTH = frozenset((200, 404, 410))  # what says nothing of the others; 403 says that we are not wanted
_LATER = frozenset((429, 500, 502, 503, 504))  # 503 is "Slow Down"


class CcNews:
    """Ask for the files of a window, one after another, range by range; `warc:` sources are files of this machine.

    The ledger has one question a month, which resumes at a file and an offset, and one a local file.
    """

    name = "ccnews"
    gap = 1.0

    def __init__(self, chunk: int = CHUNK, largest: int = LARGEST) -> None:
        self.chunk = chunk
        self.largest = largest

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> Iterator[Ask]:
        """The list of the first month that is still to be read, and every local file that is not read to its end."""
        for source in sources_of(topic, self.name, ENDPOINT):
            if not _is_local(source):
                yield from _month_asked(source, parts_of(topic, now, past, source.url))
                continue
            last = past.last(source.url, RECORDS)
            if last is None or last.status != "complete":
                offset = int(last.resume) if last and last.resume.isdecimal() else 0
                yield self._range_asked(
                    Ask(url=source.url, source=source, kind="records", query=RECORDS), offset, Route()
                )

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """The promising records of a range, or the files of a month; with what to ask next. Never raises."""
        if page.status in _LATER:
            wait = WAIT * 2**ask.tries if ask.tries < MOST_TRIES else 0.0
            return Answer(status="failed", reason=f"HTTP {page.status}", resume=ask.resume, wait=wait)
        return self._files(ask, page) if ask.kind == "paths" else self._records(ask, page, topic)

    def most(self, topic: Topic, now: datetime) -> int:
        """An estimate: the usual number of files in the window, each of the usual size, and so for local files."""
        since, until = window_of(topic, now)
        days = max((until - since).days, 0)
        remote = days // 28 + 1 + days * FILES_A_DAY * CHUNKS_A_FILE
        sources = sources_of(topic, self.name, ENDPOINT)
        return sum(CHUNKS_A_FILE if _is_local(source) else remote for source in sources)

    # A month

    def _files(self, ask: Ask, page: Page) -> Answer:
        """The first file of a month that is to be read; a month without a list has none, and hides no other."""
        assert ask.since is not None
        assert ask.until is not None
        route = Route.of(ask.trail)
        following = tuple(_month_asked(ask.source, route.parts)) if page.status in _OF_ONE_MONTH else ()
        if page.status == 404:
            return Answer(asks=following, reason="no files of this month (HTTP 404)")
        if (reply := reply_without_listing(page)) is not None:
            return replace(reply, asks=following, resume=ask.resume)
        names, listed = files_of(page, Part(since=ask.since, until=ask.until))
        if not listed:
            return Answer(asks=following, status="refused", reason="no list of WARC files", resume=ask.resume)
        begun, _, offset = ask.resume.partition(" ")
        left = [name for name in names if name >= begun]
        reason = f"{counted(listed, 'file', 'files')}, {len(left):,} to read"
        at = int(offset) if left and left[0] == begun and offset.isdecimal() else 0
        return self._file_asked(ask, replace(route, names=tuple(left)), Answer(reason=reason), at)

    def _file_asked(self, ask: Ask, route: Route, answer: Answer, offset: int = 0) -> Answer:
        """The answer with the next file of the month asked; where none is left, it is complete and the next month's."""
        if not route.names:
            return replace(answer, asks=tuple(_month_asked(ask.source, route.parts)), status="complete", resume="")
        name, *names = route.names
        url = urljoin(_base(ask.source), f"{ask.query}/{name}")
        following = Route(names=tuple(names), parts=route.parts)
        further = self._range_asked(replace(ask, url=url, kind="records"), offset, following)
        return replace(answer, asks=(further,), status="saturated", resume=further.resume)

    # A range

    def _range_asked(self, ask: Ask, offset: int, route: Route, size: int = 0) -> Ask:
        """The question for a range of the file that an ask is about."""
        resume = str(offset) if _is_local(ask.source) else f"{ask.url.rpartition('/')[2]} {offset}"
        headers = range_header(offset, size or self.chunk)
        return replace(ask, resume=resume, headers=headers, trail=route.trail, tries=0)

    def _records(self, ask: Ask, page: Page, topic: Topic) -> Answer:
        route, offset = Route.of(ask.trail), _offset(ask)
        lost = None if route.progress.lost < 0 else route.progress.lost
        if page.status == 416:
            return self._ended(ask, route, Answer(), is_cut=False)
        if page.status == 404 and not _is_local(ask.source):
            return self._file_asked(ask, route, Answer(reason=f"{_name(ask)}HTTP 404"))
        chunk = chunk_of(page, offset, _size(ask), self.largest, lost)
        if isinstance(chunk, Fault):
            return Answer(status=chunk.status, reason=chunk.reason, resume=ask.resume)
        if not offset and (fault := foreign(chunk.data)):
            return self._given_up(ask, route, Answer(reason=fault))
        return self._looked_at(ask, chunk, route, topic)

    def _looked_at(self, ask: Ask, chunk: Chunk, route: Route, topic: Topic) -> Answer:
        """The candidates of a range, and the question for the next."""
        prefilter = Prefilter(topic, ask.source)
        records = records_of(chunk, prefilter.candidate)
        found: dict[str, Candidate] = {}
        for place, candidate in records:
            found.setdefault(candidate.url, replace(candidate, via=f"{ask.url}#{place}", rank=len(found)))
        progress = route.progress.after(records, prefilter.pages, len(found))
        route = replace(route, progress=progress)
        answer = Answer(candidates=tuple(found.values()), status="saturated", reason=f"{_name(ask)}{progress.said}")
        if records.refusal:
            return self._given_up(ask, route, replace(answer, reason=records.refusal))
        if chunk.is_last and records.end >= chunk.offset + len(chunk.data):
            return self._ended(ask, route, answer, is_cut=records.is_cut)
        # Not one record was whole: more of it may be had in one range.
        further = self._range_asked(ask, records.end, route, self.largest if records.end == chunk.offset else 0)
        return replace(answer, asks=(further,), resume=further.resume)

    def _ended(self, ask: Ask, route: Route, answer: Answer, *, is_cut: bool) -> Answer:
        """The answer at the end of a file."""
        answer = replace(answer, reason=f"{_name(ask)}{route.progress.said}")
        if not _is_local(ask.source):
            return self._file_asked(ask, route, answer)
        if (lost := route.progress.lost) < 0:
            return replace(answer, status="complete", resume="")
        fault = f"{'cut short' if is_cut else 'broken'} at byte {lost:,}; what stood before is kept"
        return replace(answer, status="failed", reason=f"{fault}; {answer.reason}", resume=str(lost))

    def _given_up(self, ask: Ask, route: Route, answer: Answer) -> Answer:
        """The answer where a file cannot be read: the next of the month is asked, a local one is refused."""
        if not _is_local(ask.source):
            return self._file_asked(ask, route, replace(answer, reason=f"{_name(ask)}{answer.reason}"))
        return replace(answer, status="refused")


def _month_asked(source: Source, parts: Sequence[Part]) -> Iterator[Ask]:
    """The question for the files of the first part, if there is one; it carries the others along."""
    if parts:
        part, *others = parts
        yield Ask(
            url=urljoin(_base(source), f"{part.folder}/warc.paths.gz"),
            source=source,
            kind="paths",
            query=part.folder,
            since=part.since,
            until=part.until,
            resume=part.resume,
            trail=Route(parts=tuple(others)).trail,
        )


def _is_local(source: Source) -> bool:
    return source.url.startswith(LOCAL)


def _base(source: Source) -> str:
    return source.url if source.url.endswith("/") else f"{source.url}/"


def _name(ask: Ask) -> str:
    return "" if _is_local(ask.source) else f"{ask.url.rpartition('/')[2]}: "


def _offset(ask: Ask) -> int:
    return int(ask.resume.rpartition(" ")[2])


def _size(ask: Ask) -> int:
    """How many bytes a question asks for."""
    first, _, last = dict(ask.headers)["Range"].removeprefix("bytes=").partition("-")
    return int(last) + 1 - int(first)
