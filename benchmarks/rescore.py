"""What it costs to judge a whole archive again: `dossier rescore` beside the judge alone, on made-up articles.

    python -m benchmarks.rescore [--articles 100000] [--data DIR]

Writes an archive of generated words (a few common ones, many rare ones, names and phrases of the shipped topic strewn
in), judges its first articles in this process, then runs the real command twice: once where nothing changes, once by
another topic, so that every verdict is written.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from archive.store import Archive
from crawler.folders import PACKAGED_TOPICS
from crawler.stored_texts import judged
from pipelines.topic import Topic, load_topic

ROOT = Path(__file__).parents[1]
SAMPLE = 5_000  # articles that are judged alone
VOWELS, CONSONANTS = "aeiou", "bcdfghklmnprstvz"
ARTICLE = """INSERT INTO articles (id, url, outlet_id, story_id, title, summary, language, published, fetched, words,
    content_hash, words_hash, month, body) VALUES (?, ?, 1, NULL, ?, ?, 'en', ?, ?, ?, ?, ?, '2019-01', ?)"""


def vocabulary(chance: random.Random, size: int = 20_000) -> list[str]:
    """Words that nobody has ever written."""
    return [
        "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(chance.randint(1, 4)))
        for _ in range(size)
    ]


def bodies(topic: Topic, count: int) -> Iterator[tuple[str, str, str]]:
    """Headline, summary and body of each article: 150 to 900 words in paragraphs, one in three near the topic."""
    chance = random.Random(1)
    words, terms = vocabulary(chance), [term.text for term in topic.terms]
    ranks = [1 / (rank + 3) for rank in range(len(words))]
    for number in range(count):
        drawn = chance.choices(words, ranks, k=chance.randint(150, 900))
        if number % 3 == 0:
            for _ in range(chance.randint(1, 25)):
                drawn[chance.randrange(len(drawn))] = chance.choice(terms)
        lines = [" ".join(drawn[start : start + 45]).capitalize() + "." for start in range(0, len(drawn), 45)]
        yield " ".join(drawn[:9]).title(), " ".join(drawn[9:30]), "\n".join(lines)


def fill(data: Path, topic: Topic, count: int) -> None:
    """Write the archive, straight into its tables."""
    archive = Archive.open(data)
    archive.topics.ensure(topic.name, topic.title, topic.definition)
    with archive.writing() as db:
        db.execute("INSERT INTO outlets (id, domain) VALUES (1, 'daily.example')")
        rows = (
            (number, f"https://daily.example/{number}", title, summary, "2019-01-20T08:00:00Z", "2019-01-20T09:00:00Z",
             len(body.split()), str(number), str(number), body)
            for number, (title, summary, body) in enumerate(bodies(topic, count), 1)
        )  # fmt: skip
        db.conn.executemany(ARTICLE, rows)
    archive.close()


def alone(data: Path, topic: Topic) -> float:
    """Milliseconds of CPU that the judge takes for an article of this archive, reading not counted."""
    archive = Archive.open(data)
    texts = archive.memberships.texts(0, 0, SAMPLE)
    archive.close()
    judged(texts[0], topic)
    began = process_time()
    for text in texts:
        judged(text, topic)
    return (process_time() - began) * 1000 / len(texts)


def rescored(data: Path, topic: Path) -> dict[str, float]:
    """One real `dossier rescore`: CPU seconds and peak megabytes of its process, and what it told."""
    command = [sys.executable, "-m", "crawler.cli", "--data", str(data), "rescore", str(topic), "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads(done.stdout)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": seconds, "peak": after.ru_maxrss / 1024, "judged": report["judged"], "changed": report["changed"]}


def main() -> None:
    """Fill, judge alone, judge all by the command: new to the topic, unchanged, and by other weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    topic = load_topic(PACKAGED_TOPICS / "us-taliban-peace-talks.toml")
    with tempfile.TemporaryDirectory() as folder:
        data = options.data or Path(folder) / "data"
        if not (data / "news.db").exists():
            fill(data, topic, options.articles)
        base = alone(data, topic)
        print(f"the judge alone: {base:.3f} ms an article", flush=True)
        other = Path(folder) / f"{topic.name}.toml"
        text = topic.definition.replace("[terms]", '[terms]\n"zither" = 9')
        other.write_text(text, encoding="utf-8")
        own = Path(topic.file)
        for name, path in (("new to the topic", own), ("unchanged", own), ("every score another", other)):
            found = rescored(data, path)
            each = found["cpu"] * 1000 / found["judged"]
            told = f"{found['changed']:,.0f} of {found['judged']:,.0f} written, {found['cpu']:.1f} s CPU"
            print(f"{name}: {told}, {each:.3f} ms an article ({each / base:.2f} of the judge), {found['peak']:.0f} MB")


if __name__ == "__main__":
    main()
