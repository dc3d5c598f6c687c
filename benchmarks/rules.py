"""What each rule of the text is worth, on hosts that it was not made for.

    python -m benchmarks.rules PAGES_DIR --score SCORE_DIR_OR_FILE [--folds 5]

Every page is extracted once; what the line rules were given is kept, and the rules are played over it many times.
Printed are each rule's gain in page F1, all else equal, with an interval over resampled hosts, and what it does to the
snippets that a text must hold and must not; each number of a rule, chosen on the hosts of all folds but one and
measured on those of that fold; and the phrases, each counted only on hosts other than those that may have suggested it:
a phrase that fires on one host alone counts nowhere.

The scorer is loaded from the path that is given: a file with `load_gold`, `body_counts`, `prf` and `snippet_norm`.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from benchmarks.extraction import recorded
from benchmarks.trials import Given, Judge, Scores, by_host, given, interval, scores, tuned
from pipelines.body.lines import RULES, Lists, Promotion, Rule, own_lines
from pipelines.body.promotion import PHRASES, Phrases, Section

FACTORS = (0.0, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)  # of a number, for the values that are tried in its place

Fired = tuple[Section, str]


def print_rules(pages: Sequence[Given], judged: Sequence[Given], judge: Judge, full: Scores) -> None:
    """A line for each rule: what it is worth, all others at work."""
    print("\n| rule | fires on | hosts | gain, 1/1000 | 95 of 100 | hosts + | hosts - | unwanted out | wanted lost |")
    print("|---|---|---|---|---|---|---|---|---|")
    texts = {page.id: own_lines(page.lines, page.around) for page in pages}
    for at, rule in enumerate(RULES):
        others = [*RULES[:at], *RULES[at + 1 :]]
        without = {page.id: own_lines(page.lines, page.around, others) for page in pages}
        fired = [page for page in pages if without[page.id] != texts[page.id]]
        off = {page.id: judge.f1(page.id, without[page.id]) for page in judged}
        gains = by_host(judged, off, full)
        mean, low, high = (1000 * one for one in interval(gains))
        sums = [sum(some) for some in gains.values()]
        snips = [(judge.snippets(page.id, without[page.id]), judge.snippets(page.id, texts[page.id])) for page in fired]
        wanted, unwanted = (sum(before[side] - after[side] for before, after in snips) for side in (0, 1))
        print(
            f"| {type(rule).__name__} | {len(fired)} | {len({page.host for page in fired})} | {mean:+.2f}"
            f" | {low:+.2f} to {high:+.2f} | {sum(one > 1e-9 for one in sums)} | {sum(one < -1e-9 for one in sums)}"
            f" | {unwanted} | {wanted} |"
        )


def print_numbers(judged: Sequence[Given], judge: Judge, full: Scores, folds: int) -> None:
    """A line for each number of a rule: what other hosts would choose, and what that is worth on those left out."""
    print("\n| number | value | chosen by the folds | gain on hosts left out, 1/1000 | 95 of 100 | by its value |")
    print("|---|---|---|---|---|---|")
    for at, rule in enumerate(RULES):
        off = scores(judged, judge, [*RULES[:at], *RULES[at + 1 :]])
        default = 1000 * interval(by_host(judged, off, full))[0]
        for name, value, values in numbers(rule):
            tried = {
                other: scores(judged, judge, [*RULES[:at], replace(rule, **{name: other}), *RULES[at + 1 :]])  # type: ignore[type-var]  # a dataclass
                for other in values
            }
            chosen, gains = tuned(judged, tried, off, value, folds)
            mean, low, high = (1000 * one for one in interval(gains))
            print(
                f"| {type(rule).__name__}.{name} | {value} | {' '.join(map(str, sorted(chosen)))} | {mean:+.2f}"
                f" | {low:+.2f} to {high:+.2f} | {default:+.2f} |"
            )


def numbers(rule: Rule) -> Iterator[tuple[str, float, list[float]]]:
    """The numbers of a rule: name, value, and the values that are tried."""
    for one in fields(rule):  # type: ignore[arg-type]  # every rule is a dataclass
        value = getattr(rule, one.name)
        if isinstance(value, (int, float)):
            yield one.name, value, sorted({type(value)(value * factor) for factor in FACTORS})


def print_phrases(pages: Sequence[Given], judged: Sequence[Given], judge: Judge) -> None:
    """What phrases are worth on hosts other than those that may have suggested them, and those that take gold."""
    hosts, right, wrong = firing(pages), Counter[Fired](), Counter[Fired]()
    for page in judged:
        for fired, gain in lines_taken(page, judge):
            (right if gain > 0 else wrong if gain < 0 else Counter[Fired]())[fired] += 1
    off = scores(judged, judge, [rule for rule in RULES if not isinstance(rule, (Lists, Promotion))])
    everywhere = scores(judged, judge, RULES)
    unseen: dict[str, float] = {}
    for host in {page.host for page in judged}:
        rules = with_phrases(spread(hosts, host))
        unseen.update(scores([page for page in judged if page.host == host], judge, rules))
    for name, found in (("all phrases", everywhere), ("phrases that fire on another host too", unseen)):
        mean, low, high = (1000 * one for one in interval(by_host(judged, off, found)))
        print(f"\n{name}: {mean:+.2f} ({low:+.2f} to {high:+.2f})", end="")
    print("\n\n| section | phrases | fired | on two hosts or more | hosts | lines right | lines wrong |")
    print("|---|---|---|---|---|---|---|")
    for group, some in groups().items():
        fired = [one for one in some if one in hosts]
        print(
            f"| {group} | {len(some)} | {len(fired)} | {sum(len(hosts[one]) > 1 for one in fired)}"
            f" | {len(set().union(*(hosts[one] for one in fired)))}"
            f" | {sum(right[one] for one in some)} | {sum(wrong[one] for one in some)} |"
        )
    print(
        "\nTaken from gold:", "; ".join(f"{one[1]} ({count} wrong, {right[one]} right)" for one, count in wrong.items())
    )


def lines_taken(page: Given, judge: Judge) -> Iterator[tuple[Fired, float]]:
    """The phrases that take lines out of a page's text, and what each line's going is worth by itself."""
    rules = [rule for rule in RULES if not isinstance(rule, (Lists, Promotion))]
    (rule,) = (rule for rule in RULES if isinstance(rule, Promotion))
    lines = own_lines(page.lines, page.around, rules)
    for place, line in enumerate(lines):
        if len(line) <= rule.longest and (fired := rule.phrases.found(line)):
            left = [*lines[:place], *lines[place + 1 :]]
            yield fired, judge.f1(page.id, left) - judge.f1(page.id, lines)


def firing(pages: Iterable[Given]) -> dict[Fired, set[str]]:
    """The hosts on which each phrase makes a line promotion."""
    longest = max(rule.longest for rule in RULES if isinstance(rule, Promotion))
    found: dict[Fired, set[str]] = defaultdict(set)
    for page in pages:
        for line in page.lines:
            if len(line) <= longest and (fired := PHRASES.found(line)):
                found[fired].add(page.host)
    return found


def spread(hosts: Mapping[Fired, Collection[str]], host: str) -> Phrases:
    """The phrases that fire on a host other than this one."""
    return Phrases(
        {
            section: some
            if section == "networks"
            else [one for one in some if {*hosts.get((section, one), ())} - {host}]
            for section, some in PHRASES.sections.items()
        }
    )


def with_phrases(phrases: Phrases) -> list[Rule]:
    """The rules, with these phrases in place of all."""
    return [replace(rule, phrases=phrases) if isinstance(rule, (Lists, Promotion)) else rule for rule in RULES]


def groups() -> dict[str, list[Fired]]:
    """The phrases by section and the language under which they stand there."""
    found: dict[str, list[Fired]] = defaultdict(list)
    section: Any = ""
    language = ""
    for line in files("pipelines.body").joinpath("promotions.txt").read_text(encoding="utf-8").splitlines():
        if line[1:-1] in PHRASES.sections:
            section, language = line[1:-1], ""
        elif line.startswith("#"):
            language = line.strip("# ")
        elif section and line and section != "networks":
            found[f"{section}, {language}" if language else section].append((section, line))
    return found


def main() -> None:
    """Read the pages, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, metavar="PAGES_DIR", help="a folder with a folder for each set of pages")
    parser.add_argument("--score", type=Path, required=True, metavar="PATH", help="the scorer, or the folder it is in")
    parser.add_argument("--folds", type=int, default=5, metavar="N", help="parts of the hosts (default: 5)")
    asked = parser.parse_args()
    judge = Judge(asked.score, asked.pages)
    pages = [page for page in given(recorded(asked.pages)) if page.id in judge.gold]
    judged = [page for page in pages if judge.has_body(page.id)]
    began = time.process_time()
    full = scores(judged, judge, RULES)
    bare = scores(judged, judge, ())
    print(
        f"{len(pages)} pages of {len({page.host for page in pages})} hosts; gold texts: {len(judged)} pages of", end=" "
    )
    print(
        f"{len({page.host for page in judged})} hosts. Page F1 {sum(bare.values()) / len(bare):.4f} without rules,",
        end=" ",
    )
    print(f"{sum(full.values()) / len(full):.4f} with all; {1e6 * cost(pages):.0f} µs a page.")
    print_rules(pages, judged, judge, full)
    print_numbers(judged, judge, full, asked.folds)
    print_phrases(pages, judged, judge)
    print(f"\n{time.process_time() - began:.0f} s after extraction")


def cost(pages: Sequence[Given]) -> float:
    """Seconds that the rules take for a page."""
    began = time.process_time()
    for page in pages:
        own_lines(page.lines, page.around)
    return (time.process_time() - began) / len(pages)


if __name__ == "__main__":
    main()
