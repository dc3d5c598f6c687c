"""How the sources of a topic are told: with what they lead to, with services, and in tables of any width."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from archive.queries import open_reader
from archive.rows import CandidateRow
from archive.source_days import SourceDay
from archive.store import Archive
from crawler.times import text_of
from crawler.watching.health import Health, Wards, lately
from crawler.watching.source_table import news, short, show
from pipelines.topic import Topic, parse_topic

NOW = datetime(2019, 3, 1, 12, tzinfo=UTC)
LONG = "https://www.the-paper.example/sections/of/news/world/latest.xml?format=rss"
TOPIC = f"""title = "Talks"
[terms]
"peace talks" = 3
[[sources]]
channel = "feeds"
url = "{LONG}"
[[sources]]
channel = "sitemaps"
url = "https://map.example/"
[[sources]]
channel = "feeds"
url = "https://never.example/feed"
[[sources]]
channel = "gdelt"
[[sources]]
channel = "google_news"
[[sources]]
channel = "outlinks"
"""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Forty days of a feed, of a site and of the documents to which it leads, and one question to a service."""
    opened = Archive.open(tmp_path)
    topic, serial = opened.topics.ensure("talks", "Talks", TOPIC), 0
    with opened.writing():
        for days in range(40, 0, -1):
            at = text_of(NOW - timedelta(days=days)) or ""
            for channel, url, new in (
                ("feeds", LONG, 5), ("sitemaps", "https://map.example/robots.txt", 0),
                ("sitemaps", "https://map.example/news.xml", 2), ("sitemaps", "https://map.example/old.xml", 1),
            ):  # fmt: skip
                source = opened.sources.ensure(channel, url, url.split("/")[2].removeprefix("www."))
                rows = [CandidateRow(url=f"{url}/{serial + one}", host="h", published=at) for one in range(new)]
                serial += new
                opened.candidates.note(topic, source, rows, at)
                opened.sources.answered(source, "complete", "", at, found=new, new=new, pause=15 * max(new, 1))
        service = opened.sources.ensure("gdelt", "https://api.gdelt.example/doc", "gdelt.example")
        opened.sources.answered(service, "failed", "HTTP 500", text_of(NOW) or "", found=0, new=0)
    yield opened
    opened.close()


def topic() -> Topic:
    return parse_topic(TOPIC, "talks.toml")


def told(archive: Archive) -> list[Health]:
    with closing(open_reader(archive.folder)) as db:
        return Wards(db, NOW).of(topic())


def test_a_site_has_the_days_and_the_pace_of_its_documents(archive: Archive) -> None:
    feed, site, never, service = told(archive)
    assert [one.verdict.word for one in (feed, site, never, service)] == ["good", "good", "not asked", "failing"]
    assert (site.row["items"], site.row["pause_minutes"], len(site.row["documents"])) == (3, 15, 2)
    assert [site.days[-1].fresh, site.days[-1].asked] == [3, 3]
    assert site.volume
    assert (site.volume.news, site.volume.middle, site.rhythm.usual) == (3, 3, 1)
    assert never.days == ()
    assert service.source.url == "https://api.gdelt.example/doc"


def test_a_service_that_answered_about_the_past_is_well_whatever_it_lists(archive: Archive) -> None:
    service = archive.sources.ensure("gdelt", "https://api.gdelt.example/doc", "gdelt.example")
    archive.sources.answered(service, "complete", "", text_of(NOW) or "", found=0, new=0)
    assert [one.verdict.word for one in told(archive)] == ["good", "good", "not asked", "good"]


def test_without_an_archive_no_source_was_asked() -> None:
    assert [one.verdict.word for one in Wards(None, NOW).of(topic())] == ["not asked"] * 3


def test_four_weeks_are_told_as_one_day() -> None:
    days = [SourceDay(day=f"2019-02-{day:02}", fresh=1, items=0 if day == 28 else day, kept=2) for day in range(1, 29)]
    sums = lately([SourceDay(day="2019-01-31", fresh=100, kept=100), *days])
    assert (sums.day, sums.fresh, sums.kept, sums.items) == ("2019-02-28", 28, 56, 27)
    assert lately([]) == SourceDay(day="")


def table(archive: Archive, width: int, *, terminal: bool) -> list[str]:
    out = io.StringIO()
    show(
        Console(file=out, width=width, force_terminal=terminal, color_system=None, highlight=False), told(archive), NOW
    )
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [70, 80, 120])
def test_a_table_fits_its_terminal(archive: Archive, width: int) -> None:
    lines = table(archive, width, terminal=True)
    assert max(map(len, lines)) <= width
    assert lines[0].split()[:3] == ["verdict", "source", "new"]
    assert ("every" in lines[0]) == (width == 120)
    (feed,) = [line for line in lines if "the-paper" in line]
    assert feed.startswith("good ")
    assert width < 80 or "5 (0-11)" in feed


def test_a_pipe_gets_one_whole_line_a_source(archive: Archive) -> None:
    header, *lines = table(archive, 80, terminal=False)
    assert len(lines) == 4
    assert header.split() == ["verdict", "channel", "source", "new", "kept", "answered", "asked", "every", "advice"]
    assert LONG in lines[0]
    assert "2019-02-28 12:00 UTC" in lines[0]
    assert "HTTP 500 (1 failure in a row, never well)" in lines[3]


def test_a_day_beyond_its_band_is_marked(archive: Archive) -> None:
    (feed, *_) = told(archive)
    assert feed.volume
    cells = [news(replace(feed, volume=replace(feed.volume, news=count))) for count in (5, 40)]
    assert cells == ["5 (0-11)", "40 (0-11) high"]
    assert news(replace(feed, volume=None)) == "140 in all"


def test_without_sources_there_is_no_table() -> None:
    out = io.StringIO()
    show(Console(file=out), [], NOW)
    assert out.getvalue() == ""


@pytest.mark.parametrize("room", [0, 20, 40, 60, 200])
def test_of_a_long_address_host_and_end_are_shown(room: int) -> None:
    found = short("feeds ", LONG, room)
    assert found.startswith("feeds the-paper.example/")
    assert found.endswith("=rss")
    assert len(found) <= max(room, len("feeds the-paper.example") + 6)
    assert ("…" in found) == (room < 200)
    assert short("feeds ", "no address", room) == "feeds no address"
