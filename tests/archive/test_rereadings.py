from __future__ import annotations

from collections.abc import Callable

import pytest

from archive.furniture import COUNTS, LINES
from archive.records import insert_record
from archive.rereadings import ANNOUNCED, DEFINITIONS, STORED
from archive.rows import CandidateRow, CaptureRows, RecordRow
from archive.store import Archive

NOW = "2019-02-01T12:00:00Z"
ASKED = {"announced": ANNOUNCED, "counts": COUNTS, "lines": LINES, "stored": STORED, "topics": DEFINITIONS}


@pytest.mark.parametrize("query", ASKED.values(), ids=list(ASKED))
def test_what_is_asked_of_each_article_costs_the_same_in_any_archive(archive: Archive, query: str) -> None:
    values = {"lines": "[1]", "outlet": 1} if ":lines" in query else [1]
    plan = [step for *_, step in archive.db.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()]
    assert [step for step in plan if step.startswith("SCAN") and step.split()[1] not in {"topics", "json_each"}] == []


def test_an_article_is_read_again_with_what_was_announced_first(
    archive: Archive, rows: Callable[..., CaptureRows]
) -> None:
    source = archive.sources.ensure("feeds", "https://wire.example/feed", "wire.example")
    asked = CandidateRow(url="https://wire.example/1?ref=rss", host="wire.example", title="As the feed has it",
                         published="2019-01-02T08:00:00Z")  # fmt: skip
    archive.candidates.note(1, source, [asked], NOW)
    capture = rows(1)
    article = archive.articles.store(capture, NOW)
    record = RecordRow(url=asked.url, fetched=NOW, status=200, digest="", warc_file="x", warc_offset=0, warc_length=1)
    with archive.writing() as db:
        db.execute("INSERT INTO aliases (url, article_id, kind) VALUES (?, ?, 'requested')", [asked.url, article])
        db.execute("UPDATE articles SET record_id = ?", [insert_record(db, record)])
    other = archive.topics.ensure("other", "", "")
    archive.candidates.note(other, source, [CandidateRow(url=asked.url, host="wire.example", title="Later")], NOW)
    reading = archive.rereadings.reading(article)
    assert reading is not None
    assert (reading.title, reading.published) == ("As the feed has it", "2019-01-02T08:00:00Z")
