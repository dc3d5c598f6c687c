"""A small archive with articles to review: repairs of a sluice, and a regatta that is no part of them."""

from __future__ import annotations

from pathlib import Path

from archive.rows import ArticleRow, CandidateRow, CaptureRows, MembershipRow, OutcomeRow
from archive.store import Archive
from pipelines.items import Article
from pipelines.relevance import judge
from pipelines.stages.store import membership_row
from pipelines.topic import parse_topic

NOW = "2024-05-01T12:00:00Z"
TOPIC = """\
# The sluice at Port Amaro.
title = "Sluice"   # short
language = "en"

# None yet.
never = []

[thresholds]
keep = 0.5
review = 0.1

[terms]
# Weighed by hand.
"sluice" = 4  # the heaviest
"Port Amaro" = 3
"gates" = 2
"harbour" = 0   # off: every port has one
"""
KEPT = "Engineers replace the gates of the sluice at Port Amaro. The sluice is shut in week {n}, and barges wait."
CONFIRMED = (
    ("Nadia Orlov asks for money", "The keeper, Nadia Orlov, wants new winches at Port Amaro before the flood season."),
    ("Council hears Nadia Orlov", "Winches and a flood fund: the council of Port Amaro heard Nadia Orlov on Monday."),
    ("Flood fund is voted", "The flood fund for Port Amaro passed by a vote. Nadia Orlov will buy winches of steel."),
)
REFUSED = (
    ("Eights race at dawn", "The Heron Rowing Club of Port Amaro won the regatta. Nadia Orlov was not there."),
    ("Regatta draws a crowd", "A crowd came to Port Amaro to see the Heron Rowing Club lose the regatta by a length."),
)
HOSTILE = "\x1b[31mDrowned\u202e [bold]barge[/bold] at Port Amaro"
OPEN = ((HOSTILE, "A barge sank at Port Amaro\x1b]0;x\x07 and nobody was hurt."),)


def url_of(title: str) -> str:
    """The address of an article by its headline."""
    return "https://herald.example/" + "-".join(word for word in title.lower().split() if word.isalpha())


def fill(data: Path, *, kept: int = 12) -> Path:
    """The data folder, with so many kept articles and six to review in the topic `sluice`."""
    archive = Archive.open(data)
    topic = archive.topics.ensure("sluice", "Sluice", TOPIC)
    for number in range(kept):
        store(archive, topic, f"Week {'x' * (number + 1)} of the sluice", KEPT.format(n=number))
    for title, body in (*CONFIRMED, *REFUSED, *OPEN):
        store(archive, topic, title, body)
    archive.close()
    return data


def store(archive: Archive, topic: int, title: str, body: str) -> int:
    """The id of an article that is judged as a crawl judges it, and stored."""
    source = archive.sources.ensure("feeds", "https://herald.example/feed", "herald.example")
    url = url_of(title)
    archive.candidates.note(topic, source, [CandidateRow(url=url, host="herald.example", title=title)], NOW)
    candidate = archive.db.execute("SELECT id FROM candidates WHERE url = ?", [url]).fetchone()[0]
    verdict = judge(Article(title=title, body=body), parse_topic(TOPIC, "sluice.toml"))
    rows = CaptureRows(
        change="new",
        article=article_row(url, title, body),
        membership=membership_row(verdict, topic),
        outcome=OutcomeRow(candidate_id=candidate, state="stored"),
        aliases=((f"{url}/amp", "amp"),),
    )
    return archive.articles.store(rows, NOW)


def article_row(url: str, title: str, body: str) -> ArticleRow:
    """The columns of an article."""
    return ArticleRow(
        url=url, outlet="herald.example", outlet_name="The Herald", title=title, body=body, language="en", fetched=NOW,
        published=NOW, words=len(body.split()), content_hash=f"c{title}{body}", words_hash=f"w{title}{body}",
        body_source="trafilatura", extractor="test",
    )  # fmt: skip


def belongs(topic: int, verdict: str, score: float = 0.2) -> MembershipRow:
    """Another judgement."""
    return MembershipRow(topic_id=topic, score=score, verdict=verdict, matched='[["gates", 1.0]]', reason="judged anew")


def memberships(data: Path, title: str) -> list[tuple[float, str, str, str]]:
    """Score, verdict, reason and answer of an article in every topic."""
    archive = Archive.open(data)
    try:
        rows = archive.db.execute(
            """SELECT score, verdict, article_topics.reason, answer FROM article_topics
            JOIN articles ON id = article_id WHERE url = ? ORDER BY topic_id""",
            [url_of(title)],
        )
        return [tuple(row) for row in rows.fetchall()]
    finally:
        archive.close()
