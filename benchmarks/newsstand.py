"""Whole archives of very many invented articles, to be served: every table filled as years of crawls leave it.

    python -m benchmarks.newsstand FOLDER ARTICLES

Written in bulk, through the real schema with its triggers, and the same for the same number. One article in seven is a
copy of a recent one, one in fifty has an earlier text; all belong to one topic, as it was judged. The file READY says
that all is there.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from archive.store import Archive
from benchmarks.invention import SENTENCE, SHARES, Words, headline, lengths, sentence, written

BATCH = 5_000
OUTLETS, BYLINES, MEMORY = 300, 20_000, 3_000  # the last so many articles are still copied
COPIED, REVISED, REMOVED, UNDATED, LATE = 0.15, 0.02, 0.002, 0.005, 0.1
FIRST, YEARS = datetime(2015, 1, 1, tzinfo=UTC), 10
KINDS = {"article": 0.92, "live blog": 0.02, "video": 0.03, "gallery": 0.02, "list": 0.01}
VERDICTS = {"keep": 0.8, "review": 0.15, "drop": 0.05}
SECTIONS = ("world", "politics", "business", "asia", "europe", "opinion", "local", "sport", "culture", "science", "")
AGENCIES = ("AFP", "AP", "Reuters", "dpa")
TOPIC = 'title = "Everything"\nlanguage = "en"\n[terms]\n"everything" = 1\n'
HASHED = 1 << 20  # bytes of words that FTS5 gathers before it writes them, where nobody says otherwise
COLUMNS = (
    "id", "url", "outlet_id", "story_id", "story_relation", "story_similarity", "title", "byline", "summary",
    "language", "section", "published", "published_precision", "published_offset", "modified", "fetched", "words",
    "content_hash", "words_hash", "kind", "is_paywalled", "body_source", "extractor", "tags", "wire", "removed",
    "record_id", "month", "body",
)  # fmt: skip
ARTICLE = f"INSERT INTO articles ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)})"
VERSION = "INSERT INTO versions (article_id, fetched, title, body, content_hash) VALUES (?, ?, ?, ?, ?)"
MEMBERSHIP = (
    "INSERT INTO article_topics (article_id, topic_id, score, verdict, matched, reason) VALUES (?, 1, ?, ?, ?, ?)"
)
# What else an article leaves behind, made of its own row, in the order of the keys that it is kept by.
REST = """
INSERT INTO stories (id, article_id, size, outlets)
    SELECT story_id, story_id, COUNT(*), COUNT(DISTINCT outlet_id) FROM articles GROUP BY story_id;
INSERT INTO aliases (url, article_id, kind) SELECT url, id, 'canonical' FROM articles ORDER BY url;
INSERT INTO records (id, url, article_id, fetched, status, digest, warc_file, warc_offset, warc_length)
    SELECT id, url, id, fetched, 200, 'sha1:' || words_hash, month || '.warc.gz', id * 40000, 39000 FROM articles;
INSERT INTO candidates (id, topic_id, url, host, title, published, score, state, run_id, first_seen, checked)
    SELECT id, 1, url, substr(url, 9, instr(substr(url, 9), '/') - 1), title, published, id % 70 / 100.0 + .3, 'stored',
        id % 200 + 1, fetched, fetched FROM articles;
INSERT INTO candidates (topic_id, url, host, title, score, state, reason, tries, run_id, first_seen, checked)
    SELECT 1, url || '/more', substr(url, 9, instr(substr(url, 9), '/') - 1), title, id % 30 / 100.0,
        CASE id % 4 WHEN 0 THEN 'off-topic' WHEN 1 THEN 'not-an-article' WHEN 2 THEN 'refused' ELSE 'failed' END,
        CASE id % 4 WHEN 0 THEN 'score 0.02 is under 0.3' WHEN 1 THEN 'a list of links' WHEN 2 THEN 'robots: disallowed'
        ELSE 'HTTP 500' END, 1, id % 200 + 1, fetched, fetched FROM articles WHERE id % 5 = 0;
INSERT INTO sightings (candidate_id, source_id, first_seen, last_seen, rank)
    SELECT a.id, a.outlet_id, a.fetched, a.fetched, a.id % 40 FROM articles AS a;
INSERT INTO witnesses (article_id, field, witness, others)
    SELECT id, 'published', 'json-ld', '[]' FROM articles WHERE published IS NOT NULL AND id % 3 = 0;
INSERT INTO captions (article_id, place, caption) SELECT id, 0, title FROM articles WHERE id % 6 = 0;
INSERT INTO events (article_id, kind, at, detail)
    SELECT id, 'removed', removed, 'gone: HTTP 410' FROM articles WHERE removed IS NOT NULL;
INSERT INTO events (article_id, kind, at, detail)
    SELECT article_id, 'correction', fetched, 'Correction: ' || title FROM versions WHERE id % 2 = 0;
UPDATE sources SET items = 40, last_asked = '2024-12-31T00:00:00Z', last_status = 'complete';
UPDATE sources SET failures = 3, last_status = 'failed', last_reason = 'HTTP 500' WHERE id % 25 = 0
"""


@cache
def vocabulary() -> Words:
    """The words of all articles."""
    return Words()


class Newsstand:
    """Invents the rows of so many articles, which came over ten years."""

    def __init__(self, count: int, seed: int = 1) -> None:
        self.count = count
        self.words = vocabulary()
        self.numbers = np.random.default_rng(seed)
        names = self.words.names
        self.outlets = [
            f"{one.lower()}-{two.lower()}.example" for one, two in zip(names[:300], names[300:], strict=False)
        ]
        self.bylines = [f"{names[place % 1_999]} {names[place * 7 % 2_000]}" for place in range(BYLINES)]
        self.recent: list[dict[str, Any]] = []

    def batches(self) -> Iterator[list[dict[str, Any]]]:
        """All articles, some thousand at a time."""
        for first in range(1, self.count + 1, BATCH):
            yield self.batch(first, min(BATCH, self.count + 1 - first))

    def batch(self, first: int, count: int) -> list[dict[str, Any]]:
        """The rows of the next articles; `id` numbers them from `first` on."""
        numbers = self.numbers
        plans = {
            "language": picked(numbers, SHARES, count), "kind": picked(numbers, KINDS, count),
            "size": lengths(numbers, count).tolist(), "chances": numbers.random((count, 8)).tolist(),
            "pace": numbers.integers(*SENTENCE, (count, 300)).tolist(), "outlet": skewed(numbers, OUTLETS, count),
            "byline": skewed(numbers, BYLINES, count),
        }  # fmt: skip
        return [
            self.article(first + place, **{name: plan[place] for name, plan in plans.items()}) for place in range(count)
        ]

    def article(
        self, number: int, *, language: str, kind: str, size: int, chances: list[float], pace: list[int], outlet: int,
        byline: int,
    ) -> dict[str, Any]:  # fmt: skip
        """One row; also what is no column of it: `chances`."""
        words = self.words.drawn(self.numbers, language, size + 40)
        said, heading = words[:size], 6 + int(chances[0] * 7)
        row = {
            "id": number, "url": f"https://{self.outlets[outlet]}/{number}", "outlet_id": outlet + 1,
            "story_id": number, "story_relation": "original", "story_similarity": 0.0,
            "title": headline(words[size : size + heading]),
            "byline": self.bylines[byline] if chances[0] < 0.8 else "",
            "summary": sentence(words[size + heading :][:22]) if chances[1] < 0.7 else "", "language": language,
            "section": SECTIONS[int(chances[2] * len(SECTIONS))], "words": size,
            "words_hash": f"{number * 2654435761:032x}", "content_hash": f"{number * 2246822519:032x}",
            "kind": kind, "is_paywalled": int(chances[2] < 0.05),
            "body_source": "trafilatura", "extractor": "invented", "tags": "[]", "wire": "", "removed": None,
            "record_id": number, "body": written(said, pace), "chances": chances,
        }  # fmt: skip
        self.date(row, number, chances)
        return self.placed(row, chances[3])

    def date(self, row: dict[str, Any], number: int, chances: list[float]) -> None:
        """Say when it was published, and when it was found: most of them in that order, some long afterwards."""
        came = number / self.count if chances[4] > LATE else chances[5]
        at = FIRST + timedelta(seconds=int((came + chances[6] / 5_000) * YEARS * 365 * 86_400))
        is_day = chances[7] < 0.05
        if is_day:
            at = at.replace(hour=0, minute=0, second=0)
        published = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        fetched = f"{at + timedelta(hours=1 + 20 * chances[6]):%Y-%m-%dT%H:%M:%SZ}"
        is_dated = chances[7] < 1 - UNDATED
        row |= {
            "published": published if is_dated else None, "published_precision": "day" if is_day else "instant",
            "published_offset": 60 if chances[6] < 0.5 else None, "modified": fetched if chances[6] < 0.1 else None,
            "fetched": fetched, "month": published[:7], "removed": fetched if chances[5] < REMOVED else None,
        }  # fmt: skip

    def placed(self, row: dict[str, Any], chance: float) -> dict[str, Any]:
        """The row, some of them as copies of recent ones."""
        if chance < COPIED and self.recent:
            source = self.recent[int(chance / COPIED * len(self.recent))]
            kept = ("story_id", "title", "byline", "summary", "language", "words")
            body = source["body"].rpartition("\n")[0] or source["body"]
            wire = AGENCIES[row["id"] % len(AGENCIES)] if row["id"] % 3 else ""
            row |= {name: source[name] for name in kept}
            row |= {"body": body, "story_relation": "syndicated", "story_similarity": 0.94, "wire": wire}
        else:
            self.recent.append(row)
            if len(self.recent) > MEMORY:
                del self.recent[: MEMORY // 2]
        return row


def picked(numbers: np.random.Generator, shares: dict[str, float], count: int) -> list[str]:
    """So many of the names, each as often as its share says."""
    drawn: list[str] = numbers.choice(list(shares), count, p=list(shares.values())).tolist()
    return drawn


def skewed(numbers: np.random.Generator, kinds: int, count: int) -> list[int]:
    """So many numbers below `kinds`, after Zipf: the first is the commonest."""
    weights = 1 / np.arange(1, kinds + 1)
    drawn: list[int] = numbers.choice(kinds, count, p=weights / weights.sum()).tolist()
    return drawn


def build(folder: Path, count: int, seed: int = 1) -> None:
    """Make an archive of so many articles in a folder."""
    with closing(Archive.open(folder)) as archive:
        db, stand = archive.db, Newsstand(count, seed)
        archive.topics.ensure("everything", "Everything", TOPIC)
        for pragma in ("foreign_keys = OFF", "journal_mode = OFF", "synchronous = OFF", "cache_size = -1500000"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN")
        surround(db, stand)
        tune(db, 64 * HASHED)
        for rows in stand.batches():
            put(db.conn, rows)
        tune(db, HASHED)
        for statement in REST.split(";\n"):
            db.execute(statement)
        db.execute("COMMIT")
    Archive.open(folder).close()  # with a write-ahead log again, and nothing in it


def tune(db: Any, size: int) -> None:
    """How many bytes of words are gathered before they are written: larger pieces have to be merged less often."""
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('hashsize', ?)", [size])


def surround(db: Any, stand: Newsstand) -> None:
    """Write outlets, their feeds, runs, and what the runs asked."""
    outlets = [(number, name, headline(name.split(".")[0].split("-"))) for number, name in enumerate(stand.outlets, 1)]
    db.conn.executemany("INSERT INTO outlets (id, domain, name) VALUES (?, ?, ?)", outlets)
    feeds = [(number, f"https://{name}/feed.xml", number) for number, name in enumerate(stand.outlets, 1)]
    db.conn.executemany("INSERT INTO sources (id, channel, url, outlet_id) VALUES (?, 'feeds', ?, ?)", feeds)
    counts = json.dumps({"found": 5000, "outcome/stored": 4000, "outcome/failed": 100})
    for number in range(1, 201):
        day = f"{FIRST + timedelta(days=number * YEARS * 365 / 200):%Y-%m-%dT}"
        run = [number, f"{day}06:00:00Z", f"{day}07:00:00Z", counts]
        db.execute("INSERT INTO runs VALUES (?, 1, ?, ?, 'finished', ?)", run)
        asked = [(number, source, f"{day}06:30:00Z") for source in range(number % 10 + 1, OUTLETS, 10)]
        ledger = "INSERT INTO coverage (run_id, source_id, status, found, asked) VALUES (?, ?, 'complete', 40, ?)"
        db.conn.executemany(ledger, asked)


def put(connection: Any, rows: list[dict[str, Any]]) -> None:
    """Write some articles, with the topic that they belong to, and their earlier texts."""
    connection.executemany(ARTICLE, rows)
    connection.executemany(MEMBERSHIP, [membership(row) for row in rows])
    revised = [
        (row["id"], row["fetched"], row["title"], row["body"].partition("\n")[2], f"v{row['content_hash']}")
        for row in rows if row["chances"][1] > 1 - REVISED
    ]  # fmt: skip
    connection.executemany(VERSION, revised)


def membership(row: dict[str, Any]) -> tuple[int, float, str, str, str]:
    """How far an article belongs to the topic."""
    chance = row["chances"][2]
    bounds = zip(accumulate(VERDICTS.values()), VERDICTS, strict=True)
    verdict = next((name for bound, name in bounds if chance < bound), "drop")
    terms = [[word.lower(), 0.2] for word in row["title"].split()[:2]]
    return row["id"], round(1 - chance / 2, 3), verdict, json.dumps(terms), ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("articles", type=int)
    given = parser.parse_args()
    began = time.monotonic()
    build(given.folder, given.articles)
    (given.folder / "READY").write_text(f"{given.articles} articles\n", encoding="utf-8")
    print(f"{given.articles:,} articles in {given.folder} after {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
