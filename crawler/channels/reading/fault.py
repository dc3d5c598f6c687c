"""Why a document was not read to its end."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.channels.ask import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What keeps a listing from being complete, as the coverage ledger tells it.

    `saturated` where our own bound was reached, `failed` where the document was cut or broken. What stood before the
    fault is kept in both cases; the ask is not revalidated, so that the next run asks for the whole again.
    """

    status: Status
    reason: str


def cut_short(what: str = "the document") -> Fault:
    """The fault of a document that ends too early."""
    return Fault(status="failed", reason=f"{what} is cut short; what stood before the cut is kept")


def too_much(what: str) -> Fault:
    """The fault of a document that is larger than we read."""
    return Fault(status="saturated", reason=f"more than {what}; the rest is left unread")


def counted(count: int, one: str, more: str) -> str:
    """`1 entry`, `2 entries`: counts as the ledger words them."""
    return f"{count:,} {one if count == 1 else more}"
