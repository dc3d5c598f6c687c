"""The questions of one run: put within bounds, in order, and answered into the frontier."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from crawler.channels.ask import Answer, Ask, Channel
from crawler.plan import Part

MAX_ASKS = 5_000  # questions of one channel in one run
MAX_ASKS_OF_SOURCE = 200  # a hostile index names thousands of others
OPEN = 64  # questions of one channel under way at a time
OPEN_WITH_GAP = 2  # of a channel that keeps a distance: what waits for its turn would hold up others in the engine
GOES_ON = "the next run goes on from there"
MAX_TRIES = 3  # how often a service may say "not now" to one question


@dataclass(slots=True)
class Line:
    """The questions of one channel that still wait, and what was spent on it."""

    part: Part
    channel: Channel
    first: Iterator[Ask]
    further: deque[Ask] = field(default_factory=deque)
    refused: set[tuple[str, str]] = field(default_factory=set)
    asks: int = 0
    open: int = 0
    bytes: int = 0
    is_closed: bool = False

    def next(self) -> Ask | None:
        """The next question: what an answer led to comes before what is new."""
        if self.is_closed:
            return None
        return self.further.popleft() if self.further else next(self.first, None)

    def close(self) -> None:
        """Ask nothing more in this run."""
        self.is_closed = True
        self.further.clear()


class Inquiry:
    """What is to be asked in a run, channel by channel, each question once, within the run's bounds.

    `budgets` are megabytes a run by channel: what a channel that answers in large files may bring.
    """

    def __init__(self, budgets: Mapping[str, float]) -> None:
        self.lines: dict[str, Line] = {}
        self.budgets = budgets
        self.asked: set[tuple[object, ...]] = set()
        self.asks_of: Counter[str] = Counter()
        self.promised: set[tuple[object, ...]] = set()
        self.bitten: dict[str, str] = {}

    def add(self, part: Part, channel: Channel, first: Iterable[Ask]) -> None:
        """Take a channel in, with its first questions (which may be many: they are drawn as they are put)."""
        self.lines[channel.name] = Line(part=part, channel=channel, first=iter(first))

    @property
    def open(self) -> int:
        """How many questions are under way."""
        return sum(line.open for line in self.lines.values())

    def next(self) -> Iterator[Ask]:
        """The questions that may be put now; each counts as under way until it is `answered`."""
        for line in self.lines.values():
            most = OPEN_WITH_GAP if line.channel.gap else OPEN
            while line.open < most and (ask := line.next()) is not None:
                if (ask.place, ask.query) not in line.refused and self._may(line, ask):
                    line.open += 1
                    yield ask

    def answered(self, ask: Ask, answer: Answer, size: int) -> None:
        """Take note of an answer of so many bytes, and of the questions that it leads to."""
        line = self.lines[ask.source.channel]
        line.open -= 1
        if ask.url.startswith("http"):
            line.bytes += size
        if answer.wait and ask.tries + 1 < MAX_TRIES:
            line.further.append(replace(ask, tries=ask.tries + 1))
        elif answer.wait:
            self.bite(line.channel.name, f'{line.channel.name}: said "not now" {MAX_TRIES} times; {GOES_ON}')
        elif ask.query and answer.status == "refused" and not answer.asks:
            line.refused.add((ask.place, ask.query))  # whoever refuses a question refuses it about other days too
        line.further.extendleft(reversed(answer.asks))
        name = line.channel.name
        if not line.is_closed and line.bytes >= self.budgets.get(name, float("inf")) * 1_000_000:
            self.bite(name, f"{name}: {self.budgets[name]:g} MB a run were reached; {GOES_ON}")

    def bite(self, channel: str, why: str) -> None:
        """Put no more questions of a channel in this run, and remember why."""
        line = self.lines[channel]
        if not line.is_closed:
            line.close()
            self.bitten[channel] = why

    def admitted(self, ask: Ask, answer: Answer) -> Answer:
        """The answer without the further questions that the bound of its source leaves no room for; it says so.

        Windows have no such bound: what is not asked of them stays open in the ledger.
        """
        kept, left = [], 0
        for one in answer.asks:
            if (key := key_of(one)) in self.asked or key in self.promised or one.is_windowed:
                kept.append(one)
            elif self.asks_of[one.source.url] >= MAX_ASKS_OF_SOURCE:
                left += 1
            else:
                self.promised.add(key)
                self.asks_of[one.source.url] += 1
                kept.append(one)
        if not left:
            return answer
        told = f"{left} more were named than the {MAX_ASKS_OF_SOURCE} that are asked of one source"
        status = "saturated" if answer.status == "complete" else answer.status
        return replace(answer, asks=tuple(kept), status=status, reason="; ".join(filter(None, (answer.reason, told))))

    def _may(self, line: Line, ask: Ask) -> bool:
        """Whether the question is new in this run, and within the bounds."""
        key = key_of(ask)
        if key in self.asked:
            return False
        if line.asks >= MAX_ASKS and not is_local(ask):
            self.bite(line.channel.name, f"{line.channel.name}: {MAX_ASKS:,} questions a run were reached; {GOES_ON}")
            return False
        if key in self.promised:
            self.promised.discard(key)
        elif not ask.is_windowed:
            if self.asks_of[ask.source.url] >= MAX_ASKS_OF_SOURCE:
                return False
            self.asks_of[ask.source.url] += 1
        self.asked.add(key)
        line.asks += 1
        return True


def key_of(ask: Ask) -> tuple[object, ...]:
    """What makes a question the same as another, within a run."""
    return (ask.url, ask.headers, ask.tries, ask.source.channel, ask.query, ask.since, ask.resume)


def is_local(ask: Ask) -> bool:
    """Whether it is about a file of this machine, which costs nobody anything."""
    return ask.url.startswith("warc:")
