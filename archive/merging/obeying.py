"""Rulings on which articles are of one story, laid upon stories that were found without them."""

from __future__ import annotations

from collections.abc import Sequence

Ruling = tuple[str, int, int]
"""`together` or `apart`, and two articles by their places."""


class Classes:
    """Articles that are together, and which of them are apart."""

    def __init__(self, count: int) -> None:
        self.heads = list(range(count))
        self.apart: list[tuple[int, int]] = []

    def head(self, one: int) -> int:
        """The article that stands for those that are together with one."""
        while self.heads[one] != one:
            self.heads[one] = self.heads[self.heads[one]]
            one = self.heads[one]
        return one

    def unite(self, one: int, two: int) -> bool:
        """Whether two articles are together from now on; not where any of theirs are apart."""
        heads = self.head(one), self.head(two)
        if any({self.head(first), self.head(second)} == set(heads) for first, second in self.apart):
            return False
        self.heads[max(heads)] = min(heads)
        return True

    def part(self, one: int, two: int) -> None:
        """Let two articles be apart from now on, where they are not together."""
        if self.head(one) != self.head(two):
            self.apart.append((one, two))


def parted(stories: Sequence[Sequence[int]], rulings: Sequence[Ruling]) -> list[list[int]]:
    """The stories as rulings change them, the latest ruling first: it holds against all before it.

    Articles are numbered from 0, and every one is in one of the stories. What is ruled together moves together; of a
    story whose articles are apart, each of the others stays with the first that it may be with.
    """
    classes = Classes(sum(map(len, stories)))
    for ruling, one, two in rulings:
        if ruling == "together":
            classes.unite(one, two)
        else:
            classes.part(one, two)
    for story in sorted(map(sorted, stories)):
        firsts: list[int] = []
        for one in story:
            if not any(classes.head(first) == classes.head(one) or classes.unite(first, one) for first in firsts):
                firsts.append(one)
    found: dict[int, list[int]] = {}
    for one in range(len(classes.heads)):
        found.setdefault(classes.head(one), []).append(one)
    return list(found.values())
