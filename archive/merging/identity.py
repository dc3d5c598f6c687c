"""Articles that two archives hold apart under different addresses, and that are one by what both know."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from archive.details import TABLES as BESIDE
from archive.furniture import learn, lines_of
from archive.merging.accounts import Here, accounts
from archive.merging.belongings import ROWS, Judge, join_of
from archive.merging.beside import ALIASES, LOOKS, Pair, join_events, lead, look_at
from archive.merging.origin import listed
from archive.merging.texts import joined
from archive.merging.writing import UNSETTLED, Reading, put_again
from archive.queries import RULED
from archive.stories import Stories

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

MOST = 20  # articles that one address leads to, that are compared with each other

SHARED = """
SELECT url, article_id, kind FROM aliases WHERE url IN (SELECT url FROM other_aliases)
UNION ALL SELECT url, article_id, kind FROM other_aliases ORDER BY url, article_id
"""
URL = "SELECT url FROM articles WHERE id = ?"
TEXTS = """
SELECT content_hash FROM articles WHERE id = :article
UNION SELECT content_hash FROM versions WHERE article_id = :article
UNION SELECT content_hash FROM tellings WHERE article_id = :article
"""
RULE = """
INSERT INTO story_rulings (article_id, other_id, ruling, made) VALUES (MIN(:one, :two), MAX(:one, :two), :ruling, :made)
ON CONFLICT (article_id, other_id) DO UPDATE SET ruling = excluded.ruling, made = excluded.made
WHERE (excluded.made, excluded.ruling) > (story_rulings.made, story_rulings.ruling)
"""
GIVEN_UP = (
    "UPDATE records SET article_id = :into WHERE article_id = :gone",
    "DELETE FROM validators WHERE :drop AND url IN (SELECT url FROM aliases WHERE article_id = :gone)",
    *(f"DELETE FROM {table} WHERE article_id = :gone" for table in (
        *BESIDE, "article_lines", "versions", "tellings", "events", "article_topics", "rechecks", "aliases",
        "other_aliases", "fingerprints", "sketches", "tracks")),
    "DELETE FROM story_rulings WHERE article_id = :gone OR other_id = :gone",
    "DELETE FROM unsettled WHERE what = 'story' AND key = :gone",
)  # fmt: skip


def unite(archive: Archive, reading: Reading, judge: Judge) -> int:
    """Make one article of those that are one, each in a transaction; how many were given up."""
    count = 0
    while True:
        with archive.writing() as db:
            pair = next(one_article(db), None)
            if pair is None:
                return count
            absorb(db, *pair, reading, judge)
            count += 1


def one_article(db: Database) -> Iterator[tuple[int, int]]:
    """Pairs of articles that are one.

    One's own address leads to the other, or an address leads to both and both have said the same.
    """
    led: dict[str, list[tuple[int, str]]] = {}
    for url, number, kind in db.execute(SHARED).fetchall():
        led.setdefault(url, []).append((number, kind))
    for url, articles in led.items():
        for (one, kind), (other, its_kind) in combinations(articles[:MOST], 2):
            if one != other and (
                "canonical" in {kind, its_kind} or is_own(db, url, one, other) or agree(db, one, other)
            ):
                yield min(one, other), max(one, other)


def is_own(db: Database, url: str, *articles: int) -> bool:
    """Whether an address is one of these articles' own."""
    return any(db.execute(URL, [article]).fetchone()[0] == url for article in articles)


def agree(db: Database, one: int, other: int) -> bool:
    """Whether two articles have ever said the same."""
    texts = [{text for (text,) in db.execute(TEXTS, {"article": article}).fetchall()} for article in (one, other)]
    return bool(texts[0] & texts[1])


def absorb(db: Database, into: int, gone: int, reading: Reading, judge: Judge) -> None:
    """Give all that is told of one article to another, which it is."""
    here = Here(db)
    both = accounts(here, [into, gone])
    account = joined(both[into], both[gone])
    pair = Pair(
        there=gone, here=into, mine=both[into].said("content_hash"), theirs=both[gone].said("content_hash"),
        now=account.said("content_hash"),
    )  # fmt: skip
    join_events(db, here, [pair])
    aliases = here.rows(ALIASES, listed([gone]), listed([gone]))
    looks = here.rows(LOOKS, listed([gone]))
    topics = {article: {row[1]: row[2:] for row in here.rows(ROWS, listed([article]))} for article in (into, gone)}
    rulings = here.rows(f"SELECT other_id, ruling, made FROM ({RULED}) WHERE article_id = ?", gone)
    _delete(db, pair)
    if pair.mine != pair.now:
        db.execute("DELETE FROM validators WHERE url IN (SELECT url FROM aliases WHERE article_id = ?)", [into])
    put_again(db, into, both[into], account, reading)
    for _, url, kind in aliases:
        lead(db, url, into, kind)
    for _, topic, *look in looks:
        look_at(db, into, topic, look)
    join_of(db, pair, topics[into], topics[gone], judge)
    for other, ruling, made in rulings:
        rule(db, into, other, ruling, made)
    db.execute(UNSETTLED, [into])


def rule(db: Database, one: int, two: int, ruling: str, made: str) -> None:
    """Enter a ruling on two articles; the latest holds, and both are to be grouped anew where it is news."""
    values = {"one": one, "two": two, "ruling": ruling, "made": made}
    if one != two and db.conn.execute(RULE, values).rowcount > 0:
        db.execute(UNSETTLED, [one])
        db.execute(UNSETTLED, [two])


def _delete(db: Database, pair: Pair) -> None:
    """Take an article out of the archive, and out of its story."""
    outlet, *_ = lines_of(db, pair.there)
    if outlet is not None:
        learn(db, pair.there, outlet, (), ())
    values: dict[str, Any] = {"gone": pair.there, "into": pair.here, "drop": pair.theirs != pair.now}
    story = db.execute("SELECT story_id FROM articles WHERE id = ?", [pair.there]).fetchone()[0]
    for statement in GIVEN_UP:
        db.execute(statement, {name: value for name, value in values.items() if f":{name}" in statement})
    other = db.execute("SELECT MIN(id) FROM articles WHERE story_id = ? AND id != ?", [story, pair.there]).fetchone()[0]
    if other is None:
        db.execute("UPDATE articles SET story_id = NULL WHERE id = ?", [pair.there])
        db.execute("DELETE FROM stories WHERE id = ?", [story])
    else:
        db.execute("UPDATE stories SET article_id = ? WHERE id = ?", [other, story])
        db.execute(UNSETTLED, [other])
    db.execute("DELETE FROM articles WHERE id = ?", [pair.there])
    if other is not None:
        Stories(db).settle(story)
