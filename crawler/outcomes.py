"""From what went wrong with a request to the outcome of its candidate."""

from __future__ import annotations

from datetime import datetime, timedelta

from scrapy.exceptions import IgnoreRequest
from scrapy.utils.python import global_object_name

from archive.rows import OutcomeRow, TakenRow
from crawler.guards import FetchRefused
from crawler.handlers import Hurried
from crawler.local_warcs import WarcUnreadable
from crawler.times import text_of
from pipelines.items import Rejected, State

MAX_TRIES = 6


def next_try(tries: int, now: datetime) -> str | None:
    """When a candidate that failed `tries` times before is due again: 1, 2, 4 ... 32 hours on; None after six."""
    return text_of(now + timedelta(hours=2**tries)) if tries + 1 < MAX_TRIES else None


def of_rejection(rejected: Rejected, taken: TakenRow, now: datetime) -> OutcomeRow | None:
    """The outcome of a page that became no article; None where the candidate just stays waiting.

    Where the article is here already, its page is gone, or could not be read as the article that it was.
    """
    if rejected.state == "waiting":
        return None
    state, is_retried = rejected.state, rejected.retry
    if taken.known and not taken.via and state == "not-an-article":
        state, is_retried = ("gone", False) if rejected.gone else ("failed", True)
    due = next_try(taken.tries, now) if is_retried and not taken.is_look else None
    return OutcomeRow(candidate_id=taken.id, state=state, reason=rejected.reason, next_try=due, is_look=taken.is_look)


def of_exception(error: BaseException, taken: TakenRow, now: datetime) -> OutcomeRow | None:
    """The outcome of a request that brought no page; None where the candidate just stays waiting."""
    state, reason = fate_of(error)
    if state == "waiting" and not isinstance(error, FetchRefused):
        return None
    due = text_of(error.until) if isinstance(error, FetchRefused) else None
    if state == "failed":
        due = next_try(taken.tries, now)
    return OutcomeRow(
        candidate_id=taken.id,
        state=state,
        reason=reason,
        next_try=None if taken.is_look else due,
        is_look=taken.is_look,
    )


def fate_of(error: BaseException) -> tuple[State, str]:
    """What a failed request means, and why: refused by someone, to be asked later (waiting), or failed."""
    match error:
        case Hurried():
            return "waiting", "the run was stopped"
        case FetchRefused(until=datetime()):
            return "waiting", f"{error.by}: {error.reason}"
        case FetchRefused():
            return "refused", f"{error.by}: {error.reason}"
        case IgnoreRequest():
            return "refused", str(error) or "ignored"
    return "failed", fault_of(error)


def is_out_of_reach(error: BaseException) -> bool:
    """Whether a host was not reached at all, or its robots.txt was not; a file of this machine is no host."""
    if isinstance(error, FetchRefused):
        return error.by == "robots" and error.until is not None
    return fate_of(error)[0] == "failed" and not isinstance(error, WarcUnreadable)


def fault_of(error: BaseException) -> str:
    """One short line that names a fault: class and message, without the object's address or the page's text."""
    name = global_object_name(type(error)).rsplit(".", 1)[-1]
    text = " ".join(str(error).split())[:200]
    return f"{name}: {text}" if text else name
