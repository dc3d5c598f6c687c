"""When a host may be asked again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """One host's turn-taking, in seconds of a monotonic clock that the caller passes in.

    Without a Crawl-delay, beginnings keep a distance. With one, requests go one at a time, and the next begins that
    long after the one before it has *ended*: so no way of looking at the server's log shows a shorter gap.
    """

    crawl_delay: float = 0.0
    held_until: float = 0.0
    began: float = float("-inf")
    ended: float = float("-inf")
    open: int = 0

    def left(self, now: float, delay: float, gap: float = 0.0) -> float:
        """Seconds until the next request may begin, zero or less when it may now.

        A `gap` is kept from the end of whatever came before, and from what is still under way.
        """
        turn = max(self.began, self.ended) + max(delay, self.crawl_delay) if self.crawl_delay else self.began + delay
        if gap:
            turn = max(turn, (now if self.open else self.ended) + gap)
        return max(turn, self.held_until) - now

    def has_room(self, concurrency: int) -> bool:
        """Whether one more request may be open."""
        return self.open < (1 if self.crawl_delay else concurrency)

    def begin(self, now: float) -> None:
        """A request begins."""
        self.began = now
        self.open += 1

    def end(self, now: float) -> None:
        """A request has ended, whole or not."""
        self.ended = now
        self.open -= 1

    def slow_down(self, crawl_delay: float) -> None:
        """Keep at least this distance from now on: a host's robots.txt files may name several, the longest holds."""
        self.crawl_delay = max(self.crawl_delay, crawl_delay)

    def hold(self, until: float) -> None:
        """Begin nothing before then."""
        self.held_until = max(self.held_until, until)
