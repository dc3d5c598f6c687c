"""The real command on the press that we ship."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from crawler.folders import PACKAGED_TOPICS
from crawler.press.server import Press
from crawler.press.topic import demo_topic
from tests.authority import Authority
from tests.loopback import Loopback
from tests.services.world import World
from tests.warm import ran

ROOT = Path(__file__).parents[2]
FAST = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "DOSSIER_DEADLINE=6", "RETRY_TIMES=0")
STEADY = ("articles", "versions", "stories", "fingerprints")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who follows the press: a data folder, a topic, and the real command in a subprocess."""

    press: Press
    data: Path
    topic: Path

    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        proxy = self.press.proxy_url
        return {**clean, "http_proxy": proxy, "https_proxy": proxy, "SSL_CERT_FILE": str(self.press.ca_file)}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "crawler.cli", "--data", str(self.data), *words]

    def crawl_command(self, *options: str) -> list[str]:
        settings = [word for setting in FAST for word in ("-s", setting)]
        return self.command("crawl", str(self.topic), "--json", "--allow-private", ".example", *settings, *options)

    def start(self, *options: str, **popen: Any) -> subprocess.Popen[str]:
        """A crawl in the background."""
        return subprocess.Popen(
            self.crawl_command(*options), env=self.environment(), cwd=ROOT, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **popen,
        )  # fmt: skip

    def crawl(self, *options: str, code: int = 0, **run: Any) -> dict[str, Any]:
        """The figures of a whole crawl; one that is started cold is given what `subprocess.run` takes."""
        if run:
            done = subprocess.run(
                self.crawl_command(*options), env=self.environment(), cwd=ROOT, text=True, capture_output=True,
                timeout=180, check=False, **run,
            )  # fmt: skip
        else:
            done = ran(self.crawl_command(*options)[3:], self.environment())
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        figures: dict[str, Any] = json.loads(done.stdout) if done.stdout.strip() else {}
        return {**figures, "stderr": done.stderr}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in the archive."""
        database = Database(self.data / "news.db")
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def write(self, statement: str) -> None:
        """Change the archive by hand."""
        database = Database(self.data / "news.db")
        try:
            with database.conn:
                database.execute(statement)
        finally:
            database.close()

    def dump(self, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of tables, to compare."""
        return {table: self.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}

    def warc(self) -> dict[str, bytes]:
        """The WARC files."""
        return {file.name: file.read_bytes() for file in sorted((self.data / "warc").glob("*.warc.gz"))}

    def texts(self) -> list[tuple[Any, ...]]:
        """What the archive holds, without what depends on the order of arrival."""
        return self.rows("SELECT url, title, content_hash FROM articles ORDER BY url")

    def settled(self) -> list[tuple[Any, ...]]:
        """The same once all is read again: what an outlet's articles share is learnt in the order of arrival."""
        ran(self.command("reextract", "--json")[3:], os.environ, 120).check_returncode()
        return self.texts()

    def sound(self) -> None:
        """The database and its full-text index are whole."""
        assert self.rows("PRAGMA integrity_check") == [("ok",)]
        assert self.rows("PRAGMA foreign_key_check") == []
        database = Database(self.data / "news.db")
        database.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
        database.close()


@pytest.fixture(scope="session")
def running_press() -> Iterator[Press]:
    with Press() as press:
        yield press


def topic_file(tmp_path: Path, hosts: tuple[str, ...] = ()) -> Path:
    """The shipped topic on the press; with hosts, on the sources of those only."""
    topic = tmp_path / "talks.toml"
    text = demo_topic((PACKAGED_TOPICS / "us-taliban-peace-talks.toml").read_text(encoding="utf-8"))
    if hosts:
        head, *sources = text.split("[[sources]]")
        text = "[[sources]]".join([head, *(source for source in sources if any(host in source for host in hosts))])
    topic.write_text(text, encoding="utf-8")
    return topic


@pytest.fixture
def reader(running_press: Press, tmp_path: Path) -> Reader:
    """Somebody who follows the whole press, its hostile outlet too."""
    running_press.day = 1
    return Reader(running_press, tmp_path / "data", topic_file(tmp_path))


@pytest.fixture
def small_reader(running_press: Press, tmp_path: Path) -> Reader:
    """Somebody who follows four outlets that answer at once."""
    running_press.day = 1
    return small_reader_of(running_press, tmp_path)


def small_reader_of(press: Press, folder: Path) -> Reader:
    """A reader of the four outlets, with topic and data in a folder."""
    hosts = ("potomac-courier", "gulf-meridian", "hindukush-herald", "prairie-ledger")
    return Reader(press, folder / "data", topic_file(folder, hosts))


@contextmanager
def alone(folder: Path) -> Iterator[Path]:
    """A folder that all test processes of this run share, while no other one is in it."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the whole run."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"


@pytest.fixture(scope="session")
def demo_data(shared: Path) -> Path:
    """The archive of a demo, which is crawled once in a run: by its own tests, where they come first."""
    with alone(shared) as folder:
        data = folder / "demo"
        if not (data / "news.db").exists():
            command = [sys.executable, "-m", "crawler.cli", "--data", str(data), "demo", "--no-serve"]
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=240)
    return data


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Somebody who asks services and outlets on loopback."""
    authority = Authority(tmp_path)
    with Loopback(authority.context) as web:
        yield World(web, tmp_path, authority)
