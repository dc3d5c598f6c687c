"""Rules tried on recorded pages: what they are given of each, what a scorer makes of it, what hosts gain."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.extraction import Recorded
from pipelines.body import lines as body_lines
from pipelines.body.lines import RULES, Rule, Surroundings, own_lines
from pipelines.extraction import extract
from pipelines.items import Rejected

RESAMPLED = 1000
SEED = 4

Scores = Mapping[str, float]
"""The F1 of each page, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the line rules were given of a page."""

    id: str
    host: str
    lines: Sequence[str] = field(repr=False)
    around: Surroundings = field(repr=False)


class Judge:
    """The scorer, asked once for every text of a page."""

    def __init__(self, path: Path, pages: Path) -> None:
        path = path / "score_extraction.py" if path.is_dir() else path
        spec = importlib.util.spec_from_file_location("score", path)
        assert spec is not None
        assert spec.loader is not None
        self.score: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.score)
        self.gold: Mapping[str, Any] = self.score.load_gold(pages)
        self._known: dict[tuple[str, str], float] = {}

    def f1(self, key: str, lines: Sequence[str]) -> float:
        """The page's F1 with these lines as its text."""
        text = "\n".join(lines)
        if (key, text) not in self._known:
            self._known[key, text] = self.score.prf(*self.score.body_counts(self.gold[key], text))[2]
        return self._known[key, text]

    def has_body(self, key: str) -> bool:
        """Whether the gold of a page says what its text is."""
        return bool(self.gold[key].get("body"))

    def snippets(self, key: str, lines: Sequence[str]) -> tuple[int, int]:
        """Of the snippets that a page's text must hold and those that it must not: how many it holds."""
        text = self.score.snippet_norm("\n".join(lines))
        wanted, unwanted = (self.gold[key].get(name) or [] for name in ("with", "without"))
        return tuple(sum(self.score.snippet_norm(one) in text for one in some) for some in (wanted, unwanted))


@contextmanager
def listening() -> Iterator[list[tuple[Sequence[str], Surroundings, list[str]]]]:
    """What is asked of the line rules while this lasts, and what they answer."""
    heard: list[tuple[Sequence[str], Surroundings, list[str]]] = []

    def own(lines: Sequence[str], around: Surroundings, rules: Sequence[Rule] = RULES) -> list[str]:
        answer = own_lines(lines, around, rules)
        heard.append((lines, around, answer))
        return answer

    asking = [module for module in list(sys.modules.values()) if getattr(module, "own_lines", None) is own_lines]
    asking = [module for module in asking if module is not body_lines and module.__name__ != __name__]
    for module in asking:
        module.own_lines = own  # type: ignore[attr-defined]  # put back below
    try:
        yield heard
    finally:
        for module in asking:
            module.own_lines = own_lines  # type: ignore[attr-defined]  # as it was


def given(pages: Iterable[Recorded]) -> Iterator[Given]:
    """What the line rules are given of each page whose text goes through them."""
    with listening() as heard:
        for page in pages:
            heard.clear()
            try:
                text = extract(page.body, page.url, with_links=False).body
            except Rejected:
                continue
            for lines, around, answer in heard:
                if "\n".join(answer) == text:
                    yield Given(id=page.id, host=page.outlet, lines=lines, around=around)
                    break


def scores(pages: Iterable[Given], judge: Judge, rules: Sequence[Rule]) -> Scores:
    """The F1 of each page whose gold has a text, by these rules."""
    return {page.id: judge.f1(page.id, own_lines(page.lines, page.around, rules)) for page in pages}


def by_host(pages: Iterable[Given], before: Scores, after: Scores) -> dict[str, list[float]]:
    """What the pages of each host gain."""
    found: dict[str, list[float]] = defaultdict(list)
    for page in pages:
        found[page.host].append(after[page.id] - before[page.id])
    return found


def interval(gains: Mapping[str, Sequence[float]], *, seed: int = SEED) -> tuple[float, float, float]:
    """The mean gain of a page, and between what it lies in 95 of 100 samples of the hosts."""
    hosts = [(sum(some), len(some)) for some in gains.values() if some]
    if not hosts:
        return 0.0, 0.0, 0.0
    chance = random.Random(seed)
    samples = (chance.choices(hosts, k=len(hosts)) for _ in range(RESAMPLED))
    means = sorted(sum(gain for gain, _ in sample) / sum(count for _, count in sample) for sample in samples)
    mean = sum(gain for gain, _ in hosts) / sum(count for _, count in hosts)
    return mean, means[round(0.025 * (RESAMPLED - 1))], means[round(0.975 * (RESAMPLED - 1))]


def parts(hosts: Iterable[str], count: int, *, seed: int = SEED) -> list[set[str]]:
    """The hosts in so many parts of one size, by chance."""
    shuffled = sorted(set(hosts))
    random.Random(seed).shuffle(shuffled)
    return [set(shuffled[start::count]) for start in range(count)]


def tuned(
    pages: Sequence[Given], tried: Mapping[float, Scores], off: Scores, default: float, folds: int
) -> tuple[list[float], dict[str, list[float]]]:
    """The value that each fold's other hosts choose, and what the fold's own pages gain by it over doing without.

    Where several values do as well, the one next to the default is chosen.
    """
    chosen: list[float] = []
    gains: dict[str, list[float]] = defaultdict(list)
    for fold in parts((page.host for page in pages), folds):
        seen = [page.id for page in pages if page.host not in fold]
        worth = {value: round(sum(found[key] for key in seen), 9) for value, found in tried.items()}
        best = min(worth, key=lambda value: (-worth[value], abs(value - default)))
        chosen.append(best)
        for page in pages:
            if page.host in fold:
                gains[page.host].append(tried[best][page.id] - off[page.id])
    return chosen, gains
