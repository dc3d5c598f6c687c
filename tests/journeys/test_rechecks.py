"""Known articles on the ladder, asked by the real command between what is new."""

from __future__ import annotations

from datetime import timedelta

from click.testing import CliRunner

from crawler.cli import main
from tests.loopback import Hit, Reply
from tests.services.world import HEADLINES, NOW, World, page, slug

HOST = "https://daily.example"
OLD = [f"{HOST}/{slug(title)}" for title in HEADLINES]
NEW = [f"{HOST}/new-{number}-{slug(title)}" for number, title in enumerate(HEADLINES * 2)]
DUE = "SELECT url, due > '{}' FROM rechecks JOIN articles ON articles.id = article_id WHERE url NOT LIKE '%/new-%'"
STEADY = """SELECT url, fetched, content_hash, record_id, (SELECT COUNT(*) FROM records WHERE article_id = a.id),
    (SELECT COUNT(*) FROM versions), (SELECT COUNT(*) FROM events) FROM articles AS a WHERE url NOT LIKE '%/new-%'"""


def published(world: World, urls: list[str], hours: int) -> None:
    """Articles that know conditional requests, and a feed that lists all of them."""
    for number, url in enumerate(urls):
        body = page(f"{HEADLINES[number % 4]} again {number}", NOW - timedelta(hours=hours))
        tag = (("ETag", f'"{number}"'),)

        def answered(hit: Hit, body: bytes = body, tag: tuple[tuple[str, str], ...] = tag) -> Reply:
            is_known = hit.headers.get("if-none-match") == tag[0][1]
            return Reply(status=304, headers=tag) if is_known else Reply(body=body, headers=tag)

        world.web[url.partition("://")[2]] = answered


def feed(urls: list[str]) -> Reply:
    items = "".join(f"<item><title>{HEADLINES[0]}</title><link>{url}</link></item>" for url in urls)
    return Reply(body=f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())


def why(world: World, url: str) -> str:
    return " ".join(CliRunner().invoke(main, ["--data", str(world.folder / "data"), "why", url]).output.split())


def test_known_articles_get_their_share_after_what_is_new_and_cost_a_304(world: World) -> None:
    published(world, OLD, 5)
    world.web["daily.example/feed.xml"] = feed(OLD)
    world.sources = ['channel = "feeds", url = "https://daily.example/feed.xml"']
    assert world.run("crawl")["outcome/stored"] == 4
    moment = f"{NOW:%FT%TZ}"
    assert dict(world.rows(DUE.format(moment))) == dict.fromkeys(OLD, 1)
    stored = world.rows(STEADY)
    assert {row[0] for row in stored} == set(OLD)

    published(world, NEW, 1)
    world.web["daily.example/feed.xml"] = feed([*NEW, *OLD])
    world.write(f"UPDATE rechecks SET due = '{NOW - timedelta(hours=1):%FT%TZ}'")
    asked = len(world.asked("daily.example"))
    figures = world.run("crawl", "--max-pages", "8", "-s", "DOSSIER_ALL_DUE=1")
    assert (figures["taken"], figures["looks"], figures["looks_left"]) == (8, 2, 2)
    assert (figures["outcome/stored"], figures["outcome/unchanged"]) == (6, 2)
    pages = [url for url in world.asked("daily.example")[asked:] if not url.endswith("feed.xml")]
    assert set(pages[:6]) <= set(NEW)
    assert set(pages[6:]) <= set(OLD)
    looks = [hit.headers.get("if-none-match") for hit in world.web.log if hit.url in pages[6:]][2:]
    assert all(looks), "a look is a conditional request"
    assert "changed with the first crawl after" in why(world, OLD[0])
    assert world.rows(STEADY) == stored
    assert sorted(is_put_off for _, is_put_off in world.rows(DUE.format(moment))) == [0, 0, 1, 1]
