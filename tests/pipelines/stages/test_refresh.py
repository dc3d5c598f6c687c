from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from archive.store import Archive
from pipelines.items import Article, Capture, Testimony
from pipelines.stages.admit import Dropped
from pipelines.stages.refresh import RefreshPipeline
from pipelines.stages.report import EXAMPLES, Report

Keep = Callable[[Capture], Capture]
Make = Callable[..., Capture]
KEEPS_ALL = "[thresholds]\nkeep = 0\nreview = 0\n"


@pytest.fixture
def refresh(crawler: Crawler) -> Iterator[RefreshPipeline]:
    stage = RefreshPipeline.from_crawler(crawler)
    yield stage
    stage.close_spider()


def again(capture: Capture, article: Article) -> Capture:
    """The kept page of the first article, read as that."""
    return Capture(candidate=capture.candidate, page=capture.page, article=article, article_id=1)


def row(archive: Archive, columns: str) -> tuple[object, ...]:
    found: tuple[object, ...] = archive.db.execute(f"SELECT {columns} FROM articles WHERE id = 1").fetchone()
    return found


def test_a_new_reading_takes_the_place_of_the_old_one(
    make: Make, keep: Keep, refresh: RefreshPipeline, archive: Archive
) -> None:
    kept = keep(make())
    assert kept.article is not None
    read = replace(kept.article, title="Seats taken", kind="live blog", extractor="newer",
                   witnesses=(Testimony(field="title", witness="h1", others=(("og", "Seats"),)),))  # fmt: skip
    asyncio.run(refresh.process_item(again(kept, read)))
    assert row(archive, "title, kind, extractor, fetched") == (
        "Seats taken",
        "live blog",
        "newer",
        "2021-08-15T12:00:00Z",
    )
    assert archive.db.execute("SELECT field, witness, others FROM witnesses").fetchall() == [
        ("title", "h1", '[["og", "Seats"]]')
    ]
    assert archive.db.execute("SELECT COUNT(*) FROM versions").fetchone() == (0,)
    assert refresh.report.told()["fields"] == {"title": 1, "extractor": 1, "kind": 1, "details": 1}


def test_a_date_that_only_the_old_reading_found_stays(
    make: Make, keep: Keep, refresh: RefreshPipeline, archive: Archive
) -> None:
    kept = keep(make())
    assert kept.article is not None
    asyncio.run(refresh.process_item(again(kept, replace(kept.article, published=None, section="World"))))
    assert row(archive, "published, section, month") == ("2021-08-15T12:00:00Z", "World", "2021-08")


def test_the_same_reading_writes_nothing(make: Make, keep: Keep, refresh: RefreshPipeline, archive: Archive) -> None:
    kept = keep(make())
    assert kept.article is not None
    before = archive.db.conn.total_changes
    asyncio.run(refresh.process_item(again(kept, kept.article)))
    assert archive.db.conn.total_changes == before
    assert refresh.report.told() == {
        "read": 1, "changed": 0, "fields": {}, "words_gained": 0, "words_lost": 0, "examples": [],
    }  # fmt: skip


def test_every_topic_of_the_article_judges_the_new_text(
    make: Make, keep: Keep, refresh: RefreshPipeline, archive: Archive
) -> None:
    kept = keep(make())
    assert kept.article is not None
    archive.topics.ensure("talks", "", KEEPS_ALL + '[terms]\n"regatta" = 1.0\n')
    broken = archive.topics.ensure("broken", "", "terms = nothing")
    archive.db.execute("INSERT INTO article_topics (article_id, topic_id, score, verdict) VALUES (1, ?, 0.5, 'review')",
                       [broken])  # fmt: skip
    text = "The regatta began on Sunday.\nThe regatta ended on Monday, and another regatta is to follow in spring."
    asyncio.run(refresh.process_item(again(kept, replace(kept.article, title="Regatta", body=text))))
    judged = archive.db.execute("SELECT name, matched FROM article_topics JOIN topics ON id = topic_id ORDER BY id")
    assert dict(judged.fetchall()) == {"talks": '[["regatta", 1.0]]', "broken": "[]"}


def test_what_a_topic_would_not_take_today_is_for_review(
    make: Make, keep: Keep, refresh: RefreshPipeline, archive: Archive
) -> None:
    kept = keep(make())
    assert kept.article is not None
    archive.topics.ensure("talks", "", '[terms]\n"regatta" = 1.0\n')
    asyncio.run(refresh.process_item(again(kept, replace(kept.article, title="Nothing of it"))))
    assert archive.db.execute("SELECT verdict, score FROM article_topics").fetchall() == [("review", 0.0)]


def test_a_dry_run_writes_nothing(make: Make, keep: Keep, tmp_path: Path, archive: Archive) -> None:
    kept = keep(make())
    assert kept.article is not None
    settings = {"DOSSIER_DATA": str(tmp_path / "data"), "DOSSIER_STORE_PATIENCE": 0.1, "DOSSIER_DRY_RUN": True}
    crawler = get_crawler(settings_dict=settings)
    stage = RefreshPipeline.from_crawler(crawler)
    asyncio.run(stage.process_item(again(kept, replace(kept.article, title="Other"))))
    stage.close_spider()
    assert row(archive, "title") == ("Negotiators take their seats again",)
    assert crawler.stats is not None
    assert crawler.stats.get_value("dossier/reread")["changed"] == 1


def test_an_archive_that_takes_no_more_ends_the_run(make: Make, keep: Keep, tmp_path: Path, topic: Path) -> None:
    kept = keep(make())
    assert kept.article is not None
    settings = {"DOSSIER_DATA": str(tmp_path / "data"), "DOSSIER_TOPIC": str(topic), "DOSSIER_STORE_PATIENCE": 0.1}
    impatient = get_crawler(settings_dict=settings)
    stage = RefreshPipeline.from_crawler(impatient)
    other = Archive.open(tmp_path / "data")
    other.db.execute("BEGIN IMMEDIATE")
    with pytest.raises(Dropped) as caught:
        asyncio.run(stage.process_item(again(kept, replace(kept.article, title="Other"))))
    other.db.execute("ROLLBACK")
    other.close()
    stage.close_spider()
    assert caught.value.rejected.state == "waiting"


def test_the_largest_changes_are_the_examples(make: Make, keep: Keep, archive: Archive) -> None:
    keep(make())
    before, _ = archive.rereadings.stored(1)
    report = Report()
    for number in range(2 * EXAMPLES):
        after = replace(before, url=f"https://courier.example/{number}", body=before.body + "\nword" * number)
        report.add(number, before, after, beside_changed=False)
    told = report.told()
    assert (told["read"], told["words_gained"], told["words_lost"]) == (20, sum(range(20)), 0)
    assert [example["gained"] for example in told["examples"]] == list(range(19, 9, -1))
    assert {example["came"] for example in told["examples"]} == {"word"}


def test_an_article_that_is_read_twice_is_told_once(make: Make, keep: Keep, archive: Archive) -> None:
    keep(make())
    before, _ = archive.rereadings.stored(1)
    report = Report()
    middle = replace(before, body=before.body + "\nCame first.")
    report.add(1, before, middle, beside_changed=True)
    report.add(
        1,
        middle,
        replace(middle, body=before.body.replace("Diplomats", "Envoys") + "\nCame first."),
        beside_changed=True,
    )
    told = report.told()
    assert told["fields"] == {"body": 1, "details": 1}
    assert [(one["gained"], one["lost"]) for one in told["examples"]] == [(3, 1)]
