from __future__ import annotations

from contextlib import closing
from typing import Any

from archive.outlinks import announce
from archive.queries import open_reader
from archive.rows import ArticleRow, CandidateRow, CaptureRows, MembershipRow, OutcomeRow
from archive.sources import sources_of
from archive.store import Archive

NOW = "2021-08-15T12:00:00Z"
LINK = CandidateRow(url="https://echo.example/2021/08/12/home", host="echo.example", title="home", score=0.6)


def rows(archive: Archive, *links: CandidateRow) -> CaptureRows:
    article = ArticleRow(
        url="https://courier.example/talks", outlet="courier.example", title="Talks", fetched=NOW, words=3,
        content_hash="a", words_hash="b", body_source="trafilatura", extractor="x", body="They talk on.",
    )  # fmt: skip
    membership = MembershipRow(topic_id=archive.topics.ensure("talks", "", ""), score=0.9, verdict="keep", matched="[]")
    outcome = OutcomeRow(candidate_id=1, state="stored")
    return CaptureRows(change="new", article=article, membership=membership, outcome=outcome, outlinks=links)


def sources(archive: Archive) -> list[dict[str, Any]]:
    """The articles that are sources, and what is known of them."""
    with closing(open_reader(archive.folder)) as db:
        return sources_of(db, ["outlinks"])


def test_links_are_seen_in_their_article_and_nobody_is_asked(archive: Archive) -> None:
    announce(archive, rows(archive, LINK), NOW)
    announce(archive, rows(archive, LINK), "2021-08-16T12:00:00Z")
    (source,) = sources(archive)
    assert (source["channel"], source["url"], source["outlet"]) == (
        "outlinks",
        "https://courier.example/talks",
        "courier.example",
    )
    assert (source["last_asked"], source["last_status"], source["failures"]) == (None, None, 0)
    assert archive.db.execute("SELECT first_seen, last_seen FROM sightings").fetchall() == [
        (NOW, "2021-08-16T12:00:00Z")
    ]
    assert archive.db.execute("SELECT url, state FROM candidates").fetchall() == [(LINK.url, "waiting")]


def test_an_article_without_links_makes_no_source(archive: Archive) -> None:
    announce(archive, rows(archive), NOW)
    assert sources(archive) == []
