"""`dossier sources check` on sources that are well, moved, dead, slow, and not what they are called."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlite_utils import Database

from archive.rows import CandidateRow
from archive.store import Archive
from crawler.cli import main
from tests.loopback import Loopback, Reply, html, moved, plain
from tests.warm import ran

ROOT = Path(__file__).parents[2]
FRESH = datetime.now(UTC) - timedelta(hours=2)
XML = (("Content-Type", "application/xml"),)


def feed(*days: datetime, further: str = "", **reply: Any) -> Reply:
    """A feed of one item a day."""
    items = "".join(
        f"<item><title>Envoys meet</title><link>/story/{day:%Y%m%d}</link>"
        f"<pubDate>{format_datetime(day)}</pubDate></item>"
        for day in days
    )
    link = f'<atom:link rel="next" href="{further}"/>' if further else ""
    return Reply(body=f"<rss><channel>{link}{items}</channel></rss>".encode(), headers=XML, **reply)


def page(*feeds: str) -> Reply:
    """A page that names feeds."""
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{url}">' for url in feeds)
    return Reply(body=f"<!doctype html><html><head>{links}</head><body>News</body></html>".encode())


SITEMAP = Reply(body=b"<urlset><url><loc>http://map.example/a</loc></url></urlset>", headers=XML)
WEB = {
    "good.example/feed": feed(FRESH),
    "moved.example/feed": moved("http://www.moved.example/rss", 301),
    "www.moved.example/rss": feed(FRESH),
    "today.example/feed": moved("http://today.example/other", 302),
    "today.example/other": feed(FRESH),
    "page.example/feed": page("/world.xml", "/local.xml"),
    "page.example/world.xml": feed(FRESH),
    "page.example/local.xml": feed(FRESH),
    "bare.example/feed": html("Nothing here"),
    "front.example/": page("/world.xml"),
    "front.example/world.xml": feed(FRESH),
    "guess.example/": html("Our news"),
    "guess.example/rss.xml": feed(FRESH),
    "map.example/robots.txt": plain("User-agent: *\nSitemap: http://map.example/news.xml"),
    "map.example/news.xml": SITEMAP,
    "mapped.example/robots.txt": moved("http://map.example/robots.txt", 308),
    "wrong.example/feed": Reply(body=SITEMAP.body.replace(b"map", b"wrong"), headers=XML),
    "slow.example/feed": feed(FRESH, wait=10.3),
    "empty.example/feed": feed(),
    "old.example/feed": feed(FRESH - timedelta(days=90)),
    "closed.example/feed": Reply(status=403),
    "robots.example/robots.txt": plain("User-agent: *\nDisallow: /"),
    "busy.example/feed": Reply(status=429, headers=(("Retry-After", "3600"),)),
    "cut.example/feed": Reply(body=feed(FRESH).body[:-30], headers=XML),
    "hung.example": Reply(raw=b""),
    "paged.example/feed": feed(FRESH, further="/feed?page=2"),
    "paged.example/feed?page=2": feed(FRESH - timedelta(days=9)),
}
EXPECTED = {
    "http://good.example/feed": ("good", "1 listed"),
    "http://moved.example/feed": ("moved", "moved for good: write http://www.moved.example/rss into the topic file"),
    "http://today.example/feed": ("good", "1 listed"),
    "http://page.example/feed": ("page", "it names http://page.example/world.xml http://page.example/local.xml; write"),
    "http://bare.example/feed": ("page", "names no feed: try the channel sections or sitemaps"),
    "http://front.example/": ("good", "1 listed in 1 document"),
    "http://guess.example/": ("good", "1 listed in 1 document; found at http://guess.example/rss.xml"),
    "http://map.example/": ("good", "1 listed in 1 document"),
    "http://mapped.example/": ("moved", "write http://map.example/ into the topic file"),
    "http://wrong.example/feed": ("wrong channel", 'write channel = "sitemaps"'),
    "http://slow.example/feed": ("slow", "took 10 s to answer; 1 listed"),
    "http://empty.example/feed": ("empty", "lists nothing"),
    "http://old.example/feed": ("stale", f"its newest is of {FRESH - timedelta(days=90):%Y-%m-%d}"),
    "http://gone.example/feed": ("dead", "HTTP 404"),
    "http://closed.example/feed": ("blocked", "HTTP 403"),
    "http://robots.example/feed": ("blocked", "robots.txt keeps programs out"),
    "http://busy.example/feed": ("resting", "left alone"),
    "http://cut.example/feed": ("broken", "cut short"),
    "http://hung.example/feed": ("failing", "1 failure in a row, never well"),
    "http://paged.example/feed": ("good", "1 listed"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with a data folder and a topic whose sources play on the loopback web."""

    web: Loopback
    data: Path
    topic: Path

    def sources(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The real command in a process of its own."""
        clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        command = ["--data", str(self.data), "sources", "--topic", str(self.topic)]
        return ran([*command, *words], {**clean, **self.web.proxies()})

    def listed(self, *words: str) -> dict[str, dict[str, Any]]:
        """The sources by their address, as `--json` tells them."""
        done = self.sources("--json", *words)
        assert done.returncode == 0, done.stderr[-3000:]
        return {row["url"]: row for row in json.loads(done.stdout)}


def topic_of(urls: dict[str, Any]) -> str:
    entries = [f'[[sources]]\nchannel = "{"sitemaps" if "//map" in url else "feeds"}"\nurl = "{url}"\n' for url in urls]
    return 'title = "Talks"\n[terms]\n"peace talks" = 3\n' + "".join(entries)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("check")
    (folder / "talks.toml").write_text(topic_of(EXPECTED), encoding="utf-8")
    with Loopback() as web:
        for key, reply in WEB.items():
            web[key] = reply
        yield Reader(web=web, data=folder / "data", topic=folder / "talks.toml")


@pytest.fixture(scope="module")
def checked(reader: Reader) -> dict[str, dict[str, Any]]:
    return reader.listed("check", "--allow-private", ".example")


@pytest.mark.parametrize(("url", "word", "advice"), [(url, *said) for url, said in EXPECTED.items()], ids=EXPECTED)
def test_each_source_gets_its_verdict_and_what_to_do(
    checked: dict[str, dict[str, Any]], url: str, word: str, advice: str
) -> None:
    assert checked[url]["verdict"] == word, checked[url]
    assert advice in checked[url]["advice"]


def test_the_list_shows_the_same_the_well_ones_first_and_counts_them(
    reader: Reader, checked: dict[str, dict[str, Any]]
) -> None:
    done = reader.sources()
    assert done.returncode == 0
    header, *lines, count = done.stdout.splitlines()
    assert header.split() == ["verdict", "channel", "source", "new", "kept", "answered", "asked", "every", "advice"]
    words = [line.split("  ")[0] for line in lines]
    assert words == sorted(words, key=list(dict.fromkeys(words)).index)
    assert (words[0], words[-1]) == ("good", "dead")
    assert f"{len(EXPECTED)} sources of Talks: 6 good, 1 slow, 1 stale, 1 empty, 2 moved, 2 page" in count
    for url, row in checked.items():
        assert any(url in line and row["advice"] in line for line in lines)


def test_no_article_was_fetched_and_each_source_asked_once(reader: Reader, checked: dict[str, dict[str, Any]]) -> None:
    assert checked
    for url in EXPECTED:
        assert len(reader.web.hits(url.removeprefix("http://"))) <= 1
    assert not [hit for hit in reader.web.log if "/story/" in hit.url]
    assert [hit.key for hit in reader.web.hits("guess.example")[1:]] == [
        "guess.example/", "guess.example/feed", "guess.example/rss.xml",
    ]  # fmt: skip
    assert len(reader.web.hits("paged.example/feed?page=2")) == 1


def test_the_archive_knows_how_long_each_took_and_when_it_is_due(
    reader: Reader, checked: dict[str, dict[str, Any]]
) -> None:
    slow, gone = checked["http://slow.example/feed"], checked["http://gone.example/feed"]
    assert 10 < slow["seconds"] < 30
    database = Database(reader.data / "news.db")
    rows = database.execute("SELECT url, pause_minutes, moved_to FROM sources WHERE channel = 'feeds'").fetchall()
    database.close()
    paces = {url: (pause, there) for url, pause, there in rows}
    assert paces["http://good.example/feed"] == (30, "")
    assert paces["http://moved.example/feed"] == (30, "http://www.moved.example/rss")
    assert paces["http://gone.example/feed"] == (None, "")
    assert rested(slow) == timedelta(minutes=30)
    assert rested(gone) == timedelta(hours=1)


def rested(row: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(row["next_ask"]) - datetime.fromisoformat(row["last_asked"])


def test_what_was_never_asked_is_told_so(reader: Reader, tmp_path: Path) -> None:
    fresh = Reader(web=reader.web, data=tmp_path / "none", topic=reader.topic)
    done = fresh.sources()
    assert f"{len(EXPECTED)} not asked" in done.stdout
    assert done.stdout.splitlines()[-1] == "`dossier sources check` asks each of them once."
    assert not fresh.data.exists()


def filled(data: Path, reason: str = "", newest: str = "2019-01-03T00:00:00Z") -> None:
    """An archive that knows one source."""
    with closing(Archive.open(data)) as archive:
        topic = archive.topics.ensure("talks", "Talks", "")
        source = archive.sources.ensure("feeds", "http://good.example/feed", "good.example")
        row = CandidateRow(url="http://good.example/a", host="good.example", published=newest)
        archive.candidates.note(topic, source, [row], "2019-02-01T12:00:00Z")
        archive.sources.answered(source, "complete", reason, "2019-02-01T12:00:00Z", found=1, new=1)


def listed(data: Path, topic: Path, *words: str) -> str:
    done = CliRunner().invoke(main, ["--data", str(data), "sources", "--topic", str(topic), *words])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize(
    ("window", "word"), [("", "stale"), ("until = 2019-02-01", "good"), ("since = 2019-01-01", "stale")]
)
def test_of_a_window_that_is_over_no_source_is_called_stale(tmp_path: Path, window: str, word: str) -> None:
    topic = tmp_path / "talks.toml"
    topic.write_text(topic_of({"http://good.example/feed": ""}) + (f"[window]\n{window}\n" if window else ""))
    filled(tmp_path / "data")
    assert listed(tmp_path / "data", topic).splitlines()[1].startswith(word)


def test_no_control_character_of_an_answer_reaches_the_terminal(tmp_path: Path) -> None:
    topic = tmp_path / "talks.toml"
    topic.write_text(topic_of({"http://good.example/feed": ""}))
    filled(tmp_path / "data", reason="\x1b]8;;http://evil.example\x07 said so", newest=f"{FRESH:%Y-%m-%dT%H:%M:%SZ}")
    for words in ((), ("--json",)):
        told = listed(tmp_path / "data", topic, *words)
        assert "said so" in told
        assert not {"\x1b", "\x07"} & set(told)


def test_what_another_source_of_the_outlet_lists_is_not_credited_to_an_empty_feed(tmp_path: Path) -> None:
    topic = tmp_path / "talks.toml"
    topic.write_text(topic_of({"http://good.example/empty.xml": "", "http://good.example/": ""}))
    filled(tmp_path / "data", newest=f"{FRESH:%Y-%m-%dT%H:%M:%SZ}")
    with closing(Archive.open(tmp_path / "data")) as archive:
        for url in ("http://good.example/empty.xml", "http://good.example/"):
            source = archive.sources.ensure("feeds", url, "good.example")
            archive.sources.answered(source, "complete", "", "2019-02-01T12:00:00Z", found=0, new=0)
    rows = {row["url"]: row for row in json.loads(listed(tmp_path / "data", topic, "--json"))}
    assert rows["http://good.example/empty.xml"]["verdict"] == "empty"
    assert rows["http://good.example/"]["documents"] == ["http://good.example/feed"]
    assert rows["http://good.example/"]["items"] == 1
