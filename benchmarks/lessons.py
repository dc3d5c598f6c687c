"""What the headlines of judged pages are worth: recall of a simulated crawl with and without their lessons.

    python -m benchmarks.lessons STREAM TOPICS --seeds N [--query] [--titles] [--batches 10] [--step 20]

Links arrive in batches, by date, or shuffled where the stream has none. After each, the best that wait are fetched,
within 1, 2 and 5 times as many pages in all as there are articles to find. A page that is fetched is judged by its
text, and its verdict teaches the order of those that wait, after every step anew. Labels are only counted by.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from zlib import crc32

from benchmarks.streams import Line, article_of, lines_of, topics_of
from pipelines.lessons import LATEST, Lessons, Outcome, lessons, taught
from pipelines.relevance import judge, link_score
from pipelines.topic import Topic

BUDGETS = (1, 2, 5)


def fetched(
    links: Sequence[Line],
    scores: Mapping[str, float],
    outcome: Callable[[Line], Outcome] | None,
    language: str,
    budget: int,
    *,
    batches: int,
    step: int,
) -> list[str]:
    """The ids of the links that are fetched within a budget; without `outcome` nothing is learnt from them."""
    waiting: list[Line] = []
    taken: list[str] = []
    outcomes: list[Outcome] = []
    learnt: Lessons = {}

    def worth(line: Line) -> float:
        return -taught(scores[line["id"]], line["title"], line.get("url") or "", learnt)

    for batch in range(batches):
        waiting += links[batch * len(links) // batches : (batch + 1) * len(links) // batches]
        while (room := (batch + 1) * budget // batches - len(taken)) > 0 and waiting:
            waiting.sort(key=worth)
            best, waiting = waiting[: min(room, step)], waiting[min(room, step) :]
            taken += [line["id"] for line in best]
            if outcome is not None:
                outcomes += map(outcome, best)
                learnt = lessons(outcomes[-LATEST:], language)
    return taken


def recalls(
    links: Sequence[Line], topic: Topic, wanted: Collection[str], batches: int, step: int
) -> tuple[list[float], list[float]]:
    """The shares of the wanted that are fetched at each budget, without lessons and with them."""
    scores = {line["id"]: link_score(line["title"], line.get("url") or "", topic) for line in links}

    def outcome(line: Line) -> Outcome:
        decision = judge(article_of(line), topic).decision
        return Outcome(title=line["title"], url=line.get("url") or "", promised=scores[line["id"]], decision=decision)

    def recall(budget: int, outcome: Callable[[Line], Outcome] | None) -> float:
        pages = budget * len(wanted)
        taken = fetched(links, scores, outcome, topic.language, pages, batches=batches, step=step)
        return len({*taken} & {*wanted}) / len(wanted)

    return [recall(budget, None) for budget in BUDGETS], [recall(budget, outcome) for budget in BUDGETS]


def main() -> None:
    """Print the mean recalls without and with lessons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", type=Path, metavar="STREAM")
    parser.add_argument("topics", type=Path, metavar="TOPICS")
    parser.add_argument("--seeds", type=int, default=1, metavar="N")
    parser.add_argument("--query", action="store_true")
    parser.add_argument("--titles", action="store_true", help="leave the addresses out")
    parser.add_argument("--batches", type=int, default=10, help="batches that links arrive in; 1 is all at once")
    parser.add_argument("--step", type=int, default=20, help="pages that are fetched before the order is made anew")
    asked = parser.parse_args()
    stream = {line["id"]: line for line in lines_of(asked.stream)}
    if asked.titles:
        stream = {key: {**line, "url": ""} for key, line in stream.items()}
    labels = {line["topic"]: line for line in lines_of(asked.topics)}
    began, found = time.process_time(), []
    for name, topic in topics_of(asked.topics, stream, asked.seeds, query=asked.query):
        skip = {*labels[name]["seeds"], *labels[name].get("ignore", ())}
        keys = sorted(stream.keys() - skip, key=lambda key: (stream[key].get("date") or "", crc32(key.encode())))
        if wanted := {*labels[name]["relevant"]} - skip:
            found.append(recalls([stream[key] for key in keys], topic, wanted, asked.batches, asked.step))
    print(f"{len(found)} topics, {time.process_time() - began:.0f} s", file=sys.stderr)
    for how, columns in zip(("without", "with"), zip(*found, strict=True), strict=True):
        means = [sum(column) / len(found) for column in zip(*columns, strict=True)]
        print(f"{how:8}", "  ".join(f"{times}x {mean:.4f}" for times, mean in zip(BUDGETS, means, strict=True)))


if __name__ == "__main__":
    main()
