"""What the history of hosts is worth: recall of a simulated crawl with and without it.

    python -m benchmarks.history STREAM TOPICS --seeds N [--query] [--budget 2]

Links arrive in ten batches, by date, or shuffled where the stream has none. After each, the best that wait are fetched,
within twice as many pages in all as there are articles to find; what they turn out to be counts for their host from
then on. Only here are labels read, as the outcome of a fetch.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

from benchmarks.streams import Line, lines_of, topics_of
from pipelines.promise import promise
from pipelines.relevance import link_score

BATCHES, STEP = 10, 5


def host_of(line: Line) -> str:
    """The host that a link leads to, or what the stream calls its site; empty where neither is known."""
    return urlsplit(line.get("url") or "").hostname or str(line.get("site") or "")


def recall(
    links: Sequence[str], scores: Mapping[str, float], hosts: Mapping[str, str], wanted: Collection[str], budget: int
) -> float:
    """The share of the wanted that is fetched; hosts that are not named have no history."""
    history: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    waiting: list[str] = []
    fetched: list[str] = []

    def worth(link: str) -> float:
        kept, dropped = history[hosts[link]] if link in hosts else (0, 0)
        return promise(scores[link], kept, dropped)

    for batch in range(BATCHES):
        waiting += links[batch * len(links) // BATCHES : (batch + 1) * len(links) // BATCHES]
        while (room := (batch + 1) * budget // BATCHES - len(fetched)) > 0 and waiting:
            waiting.sort(key=worth, reverse=True)
            step = min(room, STEP)
            for link in waiting[:step]:
                history[hosts.get(link, "")][link not in wanted] += 1
            fetched += waiting[:step]
            del waiting[:step]
    return sum(link in wanted for link in fetched) / len(wanted)


def main() -> None:
    """Print the mean recall without and with history."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", type=Path, metavar="STREAM")
    parser.add_argument("topics", type=Path, metavar="TOPICS")
    parser.add_argument("--seeds", type=int, default=1, metavar="N")
    parser.add_argument("--query", action="store_true")
    parser.add_argument("--budget", type=float, default=2, help="pages for each article that is to be found")
    asked = parser.parse_args()
    stream = {line["id"]: line for line in lines_of(asked.stream)}
    hosts = {key: host for key, line in stream.items() if (host := host_of(line))}
    labels = {line["topic"]: line for line in lines_of(asked.topics)}
    figures = []
    for name, topic in topics_of(asked.topics, stream, asked.seeds, query=asked.query):
        skip = {*labels[name]["seeds"], *labels[name].get("ignore", ())}
        wanted = set(labels[name]["relevant"]) - skip
        links = sorted(stream.keys() - skip, key=lambda key: (stream[key].get("date") or "", crc32(key.encode())))
        scores = {key: link_score(stream[key]["title"], stream[key].get("url") or "", topic) for key in links}
        if wanted:
            pages = int(asked.budget * len(wanted))
            figures.append([recall(links, scores, known, wanted, pages) for known in ({}, hosts)])
    means = [sum(column) / len(figures) for column in zip(*figures, strict=True)]
    print(f"{len(hosts)} of {len(stream)} links have a host, of {len(set(hosts.values()))} hosts")
    print(f"recall without history {means[0]:.4f}, with history {means[1]:.4f}")


if __name__ == "__main__":
    main()
