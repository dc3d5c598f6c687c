"""A backfill of all services at once that is killed again and again, beside one that nobody disturbs."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import psutil
import pytest

from tests.loopback import Hit, Loopback, Reply
from tests.services import ccnews, gdelt, wayback
from tests.services.world import World, page, slug
from tests.warcfiles import Fetch, written

SEEN = datetime(2020, 2, 1, 10, 16, tzinfo=UTC)
PLACES = ("Kabul", "Doha", "Moscow", "Oslo", "Beijing", "Tashkent", "Ankara", "Islamabad")
SERVICES = ("api.gdeltproject.org", "data.gdeltproject.org", "web.archive.org", "data.commoncrawl.org")
ONE_DAY = "[window]\nsince = 2020-02-01\nuntil = 2020-02-01\n"
CRAWLED = "crawl-data/CC-NEWS/2020/02/CC-NEWS-2020020110{}000-0000{}.warc.gz"


def titled(kind: str, count: int) -> list[str]:
    """Headlines of the topic, each its own."""
    return [
        f"Taliban {kind} envoy number {n} in {PLACES[n % 8]} for peace talks, ceasefire in Doha" for n in range(count)
    ]


def told(count: int, kind: str, outlet: str) -> list[tuple[str, str, datetime]]:
    """Articles: address, headline, when."""
    return [
        (f"https://{outlet}.example/{slug(title)}", title, SEEN.replace(hour=n % 24))
        for n, title in enumerate(titled(kind, count))
    ]


def body(title: str, when: datetime) -> bytes:
    """A page whose text is nobody else's copy."""
    draw = random.Random(title)
    words = [" ".join("".join(draw.choices("abcdefghijklmnop", k=6)) for _ in range(12)) for _ in range(12)]
    extra = "".join(f"<p>{title}: {line}.</p>" for line in words)
    return page(title, when).replace(b"</article>", extra.encode() + b"</article>")


def fill(web: Loopback) -> None:
    """Four services that remember twelve articles each, and the outlets of two of them."""
    found, listed = told(12, "search", "search"), told(12, "list", "list")
    for url, title, when in [*found, *listed]:
        web[url.partition("://")[2]] = Reply(body=body(title, when), wait=0.02)
    web["api.gdeltproject.org"] = gdelt.Doc(
        [gdelt.Story(url=url, title=title, seen=when) for url, title, when in found], gap=0, odd_every=10**9
    )
    gal = [gdelt.Story(url=url, title=title, seen=when) for url, title, when in listed]
    web["data.gdeltproject.org"] = lambda hit: gdelt.gal_reply(hit.url, gal)
    taken = [
        wayback.Taken(stamp=f"{when:%Y%m%d%H%M%S}", url=url, body=body(title, when))
        for url, title, when in told(12, "capture", "captured")
    ]
    archive = wayback.Archive(captures=taken)
    web["web.archive.org"] = lambda hit: Reply(status=404) if "robots" in hit.url else archive(hit)
    pages = [
        Fetch(url=url, body=body(title, when), date=f"{when:%Y-%m-%dT%H:%M:%SZ}")
        for url, title, when in told(12, "crawl", "crawled")
    ]
    noise = [Fetch(url=f"https://other.example/{n}", body=page(f"Football result {n}", SEEN)) for n in range(30)]
    files = {CRAWLED.format(n, n): written([*noise[n * 10 :][:10], *pages[n * 4 :][:4]]) for n in range(3)}
    service = ccnews.CcNews(files=files)
    web["data.commoncrawl.org"] = lambda hit: Reply(status=404) if "robots" in hit.url else service(hit)


def prepared(world: World) -> World:
    fill(world.web)
    world.sources = [*(f'channel = "{name}"' for name in ("gdelt", "gal", "ccnews")), CAPTURED]
    world.window = ONE_DAY
    return world


CAPTURED = 'channel = "wayback", only = ["captured.example"]'


def kill(process: subprocess.Popen[str]) -> None:
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not psutil.wait_procs(children, timeout=10)[1], "a worker outlived its run"


def is_made(world: World) -> bool:
    """Whether the archive has its tables."""
    return (world.folder / "data" / "news.db").exists() and bool(
        world.rows("SELECT 1 FROM sqlite_master WHERE name = 'articles_fts'")
    )


def progress(world: World) -> int:
    """How far things have come: what was asked, and what of it lies in the archive."""
    count = "SELECT (SELECT COUNT(*) FROM articles) * 4 + (SELECT COUNT(*) FROM candidates)"
    try:
        return len(world.web.log) + (world.rows(count)[0][0] if is_made(world) else 0)
    except sqlite3.OperationalError:
        return len(world.web.log)  # the tables are just being made


def killed(world: World, kills: int, steps: tuple[int, int], seed: int, *options: str) -> None:
    """Backfill, killed at random moments, then to the end; what was written by then is never asked again."""
    draw = random.Random(seed)
    for _ in range(kills):
        target = progress(world) + draw.randint(*steps)
        with world.start("backfill", *options) as process:
            while process.poll() is None and progress(world) < target:
                time.sleep(0.01)
            if process.poll() is not None:
                break
            kill(process)
        written_by_then = finished(world) if is_made(world) else set()
        if is_made(world):
            assert world.rows("PRAGMA integrity_check") == [("ok",)]
            assert world.rows("PRAGMA foreign_key_check") == []
        yielded.append((len(world.web.log), written_by_then))
    world.run("backfill", *options)


yielded: list[tuple[int, set[str]]] = []


def finished(world: World) -> set[str]:
    """What need not be asked again: articles that are stored, files of minutes and windows answered completely."""
    done = {url for (url,) in world.rows("SELECT url FROM candidates WHERE state = 'stored' AND via = ''")}
    done |= {via for (via,) in world.rows("SELECT via FROM candidates WHERE state = 'stored' AND via LIKE '%/web/%'")}
    covered = world.rows(
        "SELECT channel, query, since, until FROM coverage JOIN sources AS s ON s.id = source_id "
        "WHERE status = 'complete' AND resume = '' AND since IS NOT NULL"
    )
    return done | {f"{channel}|{query}|{digits(since)}|{digits(until)}" for channel, query, since, until in covered}


def digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))[:14]


def asked_in_vain(hits: list[Hit], done: set[str]) -> list[str]:
    """Which of these requests were for what was known to be finished."""
    windows = [one.split("|") for one in done if one.count("|") == 3]
    vain = [hit.url for hit in hits if hit.url in done]
    for hit in hits:
        if hit.host == "data.gdeltproject.org" and hit.url.endswith(".gz"):
            minute = digits(hit.url.rpartition("/")[2])
            if any(name == "gal" and since <= minute < until for name, _, since, until in windows):
                vain.append(hit.url)
    return vain


def holdings(world: World) -> dict[str, Any]:
    """What does not depend on the order of arrival."""
    return {
        "articles": world.rows("SELECT url, title, content_hash FROM articles ORDER BY url"),
        "candidates": world.rows("SELECT url, state, title, published, via FROM candidates ORDER BY url"),
        "sightings": world.rows(
            "SELECT c.url, s.channel, s.url FROM sightings JOIN candidates AS c ON c.id = candidate_id "
            "JOIN sources AS s ON s.id = source_id ORDER BY 1, 2, 3"
        ),
        "records": Counter(world.rows("SELECT url, digest FROM records")),
    }


def closed(world: World) -> dict[tuple[str, str, str], list[tuple[str, str]]]:
    """The time that each question was answered completely about, as few spans."""
    spans: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for *key, since, until in world.rows(
        "SELECT channel, s.url, query, since, until FROM coverage JOIN sources AS s ON s.id = source_id "
        "WHERE status = 'complete' AND resume = '' AND since IS NOT NULL ORDER BY 1, 2, 3, 4, 5"
    ):
        found = spans.setdefault(tuple(key), [])
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return spans


def undisturbed(world: World, *options: str) -> World:
    calm = World(world.web, world.folder / "calm", world.authority, world.sources, world.window)
    calm.folder.mkdir()
    calm.run("backfill", *options)
    return calm


def compare(world: World, *options: str) -> None:
    """The killed archive holds what an undisturbed one holds, once; its ledger is as complete."""
    hits = list(world.web.log)
    ends = [*(before for before, _ in yielded), len(hits)]
    for (before, done), after in zip(yielded, ends[1:], strict=True):
        assert asked_in_vain(hits[before:after], done) == []
    calm = undisturbed(world, *options)
    ours, theirs = holdings(world), holdings(calm)
    for name, rows in theirs.items():
        assert ours[name] == rows, name
    assert closed(world) == closed(calm)


@pytest.fixture(autouse=True)
def _nothing_yet() -> None:
    yielded.clear()


def test_a_backfill_that_is_killed_again_and_again_loses_and_repeats_nothing(world: World) -> None:
    prepared(world)
    killed(world, 4, (60, 160), 1)
    assert len(yielded) == 4
    compare(world)
    assert len(world.rows("SELECT 1 FROM articles")) == 48


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_forty_kills_lose_and_repeat_nothing(world: World, seed: int) -> None:
    prepared(world)
    killed(world, 8, (5, 120), 100 + seed)
    compare(world)


def test_a_warc_file_of_ones_own_is_read_to_its_end_whoever_kills_the_reader(world: World) -> None:
    prepared(world)
    file = world.folder / "own.warc.gz"
    pages = [
        Fetch(url=url, body=body(title, when), date=f"{when:%Y-%m-%dT%H:%M:%SZ}")
        for url, title, when in told(60, "own", "own")
    ]
    file.write_bytes(written(pages))
    killed(world, 2, (40, 180), 2, "--warc", str(file))
    assert len(yielded) == 2
    assert len(world.rows("SELECT 1 FROM articles")) == 60
    assert not any(hit.host in SERVICES for hit in world.web.log)
    compare(world, "--warc", str(file))
