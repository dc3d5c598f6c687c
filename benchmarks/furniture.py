"""What would be called furniture in articles that have none, and what is counted for it.

    python -m benchmarks.furniture STREAM... [--topics FILE] [--site HOST]

STREAM holds clean articles, one a line: `id`, `title`, `text`, `date` and where known `site`. What an outlet's articles
share there are background, captions and boxes that were used again: whatever is taken out is taken wrongly, but for a
few lines that the makers of the stream overlooked. Played are all articles of the largest site, or of the one that is
named, and those of each topic of FILE as an archive of its own: as a crawl meets them, and read again when all are
known. Every line of a table is for another share of the outlet's other articles that must have a line.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from archive.furniture import OTHERS
from benchmarks.streams import Line, article_of, lines_of
from pipelines.body.furniture import line_hash, line_hashes, without_furniture
from pipelines.items import Article

SHARES = (0.0, 0.1, 0.2, 1 / 4, 1 / 3, 1 / 2)
FEWEST = 15  # articles of a topic


def articles(lines: Iterable[Line]) -> list[Article]:
    """The articles in the order of their dates, a paragraph a line."""
    found = []
    for line in sorted(lines, key=lambda line: str(line.get("date") or "9")):
        body = "\n".join(text for raw in article_of(line).body.split("\n") if (text := " ".join(raw.split())))
        found.append(Article(title=line["title"], body=body, lines=line_hashes(body)))
    return found


def played(read: Iterable[Article], share: float, *, again: bool) -> Iterator[tuple[Article, Article]]:
    """Each article with what is left of it, by what those before it share; with `again`, by what all others share."""
    read = list(read)
    counts: Counter[int] = Counter()
    if again:
        for article in read:
            counts.update(article.lines)
    for article in read:
        others = {line: counts[line] - again for line in article.lines}
        wanted = max(OTHERS, math.ceil(share * max(others.values())))
        yield article, without_furniture(article, {line for line, some in others.items() if some >= wanted})
        if not again:
            counts.update(article.lines)


def taken(pairs: Iterable[tuple[Article, Article]]) -> tuple[float, float, float]:
    """Lines that an article loses, and the shares of its characters and of all articles that lose some."""
    pairs = list(pairs)
    lines = sum(read.body.count("\n") - left.body.count("\n") for read, left in pairs)
    share = 1 - sum(len(left.body) for _, left in pairs) / sum(len(read.body) for read, _ in pairs)
    return lines / len(pairs), share, sum(read is not left for read, left in pairs) / len(pairs)


def print_archives(archives: Sequence[Sequence[Article]]) -> None:
    """A line for each share: what the articles of these archives lose."""
    read = [article for some in archives for article in some]
    rows = sum(len(article.lines) for article in read) / len(read)
    lines = sum(len(set(map(line_hash, article.body.split("\n")))) for article in read) / len(read)
    print(f"{len(read)} articles, {lines:.1f} lines each, of which {rows:.1f} are counted")
    print(
        "| share | lines lost in a crawl | characters | articles | lines lost when read again | characters | articles |"
    )
    print("|---|---|---|---|---|---|---|")
    for share in SHARES:
        figures = [
            taken(pair for some in archives for pair in played(some, share, again=again)) for again in (False, True)
        ]
        cells = [f"{lines:.2f} | {characters:.2%} | {some:.1%}" for lines, characters, some in figures]
        print(f"| {share:.2f} | {' | '.join(cells)} |")


def main() -> None:
    """Read the streams, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("streams", type=Path, nargs="+", metavar="STREAM", help="articles, .jsonl or .jsonl.gz")
    parser.add_argument("--topics", type=Path, metavar="FILE", help="topics with the ids of their articles")
    parser.add_argument("--site", default="", metavar="HOST", help="the site whose articles are played")
    asked = parser.parse_args()
    lines: Mapping[str, Line] = {line["id"]: line for stream in reversed(asked.streams) for line in lines_of(stream)}
    sites = Counter(line["site"] for line in lines.values() if line.get("site"))
    site = asked.site or sites.most_common(1)[0][0]
    print(f"{site}: ", end="")
    print_archives([articles(line for line in lines.values() if line.get("site") == site)])
    if asked.topics:
        topics = [{*line["seeds"], *line["relevant"]} & lines.keys() for line in lines_of(asked.topics)]
        some = [articles(lines[key] for key in sorted(ids)) for ids in topics if len(ids) >= FEWEST]
        print(f"\n{len(some)} topics: ", end="")
        print_archives(some)


if __name__ == "__main__":
    main()
