"""What keeps a run from asking: a network that is down, a stop, a file that never comes, a long question."""

from __future__ import annotations

import signal
import sqlite3
import time
from datetime import UTC, datetime

from crawler.inquiry import OPEN
from tests.loopback import Hit, Reply
from tests.services import gdelt, wayback
from tests.services.world import HEADLINES, PAST, World, page, slug

SEEN = datetime(2020, 2, 1, 10, 16, tzinfo=UTC)
ONE_DAY = "[window]\nsince = 2020-02-01\nuntil = 2020-02-01\n"
NOBODY = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
FEED = b'<rss version="2.0"><channel><item><title>Nothing</title><link>https://daily.example/x</link></item></channel></rss>'


def listed(world: World) -> set[str]:
    """GDELT's list of one day, with the articles on their outlet; their addresses."""
    stories = [gdelt.Story(url=f"https://daily.example/{slug(title)}", title=title, seen=SEEN) for title in HEADLINES]
    for story in stories:
        world.publish(story.url, story.title, SEEN)
    world.web["data.gdeltproject.org"] = lambda hit: gdelt.gal_reply(hit.url, stories)
    world.sources, world.window = ['channel = "gal"'], ONE_DAY
    return {story.url for story in stories}


def test_a_network_that_is_down_costs_no_source_its_pace_and_no_window_an_hour(world: World) -> None:
    expected = listed(world)
    world.web["daily.example/feed.xml"] = Reply(body=FEED)
    world.sources.append('channel = "feeds", url = "https://daily.example/feed.xml"')
    world.environment = NOBODY
    for verb in ("backfill", "crawl"):
        assert world.run(verb, code=4)["reason"] == "unreachable"
    assert world.rows("SELECT next_ask, failures FROM sources WHERE last_asked IS NOT NULL") == []
    assert world.rows("SELECT COUNT(*) FROM coverage") == [(0,)]
    world.environment = {}
    world.run("backfill")
    assert world.stored() == expected
    world.run("crawl")
    assert world.asked("daily.example").count("https://daily.example/feed.xml") == 1


def test_a_source_that_is_dead_from_the_start_is_known_to_be_so_when_others_answer(world: World) -> None:
    world.web["daily.example/feed.xml"] = Reply(body=FEED, wait=1.0)
    world.web["dead.example"] = world.web["dead.example/feed.xml"] = Reply(raw=b"")
    world.sources = [f'channel = "feeds", url = "https://{name}.example/feed.xml"' for name in ("dead", "daily")]
    world.run("crawl")
    failures = "SELECT failures, next_ask IS NOT NULL FROM sources WHERE url LIKE '%dead%'"
    assert world.rows(failures) == [(1, 1)]


def test_a_file_that_never_comes_whole_does_not_hide_what_lies_before_it(world: World) -> None:
    expected = listed(world)
    whole = world.web.reactions["data.gdeltproject.org"]

    def played(hit: Hit) -> Reply:
        return Reply(body=b"\x1f\x8bxx", cut=2) if "20200201200100" in hit.url else whole(hit)  # type: ignore[operator]  # it is a function here

    world.web["data.gdeltproject.org"] = played
    world.run("backfill")
    assert world.stored() == expected
    assert world.rows("SELECT since FROM coverage WHERE status = 'failed'") == [("2020-02-01T20:01:00Z",)]


def test_a_capture_that_never_comes_whole_does_not_keep_the_others_from_being_read(world: World) -> None:
    def feed(number: int) -> bytes:
        url = f"https://daily.example/?p={number}"
        item = f"<item><title>{HEADLINES[number]}</title><link>{url}</link></item>"
        return f'<rss version="2.0"><channel>{item}</channel></rss>'.encode()

    feed_url = "https://daily.example/feed.xml"
    days = ("20190110", "20190120", "20190130")
    taken = [
        wayback.Taken(stamp=f"{day}090000", url=feed_url, body=feed(number), mimetype="text/xml")
        for number, day in enumerate(days)
    ]
    taken += [
        wayback.Taken(stamp=f"{day}100000", url=f"https://daily.example/?p={n}", body=page(HEADLINES[n], PAST))
        for n, day in enumerate(days)
    ]
    archive = wayback.Archive(captures=taken)

    def played(hit: Hit) -> Reply:
        if "robots" in hit.url:
            return Reply(status=404)
        reply = archive(hit)
        first = next((url for url in archive.asked if "feed.xml" in url and "/web/" in url), "")
        return Reply(body=b"<rss", cut=2) if hit.url == first else reply

    world.web["web.archive.org"] = played
    world.sources = ['channel = "feeds", url = "https://daily.example/feed.xml"', 'channel = "wayback"']
    world.window = "[window]\nsince = 2019-01-05\nuntil = 2019-02-10\n"
    world.run("backfill")
    hour_later(world)
    world.run("backfill")
    assert world.rows("SELECT COUNT(*) FROM candidates WHERE url LIKE '%?p=%'") == [(2,)]


def hour_later(world: World) -> None:
    """Make the ledger so old that what failed is asked again."""
    database = sqlite3.connect(world.folder / "data" / "news.db")
    database.execute("UPDATE coverage SET asked = '2019-06-01T00:00:00Z' WHERE status != 'complete'")
    database.commit()
    database.close()


def test_an_index_that_goes_on_at_a_long_address_is_followed_there(world: World) -> None:
    urls = [f"https://daily.example/{slug(HEADLINES[0])}-{'x' * 1900}{n}" for n in range(3)]
    taken = [
        wayback.Taken(stamp=f"2019012{n}080000", url=url, body=page(HEADLINES[n], PAST)) for n, url in enumerate(urls)
    ]
    archive = wayback.Archive(captures=taken, most=1)
    world.web["web.archive.org"] = lambda hit: Reply(status=404) if "robots" in hit.url else archive(hit)
    world.sources = ['channel = "wayback", only = ["daily.example"]']
    world.window = "[window]\nsince = 2019-01-05\nuntil = 2019-01-31\n"
    world.run("backfill")
    assert {url for (url,) in world.rows("SELECT url FROM candidates")} == set(urls)
    assert world.rows("SELECT DISTINCT status FROM coverage") == [("complete",)]
    assert world.stored() == set(urls)


def test_a_run_that_is_stopped_in_the_middle_of_chains_says_so_and_marks_nothing_complete(world: World) -> None:
    expected = listed(world)
    whole = world.web.reactions["data.gdeltproject.org"]
    world.web["data.gdeltproject.org"] = lambda hit: Reply(
        **{name: getattr(whole(hit), name) for name in ("status", "body", "headers")},
        wait=0.1,  # type: ignore[operator]  # it is a function here
    )
    with world.start("backfill") as process:
        while len(world.asked("data.gdeltproject.org")) < 40:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 6
    asked = {url.rpartition("/")[2][:12] for url in world.asked("data.gdeltproject.org") if url.endswith(".gz")}
    ((since, until),) = world.rows("SELECT MIN(since), MAX(until) FROM coverage WHERE status = 'complete'")
    assert until == "2020-02-02T00:01:00Z"
    assert since[:16].translate(str.maketrans("", "", "-T:")) in asked
    world.web["data.gdeltproject.org"] = whole
    world.run("backfill")
    assert world.stored() == expected
    ((since, until),) = world.rows("SELECT MIN(since), MAX(until) FROM coverage WHERE status = 'complete'")
    assert since <= "2020-02-01T00:01:00Z"


BROKEN = """
from crawler.{module} import {kind}
real = {kind}.{method}
def broken(self, ask, *rest, **more):
    if "bad" in ask.url:
        raise ZeroDivisionError("a fault of ours")
    return real(self, ask, *rest, **more)
{kind}.{method} = broken
from crawler.cli import main
main()
"""


def many(world: World) -> None:
    """More feeds than are asked at a time, the last of which is the only one that is well."""
    item = f"<item><title>{HEADLINES[0]}</title><link>https://daily.example/{slug(HEADLINES[0])}</link></item>"
    world.publish(f"https://daily.example/{slug(HEADLINES[0])}", HEADLINES[0], SEEN)
    feed = f'<rss version="2.0"><channel>{item}</channel></rss>'.encode()
    world.web["daily.example"] = lambda hit: Reply(status=404) if "robots" in hit.url else Reply(body=feed)
    names = [*(f"bad{number}" for number in range(OPEN)), "good"]
    world.sources = [f'channel = "feeds", url = "https://daily.example/{name}.xml"' for name in names]


def test_a_channel_that_breaks_over_an_answer_costs_the_others_nothing(world: World) -> None:
    many(world)
    world.program = ("-c", BROKEN.format(module="channels.feeds", kind="Feeds", method="read"))
    told = world.run("crawl", code=1)
    assert f"{OPEN} faults of our own" in told["message"]
    assert len(world.stored()) == 1
    failed = world.rows("SELECT DISTINCT reason FROM coverage WHERE status = 'failed'")
    assert failed == [("our own fault: ZeroDivisionError: a fault of ours",)]


def test_an_answer_that_cannot_be_entered_keeps_no_other_question_from_being_put(world: World) -> None:
    many(world)
    world.program = ("-c", BROKEN.format(module="frontier", kind="Frontier", method="announce"))
    assert "faults of our own" in world.run("crawl", code=1)["message"]
    assert len(world.stored()) == 1


def test_a_warc_file_that_cannot_be_read_is_told_by_its_name(world: World) -> None:
    world.sources, world.window = [], ONE_DAY
    folder = world.folder / "gone.warc.gz"
    told = world.run("backfill", "-s", f"DOSSIER_WARC_FILES={folder}", code=4)
    assert (told["reason"], "gone.warc.gz: is not there" in told["message"]) == ("unreadable", True)
    assert world.rows("SELECT status, resume FROM coverage") == [("failed", "0")]
