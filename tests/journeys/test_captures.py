"""Pages that are to be had from a web archive only, and what the archive may answer instead of them."""

from __future__ import annotations

import pytest

from tests.loopback import Hit, Reply
from tests.services import gdelt
from tests.services.world import HEADLINES, JANUARY, NOW, PAST, World, captured, page


def test_a_busy_archive_is_asked_again_and_one_that_has_nothing_is_not(world: World) -> None:
    archive = captured()
    urls = [one.url for one in archive.captures]

    def played(hit: Hit) -> Reply:
        if "robots" in hit.url:
            return Reply(status=404)
        if "/web/" in hit.url and hit.url.endswith(urls[0]):
            return Reply(status=503, body=b"busy")
        if "/web/" in hit.url and hit.url.endswith(urls[1]):
            return Reply(status=404, body=b"not archived")
        return archive(hit)

    world.web["web.archive.org"] = played
    world.sources, world.window = ['channel = "wayback", only = ["daily.example"]'], JANUARY
    figures = world.run("backfill")
    rows = dict(world.rows("SELECT url, state || ' ' || (next_try IS NOT NULL) || ' ' || (via != '') FROM candidates"))
    assert (rows[urls[0]], rows[urls[1]]) == ("failed 1 1", "waiting 0 0")
    assert figures["taken"] == sum(count for name, count in figures.items() if name.startswith("outcome/"))


@pytest.mark.parametrize(
    "replies",
    [
        (
            Reply(status=302, headers=(("Location", "https://elsewhere.example/a"),)),
            Reply(status=302, headers=(("Location", "https://daily.example/now"),)),
        ),
        (
            Reply(body=b"<html><h1>The archive's own page"),
            Reply(status=403, headers=(("X-Archive-Wayback-Runtime-Error", "x.RobotAccessControlException: Blocked"),)),
        ),
    ],
    ids=["another host that plays an archive, the live page", "a page of its own, blocked"],
)
def test_what_is_no_capture_is_never_stored_as_one(world: World, replies: tuple[Reply, Reply]) -> None:
    archive = captured()
    answers = {one.url: reply for one, reply in zip(archive.captures[:2], replies, strict=True)}

    def played(hit: Hit) -> Reply:
        if "robots" in hit.url:
            return Reply(status=404)
        own = next((reply for url, reply in answers.items() if "/web/" in hit.url and hit.url.endswith(url)), None)
        return own or archive(hit)

    world.web["web.archive.org"] = played
    now = page(HEADLINES[0], NOW)
    world.web["daily.example/now"] = Reply(body=now)
    world.web["elsewhere.example/a"] = Reply(body=now, headers=(("Memento-Datetime", "Mon, 21 Jan 2019 08:00:00 GMT"),))
    world.sources, world.window = ['channel = "wayback", only = ["daily.example"]'], JANUARY
    figures = world.run("backfill")
    found = {url: rest for url, *rest in world.rows("SELECT url, state, via, reason != '' FROM candidates")}
    assert [found[url] for url in answers] == [["waiting", "", 1]] * 2
    assert not answers.keys() & set(world.stored())
    assert figures["taken"] == sum(count for name, count in figures.items() if name.startswith("outcome/"))
    for url in answers:
        world.web[url.partition("://")[2]] = Reply(status=404)
    world.run("backfill")
    states = dict(world.rows("SELECT url, state FROM candidates"))
    assert not {states[url] for url in answers} & {"waiting", "stored"}
    asked = len(world.web.log)
    world.run("backfill", code=0)
    assert [hit for hit in world.web.log[asked:] if hit.url in answers] == []


def test_a_page_that_is_gone_from_its_outlet_is_had_from_the_archive(world: World) -> None:
    archive = captured()
    urls = [one.url for one in archive.captures[:2]]
    seen = [gdelt.Story(url=url, title=title, seen=PAST) for url, title in zip(urls, HEADLINES, strict=False)]
    world.web["api.gdeltproject.org"] = gdelt.Doc(seen, gap=0.04)
    world.web["web.archive.org"] = lambda hit: Reply(status=404) if "robots" in hit.url else archive(hit)
    world.web["daily.example"] = Reply(status=404)
    world.publish(urls[1], HEADLINES[1], PAST)
    world.sources = ['channel = "gdelt"', 'channel = "wayback", only = ["daily.example"]']
    world.window = JANUARY
    world.run("backfill")
    world.run("backfill")
    assert set(urls) <= world.stored()
    taken_live = "SELECT url, substr(fetched, 1, 4) = '2019' FROM articles ORDER BY 2 DESC"
    assert dict(world.rows(taken_live)) | {urls[0]: 1, urls[1]: 0} == dict(world.rows(taken_live))
