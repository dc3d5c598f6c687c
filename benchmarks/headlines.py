"""Twenty headlines of the press that we ship, ranked by the default topic with its reasons, for a reader's eye.

    python -m benchmarks.headlines [SEED]

Half of them are on the topic, a quarter near it by their words only, a quarter off it, as their authors say; the choice
is spread evenly over all articles. SEED, a text or HTML file, is ranked among them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from crawler.folders import DEFAULT_TOPIC, topic_folders
from crawler.press.manuscripts import Bearing, Manuscript, manuscripts
from crawler.seeds import seed_from_file
from pipelines.items import Article, Verdict
from pipelines.relevance import judge
from pipelines.topic import find_topic, load_topic

SHARES: dict[Bearing, int] = {"on": 10, "near": 5, "off": 5}
TERMS = 5


def chosen() -> Iterator[tuple[Bearing, Article]]:
    """The articles, each with what its author says of it."""
    written = sorted(manuscripts().values(), key=lambda one: one.slug)
    for bearing, count in SHARES.items():
        those = [one for one in written if one.topic == bearing]
        yield from ((bearing, article_of(one)) for one in spread(those, count))


def spread(those: Sequence[Manuscript], count: int) -> list[Manuscript]:
    """That many of a list, at even distances."""
    return [those[place * len(those) // count] for place in range(count)]


def article_of(one: Manuscript) -> Article:
    """A manuscript as it comes out of its page."""
    body = "\n".join(paragraph.removeprefix("## ") for paragraph in one.paragraphs)
    return Article(title=one.title, summary=one.standfirst, body=body, published=one.date)


def told(bearing: str, article: Article, verdict: Verdict) -> str:
    """One line: score, verdict, what it is, headline and reasons."""
    reasons = ", ".join(f"{match.term} {match.share:.0%}" for match in verdict.matched[:TERMS]) or "none of its terms"
    return f"{verdict.score:.2f} {verdict.decision:6} {bearing:4} {article.title}\n{'':17}{reasons}"


def main(seeds: Sequence[str] = ()) -> None:
    """Print the ranking."""
    topic = load_topic(find_topic(DEFAULT_TOPIC, topic_folders(Path())))
    articles: list[tuple[str, Article]] = list(chosen())
    articles += [("seed", seed_from_file(Path(path), datetime.now(UTC))) for path in seeds]
    judged = [(judge(article, topic), bearing, article) for bearing, article in articles]
    for verdict, bearing, article in sorted(judged, key=lambda one: (-one[0].score, one[2].title)):
        print(told(bearing, article, verdict))


if __name__ == "__main__":
    main(sys.argv[1:])
