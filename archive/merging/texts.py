"""Which text an article has, and which of the others are versions of it, by what several archives tell of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from archive.furniture import packed
from archive.merging.accounts import Account, Telling, both, written

Same = Callable[[Telling, Telling], bool]
"""Whether two texts of an article say the same."""

COMPARED = 64  # newer versions that a text is compared with


def joined(mine: Account, theirs: Account) -> Account:
    """What two archives tell of one article, put together.

    Its text is the one that was seen last, with all that belongs to it. Every other text is kept once; where its bytes
    lie, says the last record of it, and when the article was published, the most exact and then the earliest claim.
    """
    now, then = (mine, theirs) if rank(mine) >= rank(theirs) else (theirs, mine)
    others: dict[str, Telling] = {}
    for telling in [*now.others.values(), *then.others.values(), told(now), told(then)]:
        before = others.get(telling.content_hash)
        others[telling.content_hash] = telling if before is None else both(before, telling)
    own = others[now.said("content_hash")]
    if not own.shown:
        del others[own.content_hash]
    url = min(mine.url, theirs.url, key=fitness)
    date = min(filter(None, (mine.date, theirs.date)), key=_dated, default=())
    return replace(now, url=url, date=date, fetch=own.fetch, others=others)


def rank(account: Account) -> tuple[Any, ...]:
    """By what one archive's text of an article goes before another's: when it was seen, then who knew more."""
    furniture = account.details.furniture
    said = (account.said("fetched"), account.said("extractor"), len(furniture), account.said("content_hash"))
    return (*said, furniture, written(account))


def fitness(url: str) -> tuple[bool, int, str]:
    """By what one of several addresses of an article is its own: secure, short, first."""
    return not url.startswith("https://"), len(url), url


def _dated(date: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*date[:2], str(date[2]), date[3] is None, date[3] or 0)


def told(account: Account) -> Telling:
    """The text of now, as it is told once another one has taken its place."""
    content = account.said("content_hash")
    return Telling(
        content_hash=content, fetched=account.said("fetched"), title=account.said("title"), body=account.body,
        fetch=account.fetch, furniture=packed(account.details.furniture), shown=False,
    )  # fmt: skip


def parted(account: Account, same: Same) -> tuple[list[Telling], list[Telling]]:
    """The versions of an article, the oldest first, and the texts that are none.

    From the newest back: a text is a version where none of the newer ones says the same, or where the archive that saw
    it replaced found so.
    """
    now = told(account)
    kept, versions, tellings = [now], [], []
    for telling in sorted(account.others.values(), key=lambda one: (one.fetched, one.content_hash), reverse=True):
        if telling.content_hash == now.content_hash:
            tellings.append(telling)
        elif telling.shown or not _says(telling, kept[:COMPARED], same):
            kept.append(telling)
            versions.append(telling)
        else:
            tellings.append(telling)
    return versions[::-1], tellings[::-1]


def _says(telling: Telling, newer: Iterable[Telling], same: Same) -> bool:
    return any(_of_one_page(telling, one) or same(telling, one) for one in newer)


def _of_one_page(one: Telling, other: Telling) -> bool:
    """Whether two texts were read in the same bytes: no reading of ours makes a version."""
    return one.fetch is not None and other.fetch is not None and one.fetch[1] == other.fetch[1]
