"""Thousands of addresses that somebody made up, on an archive full of hostile text: all are answered with text."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.datasette.plugins.canned import QUERIES
from archive.datasette.plugins.guard import HEADERS
from archive.serving.doorkeeper import ARGUMENTS_OF_TABLES
from archive.store import Archive
from tests.filling import fill
from tests.serving import Forbidden, Reply, Visitor, serving

PROBE = '<dossier-probe>\'"dossier-probe="><!--'
SENT = "%3Cdossier-probe%3E%27%22dossier-probe=%22%3E%3C!--"
LARGEST = 400_000  # bytes of an answer about this small archive
STATEMENTS = 300  # of SQL, for one answer; the list of tables asks much about each

# Columns that we write and the web does not: times, hashes, and what is chosen from a list of ours.
OURS = {
    "published", "modified", "fetched", "month", "removed", "content_hash", "words_hash", "digest", "at", "made", "due",
    "asked", "answered", "first_seen", "last_seen", "checked", "next_try", "started", "finished", "since", "until",
    "matched", "others", "counts", "tags", "verdict", "state", "story_relation", "published_precision", "channel",
    "rests_until", "last_asked", "last_success", "last_listed", "next_ask", "definition", "answer", "ruling", "times",
}  # fmt: skip

VALUES = (
    "1", "2", "5", "7", "0", "-1", "", "999999999999999999999", "9" * 400, "1e309", "NaN", "null", "true", "1,2",
    "~31", "~", "~ZZ", "%00", "%ff", "%c3%28", "%ed%a0%80", "%F0%9F%98%80", "%e2%80%ae", "%1b%5b31m", "%0d%0aa:b",
    "%2f", "%5c", "\\", "%2e%2e", "..", ".", "%25", "%2525", "%", "%zz", "'", "%22", "%27%20or%201=1--", ";", "a;b",
    "a&b", "#", "+", "*", "a*", "%28", "NEAR(", "AND", "OR", "-a", "%22a", "outlet:", "since:9999-99", "verdict:x",
    "{{7*7}}", "{%25x%25}", "[", "{}", "[[1]]", '{"a":1}', "%5B%5D", "a" * 2500, "%25" * 300, SENT, f"a{SENT}",
    "wire.example", "2019-03", "2019-99", "talks", "doha", "Mina%20Rahimi", "en", "keep", "best", "newest", "all",
    "max", "on", "off", "array", "object", "objects", "é", "ß",
)  # fmt: skip
PLACES = (
    "/", "/search", "/search.csv", "/search.json", "/search.atom", "/article/{}", "/article/{}.json",
    "/article/{}.bib", "/article/{}.ris", "/article/{}.txt", "/article/{}/changes", "/article/{}/kept", "/story/{}",
    "/outlet/{}", "/author/{}", "/month/{}", "/topic/{}", "/overview", "/overview.json", "/overview/{}.csv", "/about",
    "/news", "/news.json", "/news/{}", "/news/{}.json", "/{}", "/{}/{}", "/{}/{}/{}", "/-/{}", "/news/-/{}",
    "/static/{}", "/robots.txt", "/news/articles/{}", "/news/articles/{}.json", "/news/aliases/{}",
    "/news/article_topics/{}", "/news/sightings/{}", "/_internal/{}", "//{}",
)  # fmt: skip
TABLES = (
    "articles", "outlets", "stories", "versions", "events", "witnesses", "topics", "article_topics", "candidates",
    "sources", "sightings", "coverage", "runs", "records", "aliases", "captions", "posts", "story_rulings",
    "latest_articles", "widest_stories", "failing_sources", "articles_fts", "fingerprints", "touched", "sqlite_master",
)  # fmt: skip
NAMES = (
    "q", "order", "page", "copies", "from", "to", "since", "topic", "sql", "title", "url", "id", "nonsense", "body",
    "month", *sorted(ARGUMENTS_OF_TABLES), "_where", "_stream", "_through", "_trace", "_ttl", "_timelimit",
    "_searchmode", "_extra", "_fts_table", "_json", "_blob_column", SENT,
)  # fmt: skip
LOOKUPS = (
    "",
    "",
    "__contains",
    "__like",
    "__glob",
    "__in",
    "__notin",
    "__gt",
    "__date",
    "__isnull",
    "__arraycontains",
    "__x",
)
METHODS = ("GET",) * 18 + ("HEAD", "POST")


def hostile(data: Path) -> Path:
    """An archive with the probe in every text that comes from the web."""
    with closing(Archive.open(fill(data))) as archive, archive.writing() as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if "fts" in table or table.startswith(("_", "sqlite")):
                continue
            for _, column, kind, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
                if kind == "TEXT" and column not in OURS:
                    db.execute(f"UPDATE OR IGNORE {table} SET {column} = {column} || ?", [PROBE])
        db.execute("UPDATE article_topics SET matched = ?", ['[["<dossier-probe>", 0.4]]'])
    return data


class Counted:
    """How many questions the archive was asked."""

    def __init__(self) -> None:
        self.statements = 0


class Asking(sqlite3.Cursor):
    counted: Counted

    def execute(self, *args: Any) -> sqlite3.Cursor:
        self.counted.statements += 1
        return super().execute(*args)


class Connected(sqlite3.Connection):
    def cursor(self, *_: object) -> sqlite3.Cursor:  # type: ignore[override]  # always of our own kind
        return super().cursor(Asking)

    def execute(self, *args: Any) -> sqlite3.Cursor:
        return self.cursor().execute(*args)


@pytest.fixture(scope="module")
def counted() -> Iterator[Counted]:
    """Every connection to the archive counts what it is asked."""
    found, connect = Counted(), sqlite3.connect
    Asking.counted = found

    def opened(*args: object, **how: object) -> sqlite3.Connection:
        counting = {"factory": Connected} if "news.db" in str(args[0]) else {}
        db: sqlite3.Connection = connect(*args, **{**counting, **how})  # type: ignore[call-overload]  # passes on
        return db

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", opened)
        yield found


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory, counted: Counted) -> Iterator[Visitor]:
    with serving(hostile(tmp_path_factory.mktemp("hostile"))) as visitor:
        visitor("/news")  # whatever is done once is done
        yield visitor


def address(chance: random.Random) -> str:
    """An address as somebody with bad intentions or a broken program would make it."""
    if chance.random() < 0.5:
        kind = chance.choice(("", "", "", ".json", ".csv", ".blob", ".x"))
        path = f"/news/{chance.choice((*TABLES, *QUERIES))}{kind}"
    else:
        path = chance.choice(PLACES)
        while "{}" in path:
            path = path.replace("{}", chance.choice(VALUES), 1)
    pairs = [
        f"{chance.choice(NAMES)}{chance.choice(LOOKUPS)}={chance.choice(VALUES)}"
        for _ in range(chance.choice((0, 0, 1, 1, 2, 3, 6)))
    ]
    return path + ("?" + "&".join(pairs) if pairs else "")


def judged(page: Reply, asked: str) -> None:
    """What holds of every answer."""
    assert page.status_code < 500, asked
    assert len(page.content) < LARGEST, asked
    assert {name: page.headers.get(name) for name in HEADERS} == HEADERS, asked
    assert "Traceback" not in page.text, asked
    location = page.headers.get("location", "/")
    assert location.startswith("/"), asked
    assert not location.startswith(("//", "/\\")), asked
    if page.is_html:
        assert not Forbidden(page.text).found, asked
        assert "<dossier-probe" not in page.text, asked
        assert not set(page.text) & {"\x1b", "\u202e", "\x02", "\x03", "\x00"}, asked


def ask_all(get: Visitor, counted: Counted, seed: int, count: int) -> set[int]:
    chance = random.Random(seed)
    found = set()
    for _ in range(count):
        asked, method, before = address(chance), chance.choice(METHODS), counted.statements
        page = get(asked, method)
        judged(page, f"{method} {asked}")
        assert counted.statements - before < STATEMENTS, asked
        found.add(page.status_code)
    return found


# Datasette makes all facets before it awaits the first, so after a fault the others are never awaited.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_whatever_is_asked_is_answered_with_text(get: Visitor, counted: Counted) -> None:
    assert ask_all(get, counted, seed=6, count=300) >= {200, 302, 400, 403, 404, 405}
    assert counted.statements > 300


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.parametrize("seed", range(10))
def test_ten_thousand_times_whatever_is_asked_is_answered_with_text(get: Visitor, counted: Counted, seed: int) -> None:
    ask_all(get, counted, seed=100 + seed, count=1000)


@pytest.mark.parametrize(
    "table", ["articles", "outlets", "versions", "topics", "candidates", "sources", "aliases", "posts"]
)
def test_the_probe_is_there_and_is_text(get: Visitor, table: str) -> None:
    page = get(f"/news/{table}")
    assert "&lt;dossier-probe&gt;" in page.text
    judged(page, table)
