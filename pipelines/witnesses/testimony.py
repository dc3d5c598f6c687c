"""Who said what: a field of a page is settled from the claims of its witnesses, and what they said is kept with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from pipelines.body import lines
from pipelines.items import Testimony

T = TypeVar("T")
Claim = tuple[str, T]
"""A witness and what it says."""

MOST = 4  # claims that disagree, kept for one field
LONGEST = 200  # characters of a claim that is kept


class Hearing:
    """The hearing of one page: each field is settled once, and the record tells by whom and against whom."""

    def __init__(self) -> None:
        self._record: dict[str, Testimony] = {}

    @property
    def record(self) -> tuple[Testimony, ...]:
        """What was heard: a testimony for each field that has a value, in the order of their settling."""
        return tuple(self._record.values())

    def settle(
        self,
        field: str,
        claims: Iterable[Claim[T]],
        nothing: T,
        *,
        words: Callable[[T], str] = str,
        key: Callable[[T], Hashable] | None = None,
    ) -> T:
        """The value of the first claim that says something, else `nothing`; who says otherwise goes on record.

        None, empty texts and empty tuples say nothing; False and 0 do. `words` writes a value down for the record. Two
        values say the same where `key` is equal: without it, where their letters and digits are.
        """
        said = [(witness, value) for witness, value in claims if value is not None and value not in ("", ())]
        if not said:
            return nothing
        same = key or (lambda value: lines.key(unicodedata.normalize("NFKC", words(value))))
        witness, value = said[0]
        others: dict[Hashable, tuple[str, str]] = {}
        for other, claim in said[1:]:
            if claim != value:
                others.setdefault(same(claim), (other, words(claim)[:LONGEST]))
        if others:
            others.pop(same(value), None)
        self._record[field] = Testimony(field=field, witness=witness, others=tuple(others.values())[:MOST])
        return value
