from __future__ import annotations

import asyncio
import json
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from archive.datasette.plugins.canned import QUERIES
from archive.datasette.plugins.guard import HEADERS
from archive.queries import NoArchiveError
from archive.serve import ServeError, application, listener
from archive.store import Archive
from pipelines.difference import difference
from tests.filling import ARTICLES, fill

Get = Callable[..., Any]

PAGES = (
    "/", "/news", "/news/articles", "/news/articles/1", "/article/1", "/article/4", "/article/5", "/story/1",
    "/article/4/changes", "/news/articles?_search=doha", "/search", "/search?q=doha", "/search?q=evil",
    "/search?q=zxcvb",
    "/news/stories/1", "/news/outlets", "/news/candidates", "/news/candidates/1", "/news/versions/1", "/news/sightings",
    "/news/events",
    "/news/runs", "/news/latest_articles", "/news/topics/1", "/news/articles?_col=title&_col=url",
    "/news/articles?_labels=off",
    "/news/articles?_facet=kind&_search=doha", "/news?_show_hidden=1", "/news/article_topics",
    "/news/sources?_sort=failures", "/news/articles?_sort=published",
    "/news/articles?_sort_desc=words&words__gt=10", "/news/search?q=doha",
    *(f"/news/{name}" for name in QUERIES),
)  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as opened:
        yield opened


def getter(app: Datasette, runner: asyncio.Runner) -> Get:
    def get(path: str, method: str = "GET") -> Any:
        return runner.run(app.client.request(method, path))

    return get


def closed(app: Datasette) -> None:
    app.executor.shutdown()
    for database in app.databases.values():
        database.close()


@pytest.fixture(scope="module")
def get(data: Path, runner: asyncio.Runner) -> Iterator[Get]:
    app = application(data, difference)
    yield getter(app, runner)
    closed(app)


@pytest.fixture(scope="module")
def own(data: Path, runner: asyncio.Runner) -> Iterator[Get]:
    """As with `--sql`."""
    app = application(data, difference, sql=True)
    yield getter(app, runner)
    closed(app)


def titles(get: Get, query: str) -> list[str]:
    return [row["title"] for row in get(f"/news/articles.json?_shape=array&{query}").json()]


def is_ours(address: str | None) -> bool:
    return bool(address) and str(address).startswith("/static/")


class Forbidden(HTMLParser):
    """What the content security policy would stop, had it got into a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"style", "iframe", "object", "img"} or (tag == "script" and not is_ours(dict(attrs).get("src"))):
            self.found.append(tag)
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (value or "").lower().startswith("javascript:"):
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_and_carries_nothing_that_its_headers_forbid(get: Get, path: str) -> None:
    page = get(path)
    assert page.status_code == 200
    assert "<main" in page.text
    assert not Forbidden(page.text).found
    assert {name: page.headers[name] for name in HEADERS} == HEADERS


def test_a_rare_word_finds_fewer_articles_than_no_search(get: Get) -> None:
    assert len(titles(get, "")) == len(ARTICLES)
    assert titles(get, "_search=zither") == ["Kabul market reopens"]


def test_plain_datasette_finds_the_index_too(data: Path) -> None:
    def plain(query: str) -> int:
        command = [sys.executable, "-m", "datasette", str(data / "news.db"), "--get", f"/news/articles.json?{query}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return int(json.loads(done.stdout)["filtered_table_rows_count"])

    assert (plain("_search=zither"), plain("")) == (1, len(ARTICLES))


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("doha", 3), ('"', 0), ('doha"', 3), ('"working+groups', 1), ("doha+-draft", 1), ("negotiat*", 1),
        ("(doha)", 3), ("zither+OR+truce", 2), ("-doha", 0), ("*", 0), ("doha+AND", 3), ("NEAR(", 0), ("%00doha", 3),
        ("%F0%9F%98%80", 0),
    ],
)  # fmt: skip
def test_whatever_is_typed_into_the_search_box_gives_an_answer(get: Get, typed: str, count: int) -> None:
    assert len(titles(get, f"_search={typed}")) == count
    assert get(f"/news/articles?_search={typed}").status_code == 200
    assert get(f"/news/search?q={typed}").status_code == 200


# Datasette makes all facets before it awaits the first, so after a fault the others are never awaited.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.parametrize(
    "path",
    [
        "/news/articles?_sort=nonsense", "/news/articles?_sort=id&_sort_desc=id", "/news/articles?_size=x",
        "/news/articles?_size=99999", "/news/articles?_next=%00", "/news/latest_articles?_next=x",
        "/news/articles?_through=x", "/news/articles?id__in=[", "/news/articles?_facet_array={",
        "/news/articles?_timelimit=x", "/news/articles?_ttl=²", "/news/articles?nonsense=1",
        "/news/articles?_searchmode=raw&_search=%22",
        "/news/articles?_fts_table=nonsense&_search=a", "/news/articles?_facet=nonsense",
        "/news/articles?_col=nonsense",
        "/news/articles.csv?_stream=1", "/news/articles.blob?_blob_column=x", "/news/search.json?_shape=nonsense",
        "/news/articles/1,2", "/news/articles/~31",
    ],
)  # fmt: skip
def test_a_bad_address_is_the_visitors_fault_and_tells_nothing_about_us(get: Get, path: str, data: Path) -> None:
    page = get(path)
    assert page.status_code in {200, 400, 404}
    assert "Traceback" not in page.text
    assert str(data) not in page.text
    assert {name: page.headers[name] for name in HEADERS} == HEADERS


def test_a_fault_is_a_page_of_ours_and_json_for_programs(get: Get) -> None:
    page = get("/news/articles?_sort=nonsense")
    assert page.status_code == 400
    assert "Cannot sort table by nonsense" in page.text
    assert 'class="top"' in page.text
    assert get("/news/articles.json?_sort=nonsense").json()["status"] == 400
    assert get("/nowhere").status_code == 404
    assert get("/news/articles/999").status_code == 404


@pytest.mark.parametrize(
    "name",
    ["versions", "settings.json", "threads", "databases.json", "plugins", "metadata", "permissions", "auth-token"],
)
@pytest.mark.parametrize("before", ["/-/", "//-/", "/./-/"])
def test_pages_about_the_machine_are_closed(get: Get, name: str, before: str) -> None:
    page = get(f"{before}{name}")
    assert page.status_code in {302, 404}
    assert "python" not in page.text.lower()


def test_what_pages_need_is_open(get: Get) -> None:
    assert get("/-/static/table.js").status_code == 200
    sheet = get("/static/dossier.css")
    assert sheet.status_code == 200
    assert sheet.headers["x-content-type-options"] == "nosniff"
    assert "prefers-color-scheme: dark" in sheet.text
    assert get("/static/../metadata.yaml").status_code in {302, 404}


def test_search_engines_are_kept_out(get: Get) -> None:
    assert "Disallow: /" in get("/robots.txt").text


@pytest.mark.parametrize(
    "path", ["/news?sql=select+1", "/news.json?sql=select+1", "/news/articles?_where=1", "/news.db"]
)
def test_the_public_may_run_no_sql_and_download_no_file(get: Get, path: str) -> None:
    page = get(path)
    assert page.status_code == 403
    assert b"SQLite format" not in page.content


def test_an_owner_may_ask_in_sql_within_bounds(own: Get) -> None:
    assert own("/news.json?sql=select+count(*)+as+n+from+articles&_shape=array").json() == [{"n": len(ARTICLES)}]
    assert "<textarea" in own("/news?sql=select+1").text
    assert own("/news.json?sql=select+length(hex(zeroblob(60000000)))").status_code == 400
    assert own("/news.json?sql=delete+from+articles").status_code == 400
    assert own("/news/articles.csv?_stream=1").status_code == 200


def test_nothing_is_written_by_a_visitor(get: Get) -> None:
    assert get("/news/articles", "POST").status_code in {400, 403, 405}
    assert get("/news/articles/1", "DELETE").status_code in {400, 403, 405}


def test_articles_come_newest_first_with_facets_that_say_names(get: Get) -> None:
    assert titles(get, "")[:2] == ["Gespräche in Doha enden mit Entwurf", "Talks in Doha end with draft"]
    facets = get("/news/articles.json").json()["facet_results"]
    assert set(facets) == {"outlet_id", "month", "language", "story_relation"}
    assert {one["label"] for one in facets["outlet_id"]["results"]} == {"wire.example", "herald.example", "tal.example"}
    page = get("/news/articles").text
    assert "Gulf Wire" in page
    assert "March 2019" in page


def test_results_show_the_passage_that_was_looked_for(get: Get) -> None:
    assert "<mark>zither</mark> maker" in get("/news/articles?_search=zither").text
    assert "<mark>zither</mark> maker" in get("/news/search?q=zither").text
    assert "+1 copy" in get("/news/search?q=withdrawal").text


@pytest.mark.parametrize("name", QUERIES)
def test_every_question_has_a_title_and_says_what_it_answers(get: Get, name: str) -> None:
    listing = get("/news").text
    assert QUERIES[name]["title"] in listing
    query = "?q=doha" if name == "search" else ""
    assert get(f"/news/{name}.json{query}").json()["rows"]


def test_internal_tables_are_hidden(get: Get) -> None:
    shown = {table["name"] for table in get("/news.json").json()["tables"] if not table["hidden"]}
    assert {"articles", "stories", "outlets", "candidates"} <= shown
    assert not {name for name in shown if "fts" in name or name in {"fingerprints", "furniture", "validators", "hosts"}}


def test_every_column_that_is_described_or_sorted_by_exists(get: Get, data: Path) -> None:
    from datasette.utils import parse_metadata

    from archive.serve import FILES

    tables = parse_metadata((FILES / "metadata.yaml").read_text(encoding="utf-8"))["databases"]["news"]["tables"]
    with closing(sqlite3.connect(data / "news.db")) as db:
        for table, about in tables.items():
            columns = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
            named = {*about.get("columns", {}), *about.get("sortable_columns", []), *about.get("facets", [])}
            named |= {about[key] for key in ("sort_desc", "label_column") if key in about}
            assert named <= columns, table


def test_the_front_page_says_what_the_archive_is(get: Get) -> None:
    page = get("/").text
    assert "Peace talks" in page
    assert re.search(r"<b>6</b>\s*articles", page)
    assert "20 January 2019 – 13 March 2019" in page
    assert 'action="/search"' in page
    assert "Gespräche in Doha" in page
    assert "2 articles, 2 outlets" in page
    assert '<a href="/news/to_review">1 to review</a>' in page


def test_the_front_page_of_an_empty_archive_says_what_to_do(tmp_path: Path, runner: asyncio.Runner) -> None:
    Archive.open(tmp_path).close()
    app = application(tmp_path, difference)
    page = getter(app, runner)("/")
    closed(app)
    assert page.status_code == 200
    assert "dossier crawl" in page.text


def test_hostile_text_is_text_on_every_page(get: Get) -> None:
    for path in PAGES:
        page = get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in get("/article/5").text


def test_no_control_character_and_no_reversed_line_reaches_a_reader(get: Get) -> None:
    for path in (
        "/",
        "/search?q=evil",
        "/news/articles?_search=evil",
        "/article/5",
        "/news/search?q=evil",
        "/news/latest",
    ):
        assert not set(get(path).text) & {"\x1b", "\u202e", "\x02", "\x03"}


def test_a_rejected_address_is_no_link(get: Get) -> None:
    page = get("/news/rejected").text
    assert "https://closed.example/a" in page
    assert 'href="https://closed.example' not in page


def test_an_address_that_runs_a_script_is_no_link(tmp_path: Path, runner: asyncio.Runner) -> None:
    with closing(Archive.open(fill(tmp_path))) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET url = 'javascript:alert(1)' WHERE id = 1")
    app = application(tmp_path, difference)
    get = getter(app, runner)
    pages = [get("/article/1").text, get("/news/articles?_col=url").text, get("/news/latest_articles").text]
    closed(app)
    assert not any('href="javascript' in page.lower() for page in pages)


def test_a_crawl_can_write_while_the_archive_is_served(tmp_path: Path, runner: asyncio.Runner) -> None:
    app = application(fill(tmp_path), difference)
    get = getter(app, runner)
    assert len(titles(get, "_search=doha")) == 3
    with closing(Archive.open(tmp_path)) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET body = 'Nothing of the kind.', title = 'Nothing' WHERE id = 3")
    assert len(titles(get, "_search=doha")) == 2
    closed(app)


def test_a_missing_archive_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(NoArchiveError, match="run `dossier crawl` first"):
        application(tmp_path, difference)


def test_a_path_that_datasette_would_misread_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match="move the folder"):
        application(fill(tmp_path / "why?"), difference)


def test_a_busy_port_gives_the_next_free_one() -> None:
    with closing(listener("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        with closing(listener("127.0.0.1", port)) as second:
            assert second.getsockname()[1] > port


def test_a_host_that_is_not_ours_is_told() -> None:
    with pytest.raises(ServeError, match="--port"):
        listener("192.0.2.1", 8001)
    with pytest.raises(ServeError, match="--host"):
        listener("no such host", 8001)


def test_a_listener_answers_on_its_host_only() -> None:
    with closing(listener("127.0.0.1", 0)) as bound:
        assert bound.getsockname()[0] == "127.0.0.1"
        assert bound.family == socket.AF_INET
