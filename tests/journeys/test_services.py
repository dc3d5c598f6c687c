"""The real command asks the services that remember: each played on loopback, at its own address, over https."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

from tests.loopback import Reply
from tests.services import ccnews, gdelt, news_search
from tests.services.world import HEADLINES, JANUARY, NOW, NUMBERED, PAST, World, captured, page, slug
from tests.warcfiles import Fetch, written


def test_a_crawl_asks_the_search_services_and_knows_what_only_google_can_read(world: World) -> None:
    day = NOW - timedelta(days=3)
    urls = [f"https://daily.example/world/{slug(title)}" for title in HEADLINES]
    for url, title in zip(urls, HEADLINES, strict=True):
        world.publish(url, title, day)
    seen = [gdelt.Story(url=url, title=title, seen=day) for url, title in zip(urls, HEADLINES, strict=True)]
    search = gdelt.Doc(seen[:2], gap=0.04, odd_every=2)
    world.web["api.gdeltproject.org"] = search
    about = {"publisher": "The Daily", "site": "https://daily.example", "published": day}
    world.web["news.google.com"] = news_search.google(
        [
            news_search.Story(url=urls[0], title=HEADLINES[0], is_sealed=True, **about),
            news_search.Story(url=urls[2], title=HEADLINES[2], **about),
            news_search.Story(
                url="https://daily.example/lost", title="Nobody else tells of this envoy", is_sealed=True, **about
            ),
        ]
    )
    world.web["www.bing.com"] = news_search.bing([news_search.Story(url=urls[3], title=HEADLINES[3], **about)])
    world.sources = ['channel = "gdelt"', 'channel = "google_news"', 'channel = "bing_news"']
    world.window = f"[window]\nsince = {NOW - timedelta(days=20):%Y-%m-%d}\n"

    first = world.run("crawl")
    assert world.stored() == set(urls)
    assert search.refused == 0
    assert first["outcome/stored"] == 4
    unresolved = world.rows("SELECT state, reason FROM candidates WHERE url LIKE '%news.google.com%' ORDER BY state")
    assert unresolved == [("duplicate", f"is {urls[0]}"), ("unresolved", "")]
    sighted = "SELECT channel FROM sightings JOIN sources ON sources.id = source_id JOIN candidates AS c"
    assert world.rows(f"{sighted} ON c.id = candidate_id WHERE c.url = '{urls[0]}' ORDER BY channel") == [
        ("gdelt",), ("google_news",),
    ]  # fmt: skip
    assert world.rows("SELECT DISTINCT status FROM coverage WHERE since IS NOT NULL") == [("complete",)]

    asked = len(world.asked("api.gdeltproject.org"))
    second = world.run("crawl")
    again = [url for url in world.asked("api.gdeltproject.org")[asked:] if "startdatetime" in url]
    assert len(again) <= 2 * asked  # only the days since
    assert all(f"startdatetime={NOW:%Y%m%d}" in url for url in again)
    assert second.get("outcome/stored", 0) == 0


def test_a_refusing_service_costs_the_others_nothing_and_stands_in_the_ledger(world: World) -> None:
    day = NOW - timedelta(days=3)
    url = f"https://daily.example/world/{slug(HEADLINES[0])}"
    world.publish(url, HEADLINES[0], day)
    world.web["api.gdeltproject.org"] = gdelt.Doc([gdelt.Story(url=url, title=HEADLINES[0], seen=day)], gap=0.04)
    world.web["news.google.com"] = news_search.consent_redirect()
    world.web["consent.google.com"] = news_search.consent_page()
    world.web["www.bing.com"] = news_search.page_instead()
    world.sources = ['channel = "gdelt"', 'channel = "google_news"', 'channel = "bing_news"']
    world.window = f"[window]\nsince = {NOW - timedelta(days=20):%Y-%m-%d}\n"
    figures = world.run("crawl")
    assert (figures["exit"], world.stored()) == (0, {url})
    refused = "SELECT DISTINCT channel, status FROM coverage JOIN sources ON sources.id = source_id ORDER BY 1"
    assert world.rows(refused) == [("bing_news", "refused"), ("gdelt", "complete"), ("google_news", "refused")]
    assert len(world.asked("www.bing.com")) <= 2
    kept = b"".join(path.read_bytes() for path in (world.folder / "data" / "warc").iterdir())
    assert kept
    assert world.rows("SELECT COUNT(*) FROM candidates WHERE host LIKE '%google%'") == [(0,)]


def test_a_backfill_finds_the_past_in_the_web_archive_as_it_was(world: World) -> None:
    archive = captured()
    world.web["web.archive.org"] = lambda hit: Reply(status=404) if "robots" in hit.url else archive(hit)
    world.sources = ['channel = "feeds", url = "https://daily.example/feed.xml"', 'channel = "wayback"']
    world.window = JANUARY
    world.run("backfill")
    expected = {f"https://daily.example/{slug(title)}" for title in HEADLINES[:2]}
    assert world.stored() == expected | set(NUMBERED)
    told = "SELECT DISTINCT o.domain, substr(published, 1, 10), substr(fetched, 1, 7) FROM articles JOIN outlets AS o"
    assert world.rows(f"{told} ON o.id = outlet_id") == [("daily.example", "2019-01-20", "2019-01")]
    assert world.asked("daily.example") == []
    assert world.rows("SELECT COUNT(*) FROM records WHERE url LIKE '%archive.org%'") == [(0,)]
    assert {status for (status,) in world.rows("SELECT status FROM coverage WHERE since IS NOT NULL")} == {"complete"}

    asked = len(archive.asked)
    world.run("backfill")
    assert len(archive.asked) == asked  # what was answered completely is not asked again


def test_the_first_429_of_the_web_archive_ends_its_questions_and_the_next_run_goes_on(world: World) -> None:
    archive = captured(refuse_at=frozenset({2}))
    world.web["web.archive.org"] = lambda hit: Reply(status=404) if "robots" in hit.url else archive(hit)
    world.sources = ['channel = "feeds", url = "https://daily.example/feed.xml"', 'channel = "wayback"']
    world.window = JANUARY
    first = world.run("backfill")
    assert len(archive.asked) <= 3  # one more may have been under way
    assert "asked to stay away" in first["budget"]
    database = sqlite3.connect(world.folder / "data" / "news.db")
    database.execute("DELETE FROM hosts")  # the hour of rest is over
    database.execute("UPDATE coverage SET asked = '2019-06-01T00:00:00Z' WHERE status = 'failed'")
    database.execute("UPDATE candidates SET next_try = NULL")
    database.commit()
    database.close()
    world.run("backfill")
    assert len(world.stored()) == 4


def test_a_backfill_reads_common_crawl_in_ranges_and_stores_none_of_the_file(world: World) -> None:
    pages = [
        Fetch(url=f"https://daily.example/{slug(title)}", body=page(title, PAST), date="2019-01-28T10:00:00Z")
        for title in HEADLINES
    ]
    noise = [Fetch(url=f"https://other.example/{n}", body=page(f"Football result {n}", PAST)) for n in range(40)]
    name = "crawl-data/CC-NEWS/2019/01/CC-NEWS-20190128090000-00042.warc.gz"
    service = ccnews.CcNews(files={name: written([*noise[:20], *pages, *noise[20:]])})
    world.web["data.commoncrawl.org"] = lambda hit: Reply(status=404) if "robots" in hit.url else service(hit)
    world.sources, world.window = ['channel = "ccnews"'], "[window]\nsince = 2019-01-05\nuntil = 2019-01-31\n"
    figures = world.run("backfill")
    assert world.stored() == {fetch.url for fetch in pages}
    assert figures["fetched"] == 4
    assert world.rows("SELECT DISTINCT substr(via, 1, 56) FROM candidates") == [
        (f"https://data.commoncrawl.org/{name}"[:56],)
    ]
    asked = service.asked
    world.run("backfill")
    assert service.asked == asked


def test_gdelts_lists_are_filtered_before_anything_is_fetched(world: World) -> None:
    when = datetime(2020, 2, 1, 10, 16, tzinfo=UTC)
    on = [gdelt.Story(url=f"https://daily.example/{slug(title)}", title=title, seen=when) for title in HEADLINES]
    off = [gdelt.Story(url=f"https://other.example/{n}", title=f"Football result {n}", seen=when) for n in range(200)]
    for story in on:
        world.publish(story.url, story.title, when)
    world.web["data.gdeltproject.org"] = lambda hit: gdelt.gal_reply(hit.url, [*on, *off])
    world.sources, world.window = ['channel = "gal"'], "[window]\nsince = 2020-02-01\nuntil = 2020-02-01\n"
    world.run("backfill")
    assert world.stored() == {story.url for story in on}
    assert world.rows("SELECT COUNT(*) FROM candidates") == [(4,)]
    assert world.asked("other.example") == []
    assert world.rows("SELECT DISTINCT status FROM coverage") == [("complete",)]
    assert world.rows("SELECT COUNT(*) FROM coverage")[0][0] <= 3  # slots that touch are one row of a day


def test_a_warc_file_of_ones_own_is_read_once_and_nobody_is_asked(world: World) -> None:
    pages = [Fetch(url=f"https://daily.example/{slug(title)}", body=page(title, PAST)) for title in HEADLINES]
    file = world.folder / "own.warc.gz"
    file.write_bytes(written(pages))
    world.sources, world.window = ['channel = "gdelt"'], JANUARY
    first = world.run("backfill", "--warc", str(file))
    assert world.stored() == {fetch.url for fetch in pages}
    assert first["outcome/stored"] == 4
    assert world.web.log == []
    second = world.run("backfill", "--warc", str(file))
    assert second["taken"] == 0
    again = world.run("backfill", "--warc", str(file), "--recheck")
    assert (again["announced"], again.get("outcome/stored", 0)) == (4, 0)


def test_a_dry_run_asks_the_sources_and_fetches_no_article(world: World) -> None:
    day = NOW - timedelta(days=3)
    seen = [gdelt.Story(url=f"https://daily.example/{slug(title)}", title=title, seen=day) for title in HEADLINES]
    world.web["api.gdeltproject.org"] = gdelt.Doc(seen, gap=0.04)
    world.sources = ['channel = "gdelt"']
    world.window = f"[window]\nsince = {NOW - timedelta(days=20):%Y-%m-%d}\n"
    figures = world.run("crawl", "--dry-run")
    scores = [row["score"] for row in figures["candidates"]]
    assert scores == sorted(scores, reverse=True)
    assert {row["url"] for row in figures["candidates"]} == {
        f"https://daily.example/{slug(title)}" for title in HEADLINES
    }
    assert world.asked("daily.example") == []


def test_a_backfill_with_nothing_to_ask_says_what_to_name(world: World) -> None:
    world.sources, world.window = ['channel = "feeds", url = "https://daily.example/feed.xml"'], JANUARY
    told = world.run("backfill", code=2)["stderr"]
    assert "there is nothing to ask" in told
    assert "wayback: not among the topic's sources" in told
