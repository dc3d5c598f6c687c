"""A pass over an archive for a topic that has changed: real archives, no network and no engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.queries import LATEST, TOPICS, open_reader, rows
from archive.rows import ArticleRow, CandidateRow, CaptureRows, MembershipRow, OutcomeRow
from archive.snapshots.articles import ARTICLES
from archive.store import Archive
from crawler import rescoring as passes
from crawler.rescoring import Rescoring
from crawler.stored_texts import judged, membership
from pipelines import matches
from pipelines.items import Article
from pipelines.relevance import judge, link_score
from pipelines.topic import Topic, parse_topic

NOW = "2024-02-01T12:00:00Z"
RIVER = '[terms]\n"river treaty" = 3\n"selby" = 3\n"dam" = 2\n"water" = 1\n'
FERRY = RIVER + '"ferry" = 4\n"harbour" = 3\n'
TREATY = ("Selby signs the river treaty", "The dam is to be shared by Selby. The river treaty sets out who pays.")
QUAY = ("Ferry leaves the harbour late", "The ferry waited for a pilot. The harbour was full of fog, and of ferries.")
CONCERT = ("Choir sings in the market hall", "The tenor had a cold. The audience sang along in the dark.")
TABLES = ("article_topics", "candidates", "topics", "yields", "articles")


def river(text: str = RIVER, **facts: Any) -> Topic:
    return replace(parse_topic(text, "river.toml"), **facts)


class Filling:
    """An archive that a crawl of one topic has filled."""

    def __init__(self, archive: Archive, topic: Topic) -> None:
        self.archive = archive
        self.topic = topic
        self.id = archive.topics.ensure(topic.name, "", topic.definition)
        self.source = archive.sources.ensure("feeds", "https://daily.example/feed", "daily.example")

    def announce(self, title: str, url: str = "", score: float | None = None) -> tuple[int, str]:
        url = url or "https://daily.example/" + title.lower().replace(" ", "-")
        promised = link_score(title, url, self.topic) if score is None else score
        row = CandidateRow(url=url, host="daily.example", title=title, score=promised)
        self.archive.candidates.note(self.id, self.source, [row], NOW)
        found = self.archive.db.execute("SELECT id FROM candidates WHERE topic_id = ? AND url = ?", [self.id, url])
        return int(found.fetchone()[0]), url

    def crawl(self, title: str, body: str) -> None:
        """What a crawl makes of one page: an article, or a dropped candidate."""
        candidate, url = self.announce(title)
        verdict = judge(Article(title=title, body=body), self.topic)
        outcome = OutcomeRow(candidate_id=candidate, state="stored", score=verdict.score)
        if verdict.decision == "drop":
            found = matches.written(verdict.matched)
            self.archive.candidates.finish(
                replace(outcome, state="off-topic", reason=verdict.reason, matched=found), NOW
            )
            return
        article = ArticleRow(
            url=url, outlet="daily.example", title=title, fetched=NOW, words=len(body.split()), published=NOW,
            content_hash=f"c{title}", words_hash=f"w{title}", body_source="trafilatura", extractor="test", body=body,
        )  # fmt: skip
        rows = CaptureRows(
            change="new", article=article, membership=membership(verdict, self.id), outcome=outcome,
            aliases=((url, "canonical"),),
        )  # fmt: skip
        self.archive.articles.store(rows, NOW)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], Archive]]:
    """Open the archive of the test; it is closed when the test is over."""
    archive = Archive.shared(tmp_path / "data")
    yield lambda: archive
    archive.close()


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Two articles of the topic, two pages that it left out, two links that wait."""
    archive = Archive.open(tmp_path / "data")
    filling = Filling(archive, river())
    for title, body in (
        TREATY,
        QUAY,
        CONCERT,
        ("Selby counts its water", "Selby has a dam, and water behind the dam."),
    ):
        filling.crawl(title, body)
    filling.announce("A second ferry for the harbour")
    filling.announce("Selby opens the dam", score=0.97)  # of which its summary has a part
    archive.waiting.count_yields(filling.id)
    archive.close()
    return tmp_path / "data"


def made(archive: Archive, topic: Topic, *, former: Topic | None = None, dry: bool = False) -> Rescoring:
    """One whole pass."""
    topic_id = archive.topics.find(topic.name) or (0 if dry else archive.topics.ensure(topic.name, "", ""))
    one = Rescoring(archive=archive, topic=topic, topic_id=topic_id, former=former or river(), dry=dry)
    for batches in (one.articles, one.links, one.dropped):
        list(batches())
    one.settle()
    return one


def rescored(data: Path, topic: Topic, **how: Any) -> Rescoring:
    archive = Archive.open(data)
    one = made(archive, topic, **how)
    archive.close()
    return one


def dump(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    archive = Archive.open(data)
    found = {table: archive.db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES}
    archive.close()
    return found


def states(data: Path) -> dict[str, str]:
    archive = Archive.open(data)
    found = dict(archive.db.execute("SELECT title, state FROM candidates").fetchall())
    archive.close()
    return found


def test_nothing_changes_while_the_topic_is_the_same(filled: Path) -> None:
    before = dump(filled)
    one = rescored(filled, river())
    assert (one.tally.judged, one.tally.changed, one.returned, one.relinked, one.still_dropped) == (2, 0, 0, 0, 2)
    assert dump(filled) == before


def test_a_dry_pass_tells_the_same_and_writes_nothing(filled: Path) -> None:
    before = dump(filled)
    dry = rescored(filled, river(FERRY), dry=True)
    assert dump(filled) == before
    wet = rescored(filled, river(FERRY))
    assert dry.told() == wet.told()
    assert wet.tally.changed == 2


def test_what_a_wider_topic_may_want_waits_again_and_the_queue_is_another(filled: Path) -> None:
    one = rescored(filled, river(FERRY))
    assert (one.returned, one.still_dropped) == (1, 1)
    after = states(filled)
    assert (after[QUAY[0]], after[CONCERT[0]]) == ("waiting", "off-topic")
    archive = Archive.open(filled)
    best = archive.candidates.waiting(1, 9)
    archive.close()
    assert {row.title for row in best} == {"Selby opens the dam", QUAY[0], "A second ferry for the harbour"}
    assert best[0].title == "Selby opens the dam"
    assert [row.score for row in best[1:]] == [link_score(row.title, row.url, river(FERRY)) for row in best[1:]]
    before = dump(filled)
    rescored(filled, river(FERRY), former=river(FERRY))
    assert dump(filled) == before


@pytest.mark.parametrize("steps", range(7))
def test_a_pass_that_ends_anywhere_is_made_again(filled: Path, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "BATCH", 1)
    monkeypatch.setattr(passes, "LINKS", 1)
    whole = filled.with_name("whole")
    shutil.copytree(filled, whole)
    rescored(whole, river(FERRY))
    archive = Archive.open(filled)
    one = Rescoring(archive=archive, topic=river(FERRY), topic_id=1, former=river())
    every = (step for batches in (one.articles, one.links, one.dropped) for step in batches())
    assert len([step for _, step in zip(range(steps), every, strict=False)]) == steps
    every.close()
    former = parse_topic(archive.topics.definition("river"), "river.toml")
    archive.close()
    rescored(filled, river(FERRY), former=former)
    assert dump(filled) == dump(whole)


def test_what_is_dropped_is_on_no_list_and_can_come_back(filled: Path) -> None:
    before = dump(filled)
    one = rescored(filled, river('[terms]\n"opera" = 1\n"choir" = 1\n'))
    assert one.tally.told()["after"] == {"keep": 0, "review": 0, "drop": 2}
    assert states(filled)[TREATY[0]] == "off-topic"
    assert len(dump(filled)["articles"]) == 2
    db = open_reader(filled)
    assert [(found["articles"], found["keep"]) for found in rows(db, TOPICS)] == [(0, 0)]
    assert rows(db, LATEST, limit=9) == []
    told = rows(db, ARTICLES.values("topics", "verdicts", "scores"))
    assert told == [{"topics": "", "verdicts": "", "scores": ""}] * 2
    db.close()
    assert rescored(filled, river()).tally.moved["up"] == 2
    assert dump(filled)["article_topics"] == before["article_topics"]
    assert states(filled)[TREATY[0]] == "stored"


def test_a_topic_that_is_new_finds_what_came_in_for_others(filled: Path) -> None:
    archive = Archive.open(filled)
    filling = Filling(archive, replace(river(), name="dams"))
    filling.announce(TREATY[0])
    archive.close()
    assert rescored(filled, replace(river(), name="dams"), dry=True).tally.joined == 2
    one = rescored(filled, replace(river(), name="dams"))
    assert (one.tally.joined, one.tally.moved["up"], one.tally.before.total()) == (2, 2, 0)
    archive = Archive.open(filled)
    assert archive.db.execute("SELECT state FROM candidates WHERE topic_id = 2").fetchall() == [("stored",)]
    both = "SELECT COUNT(DISTINCT score) FROM article_topics GROUP BY article_id"
    assert archive.db.execute(both).fetchall() == [(1,), (1,)]
    archive.close()
    assert rescored(filled, river('[terms]\n"opera" = 1\n', name="music")).tally.told()["joined"] == 0
    assert {row[1] for row in dump(filled)["article_topics"]} == {1, 2}


@pytest.mark.parametrize(("answer", "verdict"), [("yes", "keep"), ("no", "drop")])
def test_what_somebody_has_said_of_an_article_holds(filled: Path, answer: str, verdict: str) -> None:
    archive = Archive.open(filled)
    with archive.writing() as db:
        db.execute("UPDATE article_topics SET answer = ?, verdict = ? WHERE article_id = 1", [answer, verdict])
    archive.close()
    for topic in (river(), river('[terms]\n"opera" = 1\n'), river(keep=1.0)):
        rescored(filled, topic)
        assert dump(filled)["article_topics"][0][3] == verdict


def test_a_stored_article_is_judged_as_its_page_was(opened: Callable[[], Archive]) -> None:
    archive = opened()
    filling = Filling(archive, river())
    filling.crawl(*TREATY)
    (text,) = archive.memberships.texts(filling.id, 0, 9)
    assert membership(judged(text, river()), 1) == MembershipRow(
        topic_id=1, score=text.score or 0.0, verdict=text.verdict, matched=text.matched, reason=text.reason
    )
