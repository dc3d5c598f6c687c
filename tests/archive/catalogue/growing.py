"""A small archive that is written and changed as crawls, reviews and rulings do, and a folder to begin with."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from archive.rows import ArticleRow, CandidateRow, CaptureRows, MembershipRow, OutcomeRow
from archive.store import Archive

NOW = "2019-02-01T12:00:00Z"
OUTLETS = ("wire.example", "herald.example", "tal.example")
WORDS = ("doha", "talks", "draft", "kabul", "market", "envoy", "truce", "spring")
BYLINES = ("", "Mina Rahimi", "mina rahimi, Jo Berg", "Jo Berg", "Ada \x1e Lund")
LANGUAGES = ("en", "en-GB", "de", "")
KINDS = ("article", "live blog", "video")
TIMES = (
    None, "2019-03-12T09:30:00Z", "2019-03-12T23:59:59Z", "2019-03-13T00:00:00Z", "2018-11-02T00:00:00Z",
    "1969-12-31T23:59:59Z", "2021-01-01T00:00:00Z",
)  # fmt: skip
VERDICTS = ("keep", "keep", "review", "drop")


class Growing:
    """An archive with what can happen to it, by the choices of a seeded hand."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.archive = Archive.open(folder)
        self.archive.db.execute("PRAGMA synchronous = OFF")
        self.topics = [
            self.archive.topics.ensure(name, title, "") for name, title in (("talks", "Talks"), ("heat", ""))
        ]
        self.source = self.archive.sources.ensure("feeds", "https://wire.example/feed", "wire.example")
        self.hand = random.Random(seed)
        self.stored = 0

    def ids(self) -> list[int]:
        return [number for (number,) in self.archive.db.execute("SELECT id FROM articles ORDER BY id").fetchall()]

    def some(self, count: int = 1) -> list[int]:
        ids = self.ids()
        return self.hand.sample(ids, min(count, len(ids)))

    def article(self, number: int, **said: Any) -> ArticleRow:
        hand = self.hand
        body = " ".join(hand.choices(WORDS, k=hand.randint(1, 12)))
        made = {
            "title": " ".join(hand.choices(WORDS, k=2)), "byline": hand.choice(BYLINES), "body": body,
            "language": hand.choice(LANGUAGES), "kind": hand.choice(KINDS), "published": hand.choice(TIMES),
            "outlet": hand.choice(OUTLETS), "words": len(body.split()),
        }  # fmt: skip
        return ArticleRow(
            url=f"https://wire.example/{number}", fetched=NOW, content_hash=f"c{body}{number}", words_hash=f"w{body}",
            body_source="trafilatura", extractor="test", **{**made, **said},
        )  # fmt: skip

    def capture(self, change: str, article: ArticleRow, **known: Any) -> int:
        hand = self.hand
        row = CandidateRow(url=article.url, host="wire.example", score=0.5)
        self.archive.candidates.note(self.topics[0], self.source, [row], NOW)
        candidate = self.archive.db.execute("SELECT id FROM candidates WHERE url = ?", [article.url]).fetchone()[0]
        memberships = [
            MembershipRow(topic_id=one, score=0.5, verdict=hand.choice(VERDICTS), matched="[]") for one in self.topics
        ]
        rows = CaptureRows(
            change=change, article=article, membership=memberships[0],
            others=tuple(memberships[1:] if hand.random() < 0.4 else ()),
            outcome=OutcomeRow(candidate_id=candidate, state="stored"), fingerprints=(hand.getrandbits(40),), **known,
        )  # fmt: skip
        return self.archive.articles.store(rows, NOW)

    def store(self, **said: Any) -> int:
        """A new article, which may be a copy of another."""
        self.stored += 1
        copied = self.some() if self.hand.random() < 0.4 else []
        query = "SELECT story_id FROM articles WHERE id = ?"
        stories = [self.archive.db.execute(query, [one]).fetchone()[0] for one in copied]
        kin: dict[str, Any] = {"story_id": stories[0], "story_relation": "syndicated"} if stories and stories[0] else {}
        return self.capture("new", self.article(self.stored, **said), **kin)

    def change(self) -> None:
        """One of the things that happen to articles which are there."""
        ids = self.some(2)
        if not ids:
            return
        deed = self.hand.choice(
            [self.rewrite, self.answer, self.regroup, self.remove, self.forget, self.bare, self.rename]
        )
        deed(ids)

    def rewrite(self, ids: list[int]) -> None:
        """Another text of an article."""
        number, story = self.archive.db.execute("SELECT url, story_id FROM articles WHERE id = ?", [ids[0]]).fetchone()
        if story is not None:
            article = self.article(int(number.rpartition("/")[2]))
            self.capture("version", article, article_id=ids[0], story_id=story)

    def answer(self, ids: list[int]) -> None:
        """What a reader says of an article."""
        self.archive.answers.give(ids[0], self.topics[0], self.hand.choice(["yes", "no"]), NOW)

    def regroup(self, ids: list[int]) -> None:
        """Stories put together or apart."""
        if len(ids) < 2 or not self.is_grouped(ids):
            return
        stories = [self.archive.rulings.around(one) for one in ids]
        if stories[0][0] != stories[1][0]:
            self.archive.rulings.merge(ids, NOW)
        else:
            self.archive.rulings.split(ids[:1], NOW)

    def is_grouped(self, ids: list[int]) -> bool:
        query = "SELECT COUNT(*) FROM articles WHERE id IN (SELECT value FROM json_each(?)) AND story_id NOT NULL"
        return bool(self.archive.db.execute(query, [str(ids)]).fetchone()[0] == len(ids))

    def remove(self, ids: list[int]) -> None:
        """An article that is no more: no release does so yet, an owner may."""
        db = self.archive.db
        db.execute("PRAGMA foreign_keys = OFF")
        one = self.hand.choice([ids[0], self.ids()[-1]])
        with self.archive.writing():
            for table in ("article_topics", "fingerprints", "sketches"):
                db.execute(f"DELETE FROM {table} WHERE article_id = ?", [one])
            db.execute("DELETE FROM articles WHERE id = ?", [one])

    def forget(self, ids: list[int]) -> None:
        """An article that no topic has judged any more."""
        with self.archive.writing() as db:
            db.execute("DELETE FROM article_topics WHERE article_id = ?", [ids[0]])

    def bare(self, ids: list[int]) -> None:
        """Columns changed by hand: no story, two originals, an odd month."""
        with self.archive.writing() as db:
            db.execute("UPDATE articles SET story_id = NULL, month = '0000-13' WHERE id = ?", [ids[0]])
            db.execute("UPDATE articles SET story_relation = 'original' WHERE id = ?", [ids[-1]])

    def rename(self, _ids: list[int]) -> None:
        """Another name of an outlet."""
        with self.archive.writing() as db:
            db.execute("UPDATE outlets SET name = ? WHERE id = 1", [f"Gulf Wire {self.hand.random()}"])

    def close(self) -> None:
        self.archive.close()
