"""How far articles belong to topics, and what the user said of them, by what two archives tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlite_utils import Database

from archive.belonging import IN, look_after
from archive.memberships import StoredText
from archive.merging.accounts import Asked, Here
from archive.merging.beside import Pair
from archive.merging.origin import listed
from archive.merging.rules import order
from archive.rows import MembershipRow

Judge = Callable[[str, str, StoredText], MembershipRow | None]
"""What a topic (name and definition) says of a text; None where its definition cannot be read."""

ROWS = """
SELECT article_id, topic_id, score, verdict, matched, reason, answer, answered FROM article_topics
WHERE article_id IN (SELECT value FROM json_each(?))
"""
PUT = """
INSERT INTO article_topics (article_id, topic_id, score, verdict, matched, reason, answer, answered)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (article_id, topic_id) DO UPDATE SET score = excluded.score, verdict = excluded.verdict,
    matched = excluded.matched, reason = excluded.reason, answer = excluded.answer, answered = excluded.answered
WHERE (article_topics.score, article_topics.verdict, article_topics.matched, article_topics.reason,
    article_topics.answer, article_topics.answered)
    IS NOT (excluded.score, excluded.verdict, excluded.matched, excluded.reason, excluded.answer, excluded.answered)
"""
TEXT = "SELECT id, url, title, summary, body, published FROM articles WHERE id = ?"
TOPIC = "SELECT name, definition FROM topics WHERE id = ?"
VERDICTS = frozenset({"keep", "review", "drop"})
HELD = {"yes": "keep", "no": "drop"}

Row = tuple[Any, ...]  # score, verdict, matched, reason, answer, answered


def join_memberships(db: Database, origin: Asked, pairs: Sequence[Pair], topics: dict[int, int], judge: Judge) -> None:
    """Enter what topics say of articles, and the latest answer of the user."""
    theirs: defaultdict[int, dict[int, Row]] = defaultdict(dict)
    for number, topic, *row in origin.sound(origin.rows(ROWS, listed([pair.there for pair in pairs])), "iiftjttW"):
        if topic in topics and row[1] in VERDICTS and row[4] in {"", *HELD}:
            theirs[number][topics[topic]] = tuple(row)
    mine: defaultdict[int, dict[int, Row]] = defaultdict(dict)
    for number, topic, *row in Here(db).rows(ROWS, listed([pair.here for pair in pairs])):
        mine[number][topic] = tuple(row)
    for pair in pairs:
        join_of(db, pair, mine[pair.here], theirs[pair.there], judge)


def join_of(db: Database, pair: Pair, mine: dict[int, Row], theirs: dict[int, Row], judge: Judge) -> None:
    """Enter what the topics of two archives say of one article: what is said of the text that it has now."""
    for topic in sorted(mine.keys() | theirs.keys()):
        known = [rows[topic] for rows in (mine, theirs) if topic in rows]
        of_now = [
            rows[topic]
            for rows, text in ((mine, pair.mine), (theirs, pair.theirs))
            if topic in rows and text == pair.now
        ]
        answered, answer = max((row[5] or "", row[4]) for row in known)
        score, verdict, matched, reason = said(db, pair.here, topic, known, of_now, judge)
        row = (score, HELD.get(answer, verdict), matched, reason, answer, answered or None)
        if row != mine.get(topic):
            db.execute(PUT, [pair.here, topic, *row])
            before = mine[topic][1] if topic in mine else ""
            if before and (before in IN) != (row[1] in IN):
                look_after(db, pair.here, topic, is_in=row[1] in IN)


def said(
    db: Database, article_id: int, topic: int, known: Sequence[Row], of_now: Sequence[Row], judge: Judge
) -> tuple[Any, ...]:
    """Score, verdict, terms and reason of a topic on the text of now: judged anew where no archive has judged that.

    Then, as when a page is changed, an article that was in is never left out for it: somebody has to look.
    """
    if not of_now:
        text = StoredText(**dict(zip(("id", "url", "title", "summary", "body", "published"),
            db.execute(TEXT, [article_id]).fetchone(), strict=True)))  # fmt: skip
        name, definition = db.execute(TOPIC, [topic]).fetchone()
        if (found := judge(name, definition, text)) is not None:
            was_in = any(row[1] in IN for row in known)
            verdict = "review" if was_in and found.verdict == "drop" else found.verdict
            return found.score, verdict, found.matched, found.reason
    # A verdict that an answer holds says nothing of the text; where another archive has the judge's own, that is it.
    return max(((*row[:4], not row[4]) for row in of_now or known), key=lambda row: (row[4], order(row[:4])))[:4]
