"""Archives that hold very many articles, filled in bulk: invented texts, and past a number only their fingerprints.

What decides the cost of a question is how many articles share a hash, so that is as it is with news: one article in
seven is a copy of one of the last few thousand, in another length; one in three carries a background paragraph, which
some seven articles of its days have; one in three a line that all have, far over the cap of what says something.
"""

from __future__ import annotations

import random
from array import array
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, islice
from typing import Any

from archive.store import Archive
from archive.stories import RAREST
from pipelines.sketches import content_hash, sketch

BATCH = 5_000
OUTLETS = 2_000
WORDS = 30_000
COPIED, BACKED, BOILED = 1 / 7, 1 / 3, 1 / 3
RECENT = 3_000  # articles that are still copied
BACKGROUND = 60  # articles in which a background paragraph is chosen from one of three, and then never again
LINES = 20  # lines that all carry
SNIPPETS = 2_000  # of which the titles are made, and the bodies whose fingerprints are invented
ARTICLE = """
INSERT INTO articles (id, url, outlet_id, story_id, story_relation, story_similarity, title, language, published,
    published_precision, fetched, words, content_hash, words_hash, body_source, extractor, record_id, month, body)
VALUES (:id, :url, :outlet, :story, :relation, :similarity, :title, 'en', :published, 'instant', :published, :words,
    :content, :same, 'trafilatura', 'made', :id, :month, :body)
"""
# What else an article leaves behind, made of its own row.
REST = """
INSERT INTO stories (id, article_id, size, outlets)
    SELECT story_id, story_id, COUNT(*), COUNT(DISTINCT outlet_id) FROM articles WHERE id >= :first GROUP BY story_id;
INSERT INTO aliases (url, article_id, kind) SELECT url, id, 'canonical' FROM articles WHERE id >= :first;
INSERT INTO article_topics (article_id, topic_id, score, verdict)
    SELECT id, 1, .7, 'keep' FROM articles WHERE id >= :first;
INSERT INTO records (id, url, article_id, fetched, status, digest, warc_file, warc_offset, warc_length)
    SELECT id, url, id, fetched, 200, 'sha1:' || words_hash, month || '.warc.gz', id * 40000, 39000
    FROM articles WHERE id >= :first;
INSERT INTO candidates (id, topic_id, url, host, title, published, score, state, first_seen, checked)
    SELECT id, 1, url, outlet_id || '.example', title, published, .6, 'stored', fetched, fetched
    FROM articles WHERE id >= :first
"""


@dataclass(slots=True)
class Text:
    """A text as the press writes it: paragraphs of words, the hashes that it keeps, the story that it belongs to."""

    paragraphs: list[str] = field(default_factory=list)
    hashes: list[int] = field(default_factory=list)
    words: int = 0
    story: int = 0
    is_copy: bool = False


class Press:
    """Invents texts, the same ones for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.words = sorted({self._word() for _ in range(WORDS)})
        self.weights = list(accumulate(1 / (place + 3) for place in range(len(self.words))))
        self.random.shuffle(self.words)
        self.lines = [self.paragraph(30) for _ in range(LINES)]
        self.snippets = [self.paragraph(9)[:-1] for _ in range(SNIPPETS)]
        self.recent: list[Text] = []

    def paragraph(self, words: int) -> str:
        """So many words, common ones more often."""
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=words)) + "."

    def snippet(self) -> str:
        """A few words."""
        return self.random.choice(self.snippets)

    def text(self, number: int, *, is_real: bool) -> Text:
        """The next text; `number` is its article's, and that of its story where it is no copy."""
        chance = self.random.random()
        if chance < COPIED and self.recent:
            text = self.copy(self.random.choice(self.recent), is_real=is_real)
        else:
            text = self.original(number, is_real=is_real)
            self.recent.append(text)
            if len(self.recent) > RECENT:
                del self.recent[: RECENT // 2]
        return text

    def original(self, number: int, *, is_real: bool) -> Text:
        """A text of its own, perhaps with a background paragraph of its weeks and a line that all have."""
        words = self.random.randint(150, 420)
        text = Text(words=words, story=number)
        shared = []
        if self.random.random() < BACKED:
            shared.append(background(self, number // BACKGROUND, self.random.randrange(3)))
        if self.random.random() < BOILED:
            shared.append(self.lines[self.random.randrange(LINES)])
        if is_real:
            text.paragraphs = [*(self.paragraph(40) for _ in range(words // 40)), *shared]
        else:
            own = [self.random.getrandbits(61) for _ in range(words // 8)]
            text.hashes = [*own, *(number for paragraph in shared for number in hashes_of(paragraph))]
        return text

    def copy(self, text: Text, *, is_real: bool) -> Text:
        """A copy with a header of its own and without its end."""
        kept = self.random.uniform(0.6, 1)
        made = Text(words=int(text.words * kept), story=text.story, is_copy=True)
        if is_real:
            made.paragraphs = [self.paragraph(8), *text.paragraphs[: max(3, round(len(text.paragraphs) * kept))]]
        else:
            made.hashes = self.random.sample(text.hashes, round(len(text.hashes) * kept))
        return made

    def _word(self) -> str:
        return "".join(self.random.choice(("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo")) for _ in range(5))


@lru_cache(maxsize=1000)
def background(press: Press, days: int, place: int) -> str:
    """A background paragraph, the same for all who choose it."""
    source = random.Random(days * 3 + place)
    return " ".join(source.choices(press.words, cum_weights=press.weights, k=55)) + "."


@lru_cache(maxsize=1000)
def hashes_of(paragraph: str) -> tuple[int, ...]:
    """What a sketch keeps of a paragraph."""
    return sketch(paragraph).hashes


def fill(archive: Archive, press: Press, count: int, *, real: int) -> None:
    """Let an archive hold that many articles; those past `real` have a short body and invented fingerprints.

    Indexes are filled in the order of arrival: sorted, their pages would be full, and split by each article after.
    """
    db = archive.db
    first = db.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM articles").fetchone()[0]
    held = db.execute("SELECT COUNT(*) FROM articles").fetchone()[0]
    press.recent.clear()
    for pragma in ("foreign_keys = OFF", "journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("BEGIN")
    for outlet in range(1, OUTLETS + 1):
        db.execute("INSERT OR IGNORE INTO outlets (id, domain) VALUES (?, ?)", [outlet, f"{outlet}.example"])
    numbers = iter(range(first, first + count - held))
    while batch := list(islice(numbers, BATCH)):
        put(db.conn, press, batch, real)
    for statement in REST.split(";"):
        db.execute(statement, {"first": first})
    db.execute("COMMIT")
    db.execute("PRAGMA journal_mode = WAL")


def put(connection: Any, press: Press, numbers: list[int], real: int) -> None:
    """Write some articles with their fingerprints."""
    rows, sketches, found = [], [], []
    for number in numbers:
        row, hashes = article(press, number, is_real=number <= real)
        rows.append(row)
        sketches.append((number, array("q", hashes).tobytes()))
        found += [(one, number) for one in hashes[:RAREST]]
    connection.executemany(ARTICLE, rows)
    connection.executemany("INSERT INTO sketches (article_id, hashes) VALUES (?, ?)", sketches)
    connection.executemany("INSERT INTO fingerprints (hash, article_id) VALUES (?, ?)", found)


def article(press: Press, number: int, *, is_real: bool) -> tuple[dict[str, Any], list[int]]:
    """The row of the next article, and its hashes."""
    text = press.text(number, is_real=is_real)
    body = "\n".join(text.paragraphs) if is_real else f"{press.snippet()}. {press.snippet()}."
    drawn = sketch(body) if is_real else None
    title = press.snippet()
    minutes = number * 5  # a hundred thousand a year
    month = f"{2000 + minutes // 535_680}-{minutes // 44_640 % 12 + 1:02d}"
    published = f"{month}-{minutes // 1440 % 28 + 1:02d}T{minutes // 60 % 24:02d}:{minutes % 60:02d}:00Z"
    outlet = press.random.randint(1, OUTLETS)
    row = {
        "id": number, "url": f"https://{outlet}.example/{number}", "outlet": outlet, "story": text.story,
        "relation": "syndicated" if text.is_copy else "original", "similarity": 0.8 if text.is_copy else 0.0,
        "title": title, "published": published, "words": drawn.words if drawn else text.words, "month": month,
        "content": content_hash(title, body), "body": body,
        "same": drawn.words_hash if drawn else f"{press.random.getrandbits(128):032x}",
    }  # fmt: skip
    return row, sorted(set(drawn.hashes if drawn else text.hashes))
