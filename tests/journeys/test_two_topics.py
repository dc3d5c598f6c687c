"""Two topics in one archive that listen to the same source: each hears all of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.loopback import Hit, Reply
from tests.services.world import HEADLINES, NOW, World, page, slug

FERRY = "Ferry runs aground off Larnaca"
RSS = (("Content-Type", "application/rss+xml"), ("ETag", '"one"'))


def listening(world: World, *more: str) -> Path:
    """A feed that knows conditional requests, and a second topic that takes it too."""
    items = ""
    for title in (*HEADLINES, *more):
        url = f"https://daily.example/{slug(title)}"
        world.publish(url, title, NOW - timedelta(hours=5))
        items += f"<item><title>{title}</title><link>{url}</link></item>"
    feed = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()

    def answered(hit: Hit) -> Reply:
        is_known = hit.headers.get("if-none-match") == '"one"'
        return Reply(status=304, headers=RSS) if is_known else Reply(body=feed, headers=RSS)

    world.web["daily.example/feed.xml"] = answered
    world.sources = ['channel = "feeds", url = "https://daily.example/feed.xml"']
    other = world.folder / "diplomacy.toml"
    other.write_text(world.topic.read_text(encoding="utf-8"), encoding="utf-8")
    return other


def test_what_one_topic_has_heard_is_told_to_the_other_too(world: World) -> None:
    other = listening(world)
    assert world.run("crawl")["announced"] == 4
    assert world.run("crawl", topic=other)["announced"] == 4
    kept = "SELECT t.name, COUNT(*) FROM article_topics JOIN topics AS t ON t.id = topic_id GROUP BY 1 ORDER BY 1"
    assert world.rows(kept) == [("diplomacy", 4), ("talks", 4)]


def test_a_topic_alone_keeps_the_pace_of_its_sources_and_asks_what_has_changed(world: World) -> None:
    listening(world)
    world.run("crawl")
    assert world.run("crawl")["not_due"] == 1
    world.run("crawl", "--recheck")
    asked = [
        hit.headers.get("if-none-match") for hit in world.web.hits("daily.example/feed.xml") if hit.method == "GET"
    ]
    assert asked == [None, '"one"']


def articles_asked(world: World) -> int:
    return sum("feed.xml" not in url for url in world.asked("daily.example"))


SCORES = """
SELECT m.topic_id, m.score FROM article_topics AS m JOIN articles ON id = article_id WHERE url LIKE '%-flies-to-%' ORDER BY 1
"""  # noqa: E501 - one query


def test_an_article_is_fetched_once_and_belongs_to_each_topic_with_its_own_score(world: World) -> None:
    world.window = 'preserve = "all"\n'
    other, first = listening(world, FERRY), f"daily.example/{slug(HEADLINES[0])}"
    world.web[first] = Reply(body=page(HEADLINES[0], NOW), headers=(("ETag", '"a"'), ("Content-Type", "text/html")))
    world.run("crawl")
    other.write_text(
        other.read_text(encoding="utf-8").replace('"taliban" = 3', '"flies" = 9\n"ferry" = 9'), encoding="utf-8"
    )
    figures = world.run("crawl", topic=other)
    assert articles_asked(world) == 5
    assert (figures["acquaintances"], figures["taken"], figures["outcome/stored"]) == (4, 1, 1)
    kept = figures["acquaintances_kept"]
    assert 0 < kept < 4
    states = "SELECT state, COUNT(*), COUNT(run_id) FROM candidates WHERE topic_id = 2 GROUP BY 1 ORDER BY 1"
    assert world.rows(states) == [("off-topic", 4 - kept, 0), ("stored", kept + 1, 1)]
    assert world.rows("SELECT COUNT(*) FROM article_topics WHERE topic_id = 2") == [(kept + 1,)]
    (_, talks), (_, diplomacy) = world.rows(SCORES)
    assert talks != diplomacy

    title = "Taliban envoy flies home from the peace talks in Doha"
    world.web[first] = Reply(body=page(title, NOW), headers=(("ETag", '"b"'), ("Content-Type", "text/html")))
    assert world.run("crawl", "--recheck", topic=other)["versions"] == 1
    (_, talks_now), (_, diplomacy_now) = world.rows(SCORES)
    assert (talks_now != talks, diplomacy_now != diplomacy) == (True, True)
