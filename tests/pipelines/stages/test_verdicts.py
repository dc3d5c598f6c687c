"""What the topics of an archive say of an article whose text has become another."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.rows import ArticleRow, CandidateRow, CaptureRows, MembershipRow, OutcomeRow
from archive.store import Archive
from pipelines.items import Article, Decision, Verdict
from pipelines.stages.verdicts import Verdicts, again

NOW = "2024-02-01T12:00:00Z"
RIVER = '[terms]\n"river treaty" = 3\n"selby" = 3\n'


@pytest.mark.parametrize(
    ("found", "before", "after"),
    [
        ("drop", "keep", "review"),
        ("drop", "review", "review"),
        ("drop", "drop", "drop"),
        ("review", "keep", "review"),
        ("keep", "drop", "keep"),
    ],
)
def test_a_text_that_changes_by_itself_takes_nothing_off_a_list(found: Decision, before: str, after: Decision) -> None:
    assert again(Verdict(score=0.1, decision=found), before).decision == after


def test_every_topic_that_knows_an_article_judges_its_new_text_by_its_own_file(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path)
    topics = [archive.topics.ensure(name, "", text) for name, text in (("a", RIVER), ("b", "[terms"), ("c", RIVER))]
    source = archive.sources.ensure("feeds", "https://daily.example/feed", "daily.example")
    archive.candidates.note(topics[0], source, [CandidateRow(url="https://daily.example/1", host="daily.example")], NOW)
    row = ArticleRow(
        url="https://daily.example/1", outlet="daily.example", title="Old", fetched=NOW, words=1, content_hash="1",
        words_hash="1", body_source="trafilatura", extractor="test", body="Old.",
    )  # fmt: skip
    belongs = [MembershipRow(topic_id=number, score=0.9, verdict="keep", matched="[]") for number in topics]
    outcome = OutcomeRow(candidate_id=1, state="stored")
    rows = CaptureRows(change="new", article=row, membership=belongs[0], others=tuple(belongs[1:]), outcome=outcome)
    article_id = archive.articles.store(rows, NOW)

    told = Verdicts(archive).on(
        article_id, Article(title="Selby signs the river treaty", body="It did."), but=topics[0]
    )
    assert [(one.topic_id, one.verdict) for one in told] == [(topics[2], "keep")]
    assert [one.verdict for one in Verdicts(archive).on(article_id, Article(title="", body="Choir."))] == ["review"] * 2
    archive.close()
