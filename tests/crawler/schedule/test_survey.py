from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.rows import CandidateRow, QuestionRow
from archive.store import Archive
from crawler.channels.search.gdelt_queries import queries_of
from crawler.schedule.rules import Rules
from crawler.schedule.supply import Spring, Supply, crawled
from crawler.schedule.survey import PAGES, files_of, followed, opened, supply_of, with_gaps
from crawler.schedule.topics import Topics
from crawler.times import text_of
from pipelines.topic import TopicError, load_topic

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RULES = Rules()
FEED, OTHER = "https://wire.example/feed.xml", "https://other.example/feed.xml"
GDELT = '[[sources]]\nchannel = "gdelt"\n'


def feeds(*urls: str) -> str:
    return "".join(f'[[sources]]\nchannel = "feeds"\nurl = "{url}"\n' for url in urls)


def write(data: Path, name: str = "talks", sources: str = feeds(FEED, OTHER), window: str = "") -> Path:
    path = data / "topics" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'title = "Talks"\n{window}queries = ["doha"]\n[terms]\n"talks" = 1\n{sources}', encoding="utf-8")
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.open(tmp_path / "data")
    archive.topics.ensure("talks", "Talks", "")
    yield archive
    archive.close()


def answered(
    archive: Archive, url: str, at: datetime = NOW, topic: int = 1, status: str = "complete", pause: int = 30
) -> None:
    number = archive.sources.ensure("feeds", url, "wire.example")
    archive.sources.answered(number, status, "", text_of(at) or "", found=3, new=3, pause=pause, topic=topic)


def looked(archive: Archive, path: Path, now: datetime = NOW) -> Supply:
    with opened(archive.folder) as db:
        return supply_of(path, db, RULES, now)


def test_topics_are_those_of_the_rules_else_of_the_folder_else_of_the_archive(archive: Archive) -> None:
    data = archive.folder
    archive.topics.ensure("us-taliban-peace-talks", "", "")
    found, faults = files_of(data, RULES)
    assert [path.stem for path in found] == ["us-taliban-peace-talks"]
    assert "talks: no such topic or file" in faults["talks"]
    one, two = write(data, "one"), write(data, "two")
    assert files_of(data, RULES) == ([one, two], {})
    found, faults = files_of(data, Rules(topics=("two", "topics/one.toml", "three", "two")))
    assert found == [two, one]
    assert list(faults) == ["three"]


def test_where_there_is_no_archive_there_is_no_topic(tmp_path: Path) -> None:
    assert followed(tmp_path) == []
    assert files_of(tmp_path, RULES) == ([], {})
    with opened(tmp_path) as db:
        assert db is None
        assert supply_of(write(tmp_path), db, RULES, NOW).springs == ()


def test_an_archive_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError), opened(tmp_path):
        pass


def test_one_that_is_damaged_within_is_told_once_and_its_topics_are_crawled_all_the_same(archive: Archive) -> None:
    path, said = write(archive.folder), list[str]()
    archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (archive.folder / "news.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"x" * 400_000)
    topics = Topics(archive.folder, said.append)
    for hours in (0, 2):
        assert topics.look(RULES, NOW + hours * HOUR) == [Supply(topic="talks", file=str(path))]
    (line,) = said
    assert "is damaged; keep it aside" in line


def test_a_topic_that_cannot_be_read_is_told(archive: Archive) -> None:
    path = write(archive.folder, window="title = 1\n")
    with pytest.raises(TopicError):
        looked(archive, path)


def test_a_source_has_the_pace_that_the_archive_knows(archive: Archive) -> None:
    path = write(archive.folder)
    answered(archive, FEED)
    answered(archive, OTHER, status="failed", pause=60)
    assert looked(archive, path).springs == (
        Spring(due=NOW + 30 * MINUTE, pause=30 * MINUTE, news=3),
        Spring(due=NOW + 60 * MINUTE, pause=HOUR, news=3, fails=True),
    )


def test_what_another_topic_heard_is_news_to_this_one_after_its_own_pause(archive: Archive) -> None:
    path = write(archive.folder, sources=feeds(FEED))
    archive.topics.ensure("other", "", "")
    answered(archive, FEED, topic=2)
    assert looked(archive, path).springs == (Spring(due=None, pause=30 * MINUTE, news=3),)


def test_a_source_that_was_never_asked_and_a_service_have_a_pace_of_their_own(archive: Archive) -> None:
    path = write(archive.folder, sources=feeds(FEED) + GDELT)
    springs = looked(archive, path).springs
    assert springs[0] == Spring(due=None, pause=HOUR, news=0)
    number = archive.sources.ensure("gdelt", "https://api.gdeltproject.org/api/v2/doc/doc", "")
    archive.sources.answered(number, "complete", "", text_of(NOW) or "", found=9, new=7)
    assert looked(archive, path).springs[1] == Spring(due=None, pause=HOUR, news=7)


def test_pages_that_wait_are_counted_up_to_a_bound(archive: Archive) -> None:
    path = write(archive.folder)
    source = archive.sources.ensure("feeds", FEED, "wire.example")
    hosts = [f"h{number}.example" for number in range(9)]
    rows = [
        CandidateRow(url=f"https://{host}/{number}", host=host, score=0.5) for host in hosts for number in range(20)
    ]
    archive.candidates.note(1, source, rows, text_of(NOW) or "")
    assert looked(archive, path).pages == (NOW,) * PAGES


@pytest.mark.parametrize(
    ("asked", "pause", "is_ahead"),
    [(NOW, 30, False), (NOW + 2 * MINUTE, 30, False), (NOW + 3 * HOUR, 30, True), (NOW, 60 * 24 * 30, True)],
)
def test_a_source_of_another_future_is_seen(archive: Archive, asked: datetime, pause: int, is_ahead: bool) -> None:
    path = write(archive.folder)
    answered(archive, FEED, asked, pause=pause)
    assert looked(archive, path).is_ahead == is_ahead


WINDOW = "[window]\nsince = 2019-01-01\nuntil = 2019-03-01\n"


def gaps(archive: Archive, path: Path, now: datetime = NOW) -> str:
    with opened(archive.folder) as db:
        return with_gaps(supply_of(path, db, RULES, now), db, now).gaps


def past(archive: Archive, window: str) -> Path:
    path = write(archive.folder, sources=GDELT)
    path.write_text(path.read_text("utf-8").replace("[terms]", f"{window}[terms]"), "utf-8")
    return path


def test_what_nobody_was_asked_about_is_a_gap_until_somebody_was(archive: Archive) -> None:
    path = past(archive, WINDOW)
    before = gaps(archive, path)
    assert len(before) == 16
    assert gaps(archive, path) == before
    run = archive.runs.start(1, text_of(NOW) or "")
    source = archive.sources.ensure("gdelt", "https://api.gdeltproject.org/api/v2/doc/doc", "")
    queries = queries_of(load_topic(path))

    def ask(query: str, since: str) -> None:
        until = "2019-03-02T00:00:00Z"
        row = QuestionRow(place="", query=query, status="complete", asked=text_of(NOW) or "", since=since, until=until)
        archive.coverage.note(run, source, row)

    ask(queries[0], "2019-02-01T00:00:00Z")
    assert gaps(archive, path) not in {"", before}
    for query in queries:
        ask(query, "2019-01-01T00:00:00Z")
    assert gaps(archive, path) == ""


@pytest.mark.parametrize("window", ["", "[window]\nsince = 2026-04-30\n"], ids=["no beginning", "the last days"])
def test_the_present_is_no_gap(archive: Archive, window: str) -> None:
    assert gaps(archive, past(archive, window)) == ""


def test_after_a_crawl_sources_rest_and_no_page_waits() -> None:
    due, later = Spring(due=NOW, pause=HOUR, news=1), Spring(due=NOW + 2 * HOUR, pause=HOUR, news=1)
    service = Spring(due=None, pause=HOUR, news=1)
    supply = Supply(topic="t", file="", springs=(due, later, service), pages=(NOW, NOW + HOUR), is_ahead=True)
    rested = Spring(due=NOW + HOUR, pause=HOUR, news=1)
    assert crawled(supply, NOW) == Supply(topic="t", file="", springs=(rested, later, service), pages=(NOW + HOUR,))
