from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive import reviews
from archive.belonging import put_membership
from archive.queries import LATEST, TOPICS, open_reader, row, rows
from archive.reviews import answered, at_address, texts, to_review, waiting
from archive.rows import CaptureRows, DetailRows, OutcomeRow
from archive.store import Archive
from tests.reviewing import CONFIRMED, HOSTILE, NOW, REFUSED, article_row, belongs, fill, memberships, store, url_of

TITLE, BODY = CONFIRMED[0]
LATER = "2024-05-02T12:00:00Z"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("filled"), kept=2)


@pytest.fixture
def data(tmp_path: Path, filled: Path) -> Path:
    return shutil.copytree(filled, tmp_path / "data")


def give(data: Path, title: str, answer: str, now: str = NOW) -> None:
    with closing(Archive.open(data)) as archive, closing(open_reader(data)) as db:
        one = at_address(db, "sluice", url_of(title))
        assert one is not None
        archive.answers.give(one["id"], one["topic_id"], answer, now)  # type: ignore[arg-type]  # yes or no


def recrawled(archive: Archive, article: int, verdict: str) -> None:
    """Asked again, unchanged."""
    archive.articles.store(capture(archive, article, verdict, "unchanged", BODY), LATER)


def in_new_words(archive: Archive, article: int, verdict: str) -> None:
    archive.articles.store(capture(archive, article, verdict, "version", f"{BODY} It grew."), LATER)


def reread(archive: Archive, article: int, verdict: str) -> None:
    """As `dossier reextract` writes."""
    new = article_row(url_of(TITLE), TITLE, f"{BODY} As it stood.")
    archive.rereadings.refresh(article, new, DetailRows(), (), [belongs(1, verdict)])


def rescored(archive: Archive, article: int, verdict: str) -> None:
    with archive.writing() as db:
        put_membership(db, article, belongs(1, verdict))


def capture(archive: Archive, article: int, verdict: str, change: str, body: str) -> CaptureRows:
    candidate = archive.db.execute("SELECT id FROM candidates WHERE url = ?", [url_of(TITLE)]).fetchone()[0]
    return CaptureRows(
        change=change, article_id=article, article=article_row(url_of(TITLE), TITLE, body),
        membership=belongs(1, verdict), outcome=OutcomeRow(candidate_id=candidate, state="stored"),
    )  # fmt: skip


@pytest.mark.parametrize("judged", [recrawled, in_new_words, reread, rescored])
@pytest.mark.parametrize(("answer", "verdict"), [("yes", "keep"), ("no", "drop")])
def test_an_answer_holds_however_the_article_is_judged_later(
    data: Path, judged: Callable[[Archive, int, str], None], answer: str, verdict: str
) -> None:
    give(data, TITLE, answer)
    for later in ("review", "drop" if answer == "yes" else "keep"):
        with closing(Archive.open(data)) as archive:
            known = archive.articles.known([url_of(TITLE)])
            assert known is not None
            judged(archive, known.id, later)
        # Score, terms and reason are the judge's all the same.
        assert memberships(data, TITLE) == [(0.2, verdict, "judged anew", answer)]


def test_without_an_answer_the_judge_decides(data: Path) -> None:
    with closing(Archive.open(data)) as archive:
        known = archive.articles.known([url_of(TITLE)])
        assert known is not None
        rescored(archive, known.id, "keep")
    assert memberships(data, TITLE) == [(0.2, "keep", "judged anew", "")]


def test_an_answer_can_be_changed_and_is_of_one_topic(data: Path) -> None:
    with closing(Archive.open(data)) as archive:
        other = archive.topics.ensure("harbours", "Harbours", "")
        known = archive.articles.known([url_of(TITLE)])
        assert known is not None
        with archive.writing() as db:
            put_membership(db, known.id, belongs(other, "review"))
    for answer, verdict in (("yes", "keep"), ("no", "drop"), ("yes", "keep")):
        give(data, TITLE, answer)
        own, others = memberships(data, TITLE)
        assert (own[1], own[3]) == (verdict, answer)
        assert (others[1], others[3]) == ("review", "")


def test_an_answer_waits_for_another_writer(data: Path) -> None:
    with closing(Archive.open(data)) as crawl:
        crawl.db.execute("BEGIN IMMEDIATE")
        asking = threading.Thread(target=give, args=(data, TITLE, "yes"))
        asking.start()
        time.sleep(0.4)
        crawl.db.execute("COMMIT")
        asking.join(20)
    assert memberships(data, TITLE)[0][1] == "keep"


def test_what_waits_for_review_comes_best_first_and_goes_with_its_answer(data: Path) -> None:
    with closing(open_reader(data)) as db:
        listed = to_review(db, "sluice", 10)
        assert len(listed) == waiting(db, "sluice") == 6
        assert [one["score"] for one in listed] == sorted((one["score"] for one in listed), reverse=True)
        assert len(to_review(db, "sluice", 2)) == 2
        assert to_review(db, "nothing", 10) == []
    give(data, TITLE, "yes", NOW)
    give(data, HOSTILE, "no", LATER)
    with closing(open_reader(data)) as db:
        assert waiting(db, "sluice") == 4
        assert [(one["title"], one["answer"]) for one in answered(db, "sluice", 9)] == [(HOSTILE, "no"), (TITLE, "yes")]
        assert [one["answer"] for one in texts(db, "sluice", answered=True)] == ["no", "yes"]
        assert len(list(texts(db, "sluice"))) == 8


def test_an_article_is_found_by_any_of_its_addresses(data: Path) -> None:
    with closing(open_reader(data)) as db:
        found = at_address(db, "sluice", f"{url_of(TITLE)}/amp")
        assert found is not None
        assert found["title"] == TITLE
        assert found["matched"][0][0] == "port amaro"
        assert at_address(db, "sluice", "https://herald.example/none") is None
        assert at_address(db, "other", url_of(TITLE)) is None


def test_what_is_off_the_topic_is_on_none_of_its_lists(data: Path) -> None:
    title = REFUSED[0][0]
    with closing(Archive.open(data)) as archive:
        store(
            archive, archive.topics.ensure("rowing", "Rowing", ""), "Only of rowing, and the sluice at Port Amaro", "x"
        )
    give(data, title, "no")
    with closing(open_reader(data)) as db:
        counts = {one["name"]: (one["articles"], one["keep"], one["review"]) for one in rows(db, TOPICS)}
        assert counts["sluice"] == (7, 2, 5)
        latest = [one["title"] for one in rows(db, LATEST, limit=50)]
        assert title not in latest
        assert len(latest) == 8
        assert row(db, "SELECT body FROM articles WHERE url = :url", url=url_of(title)) is not None


@pytest.mark.parametrize("name", ["TO_REVIEW", "AT_ADDRESS", "WAITING"])
def test_what_is_asked_while_somebody_reviews_goes_by_the_index(data: Path, name: str) -> None:
    values = {"topic": "sluice", "limit": 5, "skip": 0, "url": url_of(TITLE)}
    with closing(open_reader(data)) as db:
        plan = [one["detail"] for one in rows(db, f"EXPLAIN QUERY PLAN {getattr(reviews, name)}", **values)]
    assert [step for step in plan if step.startswith("SCAN") and step.split()[1] not in {"t", "b"}] == []
    assert any("topic_id=?" in step for step in plan)
