from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.belonging import PARKED
from archive.due import MOST_BELOW, asked_before, pages_due, recall, sources_due, topic_id
from archive.queries import Reader, open_reader
from archive.rows import CandidateRow, OutcomeRow, QuestionRow
from archive.store import Archive

NOW, UNTIL = "2026-05-01T12:00:00Z", "2026-05-02T12:00:00Z"
STEPS = (15, 60, 180)


@contextmanager
def reading(archive: Archive) -> Iterator[Reader]:
    db = open_reader(archive.folder)
    yield db
    db.close()


def announced(archive: Archive, *urls: str, topic: int = 1) -> None:
    source = archive.sources.ensure("feeds", "https://wire.example/feed", "wire.example")
    rows = [CandidateRow(url=url, host=url.split("/")[2], score=0.5) for url in urls]
    archive.candidates.note(topic, source, rows, NOW)


def ended(archive: Archive, url: str, state: str, next_try: str | None = None) -> None:
    (number,) = archive.db.execute("SELECT id FROM candidates WHERE url = ?", [url]).fetchone()
    archive.candidates.finish(OutcomeRow(candidate_id=number, state=state, next_try=next_try), NOW)


def looked_at(archive: Archive, host: str, count: int, due: str, first: int = 1, step: int = 60) -> None:
    """Known articles that are looked at again, as a crawl leaves them."""
    archive.sources.ensure("feeds", "https://wire.example/feed", "wire.example")
    urls = {number: f"https://{host}/known-{number}" for number in range(first, first + count)}
    announced(archive, *urls.values())
    with archive.writing() as db:
        for number, url in urls.items():
            db.execute("UPDATE candidates SET state = 'stored' WHERE url = ?", [url])
            db.execute(
                "INSERT INTO articles (id, url, outlet_id, fetched, content_hash) VALUES (?, ?, 1, ?, ?)",
                [number, url, NOW, str(number)],
            )
            db.execute(
                "INSERT INTO rechecks (article_id, topic_id, candidate_id, host, step, due) "
                "SELECT ?, 1, id, host, ?, ? FROM candidates WHERE url = ?", [number, step, due, url],
            )  # fmt: skip


def pages(archive: Archive, most: int = 60) -> list[str]:
    with reading(archive) as db:
        return pages_due(db, 1, NOW, UNTIL, STEPS, most)


def test_a_topic_is_known_by_its_name(archive: Archive) -> None:
    with reading(archive) as db:
        assert topic_id(db, "talks") == 1
        assert topic_id(db, "cricket") is None


def test_sources_are_found_with_their_pace_and_their_news(archive: Archive) -> None:
    feed, asked = ("feeds", "https://wire.example/feed"), NOW
    number = archive.sources.ensure(*feed, "wire.example")
    archive.sources.ensure("feeds", "https://wire.example/never", "wire.example")
    archive.sources.answered(number, "complete", "", asked, found=9, new=4, pause=30, topic=1)
    with reading(archive) as db:
        found = sources_due(db, [feed, ("feeds", "https://wire.example/never"), ("feeds", "https://none.example/")])
    assert list(found) == [feed]
    one = found[feed]
    assert (one.last_asked, one.next_ask, one.pause_minutes) == (NOW, "2026-05-01T12:30:00Z", 30)
    assert (one.failures, one.listed_for, one.news) == (0, 1, 4)


def test_an_address_that_leads_on_has_the_news_of_what_it_leads_to(archive: Archive) -> None:
    index = ("sitemaps", "https://wire.example/sitemap.xml")
    below = (("sitemaps", "https://wire.example/2026-05.xml"), ("sitemaps", "https://wire.example/2026-04.xml"))
    others = (("sitemaps", "https://wire.example.org/a.xml"), ("feeds", "https://wire.example/feed"))
    for channel, url in (index, *below, *others):
        number = archive.sources.ensure(channel, url, "wire.example")
        new = 0 if url == index[1] else 5
        archive.sources.answered(number, "complete", "", NOW, found=new, new=new, pause=30)
    with reading(archive) as db:
        assert sources_due(db, [index])[index].news == 10


def test_links_that_wait_are_due_and_failed_ones_when_they_are_tried_again(archive: Archive) -> None:
    announced(archive, *(f"https://a.example/{number}" for number in range(5)))
    ended(archive, "https://a.example/1", "stored")
    ended(archive, "https://a.example/2", "failed", "2026-05-01T15:00:00Z")
    ended(archive, "https://a.example/3", "failed", "2026-05-09T15:00:00Z")
    assert pages(archive) == ["", "", "2026-05-01T15:00:00Z"]


def test_looks_are_due_by_their_ladder_and_none_is_counted_that_no_crawl_would_ask_for(archive: Archive) -> None:
    looked_at(archive, "a.example", 2, "2026-05-01T13:00:00Z")
    looked_at(archive, "b.example", 2, "2026-05-01T11:00:00Z", first=10, step=15)
    looked_at(archive, "c.example", 1, "2026-05-03T11:00:00Z", first=20)
    looked_at(archive, "d.example", 1, "2026-05-01T11:00:00Z", first=30)
    archive.db.execute("UPDATE candidates SET via = 'https://archive.example/x' WHERE host = 'd.example'")
    archive.db.conn.commit()
    assert pages(archive) == ["2026-05-01T11:00:00Z"] * 2 + ["2026-05-01T13:00:00Z"] * 2
    assert pages(archive, 3) == ["2026-05-01T11:00:00Z"] * 2 + ["2026-05-01T13:00:00Z"]


def test_hosts_that_rest_are_left_out(archive: Archive) -> None:
    announced(archive, "https://a.example/1", "https://b.example/1")
    looked_at(archive, "a.example", 1, NOW)
    archive.hosts.rest("a.example", "2026-05-01T13:00:00Z", "HTTP 429")
    assert pages(archive) == [""]


def test_what_was_asked_about_the_past_is_told(archive: Archive) -> None:
    run = archive.runs.start(1, NOW)
    source = archive.sources.ensure("gdelt", "https://gdelt.example/", "")
    window = {"since": "2019-01-01T00:00:00Z", "until": "2019-02-01T00:00:00Z"}
    archive.coverage.note(run, source, QuestionRow(place="", query="doha", status="complete", asked=NOW, **window))
    with reading(archive) as db:
        about = ("2018-01-01T00:00:00Z", "2020-01-01T00:00:00Z")
        assert asked_before(db, 1, "gdelt", *about) == archive.coverage.asked(1, "gdelt", *about)
        assert len(asked_before(db, 1, "gdelt", *about)) == 1
        assert asked_before(db, 2, "gdelt", *about) == []


def test_what_waits_for_a_future_that_is_not_to_come_is_recalled(archive: Archive) -> None:
    archive.hosts.rest("a.example", "2026-05-07T12:00:00Z", "HTTP 429")
    archive.hosts.rest("b.example", "2036-05-07T12:00:00Z", "HTTP 429")
    announced(archive, "https://a.example/soon", "https://a.example/never")
    ended(archive, "https://a.example/soon", "failed", "2026-05-02T12:00:00Z")
    ended(archive, "https://a.example/never", "failed", "2036-05-02T12:00:00Z")
    looked_at(archive, "a.example", 1, "2026-05-20T12:00:00Z", first=1, step=180)
    looked_at(archive, "a.example", 1, "2036-05-20T12:00:00Z", first=2, step=180)
    looked_at(archive, "a.example", 1, PARKED, first=3, step=180)
    recall(archive, NOW, "2026-05-09T12:00:00Z", "2026-06-02T12:00:00Z")
    assert set(archive.hosts.resting(NOW)) == {"a.example"}
    tries = archive.db.execute("SELECT next_try FROM candidates WHERE state = 'failed' ORDER BY url").fetchall()
    assert tries == [(NOW,), ("2026-05-02T12:00:00Z",)]
    (first, second, third) = archive.db.execute("SELECT due FROM rechecks ORDER BY article_id").fetchall()
    assert (first, third) == (("2026-05-20T12:00:00Z",), (PARKED,))
    assert NOW <= second[0] < "2026-05-01T15:00:00Z"


def steps_of(archive: Archive) -> int:
    """The steps of SQLite's machine that one look takes."""
    with reading(archive) as db:
        taken = [0]

        def count() -> int:
            taken[0] += 1
            return 0

        db.set_progress_handler(count, 10)
        pages_due(db, 1, NOW, UNTIL, STEPS, 20)
        sources_due(db, [("feeds", "https://wire.example/feed"), ("sitemaps", "https://wire.example/sitemap.xml")])
        return taken[0]


def test_a_look_costs_what_is_due_and_not_what_the_archive_holds(archive: Archive) -> None:
    looked_at(archive, "a.example", 60, "2026-05-01T13:00:00Z")
    announced(archive, *(f"https://a.example/{number}" for number in range(60)))
    small = steps_of(archive)
    looked_at(archive, "a.example", 500, "2026-05-01T13:00:01Z", first=1_000)
    looked_at(archive, "a.example", 500, "2026-06-01T13:00:00Z", first=5_000)
    announced(archive, *(f"https://a.example/more-{number}" for number in range(500)))
    with archive.writing():
        for number in range(500):
            archive.sources.ensure("sitemaps", f"https://other.example/{number}.xml", "other.example")
    assert steps_of(archive) < 2 * small


@pytest.mark.parametrize("count", [MOST_BELOW + 50])
def test_an_index_of_ten_thousands_of_sitemaps_is_not_added_up(tmp_path: Path, archive: Archive, count: int) -> None:
    archive.db.conn.executemany(
        "INSERT INTO sources (channel, url, last_asked, new_items) VALUES ('sitemaps', ?, ?, 1)",
        [(f"https://wire.example/{number:06}.xml", NOW) for number in range(count)],
    )
    archive.db.conn.executemany(
        "INSERT INTO sources (channel, url, last_asked) VALUES ('sitemaps', ?, ?)", [("https://wire.example/s", NOW)]
    )
    archive.db.conn.commit()
    key = ("sitemaps", "https://wire.example/s")
    with reading(archive) as db:
        assert sources_due(db, [key])[key].news == MOST_BELOW
