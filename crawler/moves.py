"""Where a source has moved for good, as its redirects say it."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.urls import canonical

PERMANENT = (301, 308)


def moved_to(asked: str, redirect_urls: Sequence[str], redirect_reasons: Sequence[object], final_url: str) -> str:
    """The address to which the permanent redirects of an answer lead; empty where it has not moved.

    `redirect_urls` are the addresses asked on the way, `redirect_reasons` the status with which each led on (or what
    else did: a meta refresh). What lies behind the first hop that is not permanent is where it is today only.
    """
    way = [*redirect_urls, final_url]
    hops = 0
    while hops < min(len(redirect_urls), len(redirect_reasons)) and redirect_reasons[hops] in PERMANENT:
        hops += 1
    try:
        there = canonical(way[hops]) if hops else ""
        return "" if there == canonical(asked) else there
    except ValueError:
        return ""
