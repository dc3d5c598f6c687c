"""Places at which sites keep what they do not tell of: asked one after the other, until one answers well.

One at a time, and not all at once: most sites have one of the first, and whoever has none is not asked for twenty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from crawler.channels.ask import Answer, Ask
from crawler.channels.past import Past
from crawler.channels.steps.trail import note, told
from pipelines.items import Page

NOT_THERE = "not there"
"""What the ledger keeps as `resume` of a guess that failed: its status is `complete`, for nothing was promised."""

AGAIN = timedelta(days=30)
FAILED_AGAIN = timedelta(days=1)
GONE = (404, 410)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guesses:
    """The usual places of one kind of document, the likeliest first; `what` names the kind."""

    what: str
    paths: tuple[str, ...]

    def skipped(self, site: str, past: Past, now: datetime) -> tuple[str, ...]:
        """A trail that names the places of a site which need not be asked again yet."""
        return tuple(note("none", path) for path in self.paths if _rests(past, urljoin(site, path), now))

    def first(self, ask: Ask) -> tuple[Ask, ...]:
        """The first guess about the site of an ask; none where all of them rest."""
        return tuple(self._after(replace(ask, kind="guess", depth=ask.depth + 1), self.paths))[:1]

    def missed(self, ask: Ask, page: Page, answer: Answer | None = None) -> Answer:
        """The answer of a guess that failed, with the next one; `answer` is a refusal of the server's own.

        Only 403 is taken for "not there", as some stores of files say it; any other refusal means the whole site.
        """
        if answer is not None and page.status not in (200, 403):
            return answer
        if answer is None or page.status == 200:
            status = f" (HTTP {page.status})" if page.status in GONE else ""
            answer = Answer(reason=f"no {self.what} at this usual place{status}", resume=NOT_THERE)
        at = next((place for place, path in enumerate(self.paths) if urljoin(ask.url, path) == ask.url), None)
        return replace(answer, asks=() if at is None else tuple(self._after(ask, self.paths[at + 1 :]))[:1])

    def _after(self, ask: Ask, paths: Sequence[str]) -> Iterator[Ask]:
        resting = told(ask.trail, "none")
        return (replace(ask, url=urljoin(ask.url, path)) for path in paths if path not in resting)


def is_front(url: str) -> bool:
    """Whether an address is that of a whole site."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _rests(past: Past, url: str, now: datetime) -> bool:
    last = past.last(url)
    if last is None:
        return False
    if last.status == "failed":
        return last.asked + FAILED_AGAIN > now
    return (last.status == "refused" or last.resume == NOT_THERE) and last.asked + AGAIN > now
