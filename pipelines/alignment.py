"""Which items two sequences have in common, in order, within a number of steps that no input can exceed.

`difflib` finds the longest stretches, as a reader would, and takes quadratic time and more; so it is asked only where
what it can cost at most is within bounds. Longer sequences are cut first at the items that each of them has once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

STEPS = 10_000_000  # comparisons, for all questions together; some seconds at worst
EACH = 1_000_000  # comparisons between two cuts
DEEPEST = 4  # times that what lies between two cuts is cut again
NEAR = 10  # bags that are compared with one, where there are very many

Pair = tuple[int, int]


class Alignment:
    """Aligns sequences; what all its answers may cost together is bounded."""

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def equal(self, old: Sequence[str], new: Sequence[str]) -> list[Pair]:
        """The places of items that are equal, each pair further on in both sequences."""
        return list(self._equal(old, new, (0, 0), 0))

    def alike(self, old: Sequence[frozenset[str]], new: Sequence[frozenset[str]], least: float) -> list[Pair]:
        """The places of bags of words that have at least that part in common, so that most is in common over all.

        Of very many, each is compared with the few that are next.
        """
        cost = sum(map(_size, old)) * len(new)
        if not self._spend(cost):
            return list(_near(old, new, least))
        scores = [[_likeness(one, two) for two in new] for one in old]
        return _best([[score if score >= least else 0.0 for score in line] for line in scores])

    def _equal(self, old: Sequence[str], new: Sequence[str], at: Pair, depth: int) -> Iterator[Pair]:
        """The pairs of two parts that begin at these places."""
        first, last = _edges(old, new)
        yield from ((at[0] + place, at[1] + place) for place in range(first))
        old_end, new_end = len(old) - last, len(new) - last
        inner = (old[first:old_end], new[first:new_end])
        yield from self._inner(*inner, (at[0] + first, at[1] + first), depth)
        yield from ((at[0] + old_end + place, at[1] + new_end + place) for place in range(last))

    def _inner(self, old: Sequence[str], new: Sequence[str], at: Pair, depth: int) -> Iterator[Pair]:
        """The pairs of two parts that neither begin nor end alike."""
        cost = _cost(old, new)
        if not cost:
            return
        if self._spend(cost):
            for mine, theirs, size in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
                yield from ((at[0] + mine + place, at[1] + theirs + place) for place in range(size))
            return
        cuts = _cuts(old, new) if depth < DEEPEST else []
        above = (0, 0)
        for mine, theirs in [*cuts, (len(old), len(new))] if cuts else []:
            place = (at[0] + above[0], at[1] + above[1])
            yield from self._equal(old[above[0] : mine], new[above[1] : theirs], place, depth + 1)
            if mine < len(old):
                yield at[0] + mine, at[1] + theirs
            above = (mine + 1, theirs + 1)

    def _spend(self, cost: int) -> bool:
        """Whether so many comparisons may be made; they are then no longer left."""
        if cost > min(EACH, self.left):
            return False
        self.left -= cost
        return True


def _edges(old: Sequence[str], new: Sequence[str]) -> Pair:
    """How many items two sequences have in common at the beginning, and of the rest at the end."""
    most = min(len(old), len(new))
    first = next((place for place in range(most) if old[place] != new[place]), most)
    most -= first
    last = next((place for place in range(most) if old[-1 - place] != new[-1 - place]), most)
    return first, last


def _cost(old: Sequence[str], new: Sequence[str]) -> int:
    """What `difflib` can cost at most: for every stretch that it finds it may look at all equal pairs twice."""
    mine, theirs = Counter(old), Counter(new)
    shared = [(mine[item], theirs[item]) for item in mine.keys() & theirs.keys()]
    if not shared:
        return 0
    pairs = sum(one * two for one, two in shared)
    stretches = sum(min(pair) for pair in shared)
    return (len(old) + len(new) + pairs) * (2 * stretches + 1)


def _cuts(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """The longest row of items that each sequence has exactly once, in the order of both (patience)."""
    mine, theirs = Counter(old), Counter(new)
    places = {item: place for place, item in enumerate(new) if theirs[item] == 1}
    pairs = [(place, places[item]) for place, item in enumerate(old) if mine[item] == 1 and item in places]
    ends: list[int] = []  # the lowest place at which a row of each length can end
    tops: list[int] = []  # the pair that ends it
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(tops[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        tops[length : length + 1] = [number]
    row: list[Pair] = []
    number = tops[-1] if tops else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _size(words: frozenset[str]) -> int:
    return 1 + len(words)


def _likeness(one: frozenset[str], two: frozenset[str]) -> float:
    """The words in common, of the mean of both (0 to 1)."""
    return 2 * len(one & two) / (len(one) + len(two)) if one and two else 0.0


def _near(old: Sequence[frozenset[str]], new: Sequence[frozenset[str]], least: float) -> Iterator[Pair]:
    """Each bag with the likest of the few that follow the last one found."""
    after, last = 0, 0
    for place, words in enumerate(old):
        ahead = range(after, min(after + NEAR + min(place - last, NEAR), len(new)))
        score, other = max(((_likeness(words, new[one]), -one) for one in ahead), default=(0.0, 0))
        if score >= least:
            yield place, -other
            after, last = 1 - other, place


def _best(scores: list[list[float]]) -> list[Pair]:
    """The pairs, each further on in both directions, whose scores are most together; a score of 0 is none."""
    wide = len(scores[0]) if scores else 0
    most = [[0.0] * (wide + 1) for _ in range(len(scores) + 1)]
    for one in range(len(scores) - 1, -1, -1):
        for two in range(wide - 1, -1, -1):
            taken = scores[one][two] + most[one + 1][two + 1] if scores[one][two] else 0.0
            most[one][two] = max(taken, most[one + 1][two], most[one][two + 1])
    found: list[Pair] = []
    one = two = 0
    while one < len(scores) and two < wide:
        if scores[one][two] and most[one][two] == scores[one][two] + most[one + 1][two + 1]:
            found.append((one, two))
            one, two = one + 1, two + 1
        elif most[one][two] == most[one + 1][two]:
            one += 1
        else:
            two += 1
    return found
