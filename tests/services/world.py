"""Services and outlets on loopback, each at its own address over https, and somebody who asks them for real."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.authority import Authority
from tests.loopback import Loopback, Reply
from tests.services import wayback
from tests.warm import ran

ROOT = Path(__file__).parents[2]
NOW = datetime.now(UTC).replace(microsecond=0)
FAST = (
    "DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "DOSSIER_DEADLINE=6", "RETRY_TIMES=0",
    'DOSSIER_GAPS={"gdelt": 0.05, "gal": 0.01, "google_news": 0.01, "bing_news": 0.01, "wayback": 0.01}',
)  # fmt: skip
TERMS = '[terms]\n"taliban" = 3\n"peace talks" = 3\n"doha" = 2\n"envoy" = 1\n"ceasefire" = 2\n'
HEADLINES = (
    "Taliban envoy flies to Doha for peace talks",
    "Ceasefire offer splits the Taliban delegation in Doha",
    "Doha peace talks pause as the envoy consults at home",
    "Taliban say a ceasefire can wait until the peace talks end",
)


@dataclass
class World:
    """Services and outlets on loopback, and somebody who asks them with the real command."""

    web: Loopback
    folder: Path
    authority: Authority
    sources: list[str] = field(default_factory=list)
    window: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    program: tuple[str, ...] = ()

    @property
    def topic(self) -> Path:
        path = self.folder / "talks.toml"
        sources = "".join(f"    {{ {source} }},\n" for source in self.sources)
        queries = "queries = ['Taliban \"peace talks\"', 'Taliban Doha']\n"
        path.write_text(f"{queries}sources = [\n{sources}]\n{self.window}{TERMS}", encoding="utf-8")
        return path

    def run(self, verb: str, *options: str, code: int = 0, topic: Path | None = None) -> dict[str, Any]:
        """The figures of a run."""
        words = self.words(verb, *options, topic=topic)
        if self.program:
            command = [sys.executable, *self.program, *words]
            done = subprocess.run(command, env=self.surroundings(), cwd=ROOT, text=True, capture_output=True,
                                  timeout=120, check=False)  # fmt: skip
        else:
            done = ran(words, self.surroundings(), 120)
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return {"stderr": done.stderr, **(json.loads(done.stdout) if done.stdout.strip() else {})}

    def start(self, verb: str, *options: str, topic: Path | None = None) -> subprocess.Popen[str]:
        """A run in the background."""
        return subprocess.Popen(
            [sys.executable, "-m", "crawler.cli", *self.words(verb, *options, topic=topic)],
            env=self.surroundings(), cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def words(self, verb: str, *options: str, topic: Path | None = None) -> list[str]:
        """The command line of a run."""
        settings = [word for setting in FAST for word in ("-s", setting)]
        place = ["--data", str(self.folder / "data"), verb, str(topic or self.topic)]
        return [*place, "--json", "--allow-private", ".example", *settings, *options]

    def surroundings(self) -> dict[str, str]:
        """The environment of a run, whose way out leads here."""
        clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return {**clean, **self.web.proxies(), "SSL_CERT_FILE": str(self.authority.pem), **self.environment}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in the archive."""
        database = sqlite3.connect(self.folder / "data" / "news.db")
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def write(self, statement: str) -> None:
        """Change the archive by hand."""
        database = sqlite3.connect(self.folder / "data" / "news.db")
        try:
            with database:
                database.execute(statement)
        finally:
            database.close()

    def stored(self) -> set[str]:
        """The addresses of all articles."""
        return {url for (url,) in self.rows("SELECT url FROM articles")}

    def asked(self, host: str) -> list[str]:
        """The URLs that a host was asked for, robots.txt aside."""
        return [hit.url for hit in self.web.log if hit.host == host and hit.method == "GET" and "robots" not in hit.url]

    def publish(self, url: str, title: str, when: datetime) -> None:
        """Put an article on the web."""
        self.web[url.partition("://")[2]] = Reply(body=page(title, when))


def page(title: str, when: datetime) -> bytes:
    """An article as an outlet serves it."""
    told = f"{title}. Diplomats of four countries spoke of progress on {when:%A}, and of patience."
    prose = "".join(
        f"<p>{told} The {place} delegation asked for more time, an official said in the evening of that day.</p>"
        for place in ("Afghan", "Qatari", "American", "Pakistani", "Norwegian")
    )
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>"
        f'<meta property="article:published_time" content="{when.isoformat()}"></head>'
        f"<body><article><h1>{title}</h1>{prose}</article></body></html>"
    ).encode()


def slug(title: str) -> str:
    return title.lower().replace(" ", "-")


PAST = datetime(2019, 1, 20, 9, tzinfo=UTC)
NUMBERED = ("https://daily.example/?p=700", "https://daily.example/?p=701")  # addresses that promise nothing
JANUARY = "[window]\nsince = 2019-01-05\nuntil = 2019-02-10\n"


def captured(*, refuse_at: frozenset[int] = frozenset()) -> wayback.Archive:
    """An archive that took four articles of one outlet, two of which only its feed names, and one of them is gone."""
    taken = [
        wayback.Taken(
            stamp=f"201901{21 + number}080000", url=f"https://daily.example/{slug(title)}", body=page(title, PAST)
        )
        for number, title in enumerate(HEADLINES[:2])
    ]
    taken += [
        wayback.Taken(
            stamp=f"201901{25 + number}080000", url=f"https://daily.example/?p=70{number}", body=page(title, PAST)
        )
        for number, title in enumerate(HEADLINES[2:])
    ]
    items = "".join(
        f"<item><title>{title}</title><link>{url}</link><pubDate>Fri, 25 Jan 2019 08:00:00 GMT</pubDate></item>"
        for url, title in zip(NUMBERED, HEADLINES[2:], strict=True)
    )
    feed = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    taken.append(
        wayback.Taken(
            stamp="20190126090000", url="https://daily.example/feed.xml", body=feed, mimetype="application/rss+xml"
        )
    )
    return wayback.Archive(captures=taken, refuse_at=refuse_at)
