"""The archive as the public meets it."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from archive.datasette.plugins.canned import QUERIES
from archive.datasette.plugins.guard import HEADERS
from archive.queries import NoArchiveError
from archive.serve import ServeError, application
from archive.serving.doorkeeper import Rules
from archive.store import Archive
from pipelines.difference import difference
from tests.filling import ARTICLES, fill
from tests.serving import Forbidden, Visitor, serving

PAGES = (
    "/", "/news", "/news/articles", "/news/articles/1", "/article/1", "/article/4", "/article/5", "/article/4/changes",
    "/story/1", "/search", "/search?q=doha", "/search?q=evil", "/search?q=zxcvb", "/news/articles?_search=doha",
    "/news/stories/1", "/news/outlets", "/news/candidates", "/news/candidates/1",
    "/news/versions/1", "/news/sightings", "/news/events", "/news/runs", "/news/topics/1",
    "/news/articles?_col=title&_col=url", "/news/articles?_labels=off", "/news/articles?_facet=kind&_search=doha",
    "/news?_show_hidden=1", "/news/article_topics", "/news/sources?_sort=failures", "/news/articles?_sort=published",
    "/news/articles?_sort_desc=month&words__gt=10", "/news/aliases", "/news/records/1", "/news/widest_stories",
    *(f"/news/{name}" for name in QUERIES),
)  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def get(data: Path) -> Iterator[Visitor]:
    with serving(data) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def own(data: Path) -> Iterator[Visitor]:
    """As with `--private`."""
    with serving(data, Rules(is_private=True)) as visitor:
        yield visitor


def titles(get: Visitor, query: str) -> list[str]:
    return [row["title"] for row in get(f"/news/articles.json?_shape=array&{query}").json()]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_and_carries_nothing_that_its_headers_forbid(get: Visitor, path: str) -> None:
    page = get(path)
    assert page.status_code == 200
    assert "<main" in page.text
    assert not Forbidden(page.text).found
    assert {name: page.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "path",
    ["/", "/nowhere", "/static/dossier.css", "/static/none", "/news/", "/robots.txt", "/favicon.ico", "/-/versions",
     "/news/articles.csv", "/news/articles.json", "/news/articles?_sort=x", "/news.db", "//x", "/%ff",
     f"/{'a' * 9000}"],
)  # fmt: skip
def test_every_answer_carries_the_headers(get: Visitor, path: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        page = get(path, method)
        assert {name: page.headers.get(name) for name in HEADERS} == HEADERS
        assert method != "HEAD" or page.content == b""
        assert not page.cookies


def test_a_rare_word_finds_fewer_articles_than_no_search(get: Visitor) -> None:
    assert len(titles(get, "")) == len(ARTICLES)
    assert titles(get, "_search=zither") == ["Kabul market reopens"]


def test_plain_datasette_finds_the_index_too(data: Path) -> None:
    def plain(query: str) -> int:
        command = [sys.executable, "-m", "datasette", str(data / "news.db"), "--get", f"/news/articles.json?{query}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return len(json.loads(done.stdout)["rows"])

    assert (plain("_search=zither"), plain("")) == (1, len(ARTICLES))


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("doha", 3), ('"', 0), ('doha"', 3), ('"working+groups', 1), ("doha+-draft", 1), ("negotiat*", 1),
        ("(doha)", 3), ("zither+OR+truce", 2), ("-doha", 0), ("*", 0), ("doha+AND", 3), ("NEAR(", 0), ("%00doha", 3),
        ("%F0%9F%98%80", 0),
    ],
)  # fmt: skip
def test_whatever_is_typed_into_the_search_box_gives_an_answer(get: Visitor, typed: str, count: int) -> None:
    assert len(titles(get, f"_search={typed}")) == count
    assert get(f"/news/articles?_search={typed}").status_code == 200


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
        "/news/articles.csv?_stream=1", "/news/articles.blob?_blob_column=x", "/news/latest.json?_shape=nonsense",
        "/news/articles/1,2", "/news/articles/~31",
    ],
)  # fmt: skip
def test_a_bad_address_is_the_visitors_fault_and_tells_nothing_about_us(get: Visitor, path: str, data: Path) -> None:
    page = get(path)
    assert page.status_code in {200, 400, 403, 404}
    assert "Traceback" not in page.text
    assert str(data) not in page.text
    assert {name: page.headers.get(name) for name in HEADERS} == HEADERS


def test_a_fault_is_a_page_of_ours_and_json_for_programs(get: Visitor) -> None:
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
def test_pages_about_the_machine_are_closed(get: Visitor, name: str, before: str) -> None:
    page = get(f"{before}{name}")
    assert page.status_code == 404
    assert "python" not in page.text.lower()


def test_what_pages_need_is_open(get: Visitor) -> None:
    sheet = get("/static/dossier.css")
    assert sheet.status_code == 200
    assert sheet.headers["x-content-type-options"] == "nosniff"
    assert "prefers-color-scheme: dark" in sheet.text
    assert get("/static/data.css").status_code == 200
    assert get("/static/../metadata.yaml").status_code == 404
    assert get("/static/%2e%2e/metadata.yaml").status_code == 404


def test_search_engines_are_kept_out(get: Visitor) -> None:
    assert "Disallow: /" in get("/robots.txt").text


@pytest.mark.parametrize(
    "path",
    ["/news?sql=select+1", "/news.json?sql=select+1", "/news/articles?_where=1", "/news.db",
     "/news/articles.csv?_stream=1", "/news/fingerprints", "/news/articles_fts_data",
     "/news/validators.json", "/news/hosts/slow.example",
     "/news/articles_by_month", "/news/latest_articles", "/news/latest?sql=select+1"],
)  # fmt: skip
def test_the_public_may_run_no_sql_and_see_nothing_internal(get: Visitor, path: str) -> None:
    page = get(path)
    assert page.status_code == 403
    assert b"SQLite format" not in page.content


@pytest.mark.parametrize(
    "path",
    ["/_internal", "/_internal/databases", "/_memory?sql=select+1", "/:memory:", "/-/query?sql=select+1",
     "/news/-/query?sql=select+1", "/news/-/query.json?sql=select+1", "/news/articles/-/insert",
     "/-/logout", "/-/login",
     "/-/password-tool", "/-/refused", "/news/articles/1/-/delete", "/-/allow-debug", "/%2d/versions", "/-%2fversions"],
)  # fmt: skip
def test_the_public_finds_no_page_that_datasette_has_for_its_owner(get: Visitor, path: str) -> None:
    assert get(path).status_code == 404
    assert get(path, "POST").status_code == 405


def test_an_owner_may_ask_in_sql_within_bounds(own: Visitor) -> None:
    def asked(sql: str, kind: str = ".json") -> Any:
        path = f"/news{kind}?sql={sql}&_shape=array"
        page = own(path)
        return own(page.headers["location"]) if page.status_code in {301, 302} else page

    assert asked("select+count(*)+as+n+from+articles").json() == [{"n": len(ARTICLES)}]
    assert "<textarea" in asked("select+1", "").text
    assert asked("select+1", ".csv").text.split() == ["1", "1"]
    assert asked("select+length(hex(zeroblob(60000000)))").status_code == 400
    assert asked("delete+from+articles").status_code in {400, 403}
    assert len(list(csv.reader(StringIO(own("/news/articles.csv?_stream=1").text)))) == len(ARTICLES) + 1
    assert own("/news/fingerprints").status_code == 200
    assert "&amp;_stream=on" in own("/news/articles?_size=2").text
    assert "internal tables" in own("/news").text


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:8001", 200), ("127.0.0.1", 200), ("[::1]:8001", 200), ("127.8.8.8:1", 200), ("LOCALHOST", 200),
     ("evil.example", 403), ("localhost.evil.example:8001", 403), ("192.168.0.7:8001", 403),
     ("127.0.0.1.evil.example", 403),
     ("a b", 400), ("[::1", 400), ("x" * 300, 400), ('"><script>', 400), ("localhost, evil.example", 400)],
)  # fmt: skip
def test_what_is_for_the_owner_answers_under_names_of_this_machine_only(own: Visitor, host: str, status: int) -> None:
    page = own("/news", headers={"host": host})
    assert page.status_code == status
    assert status == 200 or host not in page.text


def test_another_site_cannot_make_the_owners_browser_ask_in_sql(own: Visitor) -> None:
    for site in ("cross-site", "same-site"):
        assert own("/news.json?sql=select+1", headers={"sec-fetch-site": site}).status_code == 403
        assert own("/news", headers={"sec-fetch-site": site}).status_code == 200


def test_nothing_is_written_by_a_visitor(get: Visitor) -> None:
    assert get("/news/articles", "POST").status_code in {400, 403, 405}
    assert get("/news/articles/1", "DELETE").status_code in {400, 403, 405}


def test_hostile_text_is_text_on_every_page(get: Visitor) -> None:
    for path in PAGES:
        page = get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in get("/article/5").text


def test_no_control_character_and_no_reversed_line_reaches_a_reader(tmp_path: Path) -> None:
    odd = "a\x1b[31m\u202eb\x02c\x9bd\x00e"
    with closing(Archive.open(fill(tmp_path))) as archive, archive.writing() as db:
        db.execute("UPDATE versions SET title = ?, body = ?", [odd, odd])
        db.execute("UPDATE OR IGNORE aliases SET url = url || ?", [odd])
        db.execute("UPDATE outlets SET domain = domain || ?, name = ?", [odd, odd])
        db.execute("UPDATE candidates SET reason = ?, url = url || ?", [odd, odd])
    sent = "%1b%e2%80%ae%00%c2%9b"
    with serving(tmp_path) as get:
        aliases = re.findall(r'href="(/news/aliases/[^"?]+)"', get("/news/aliases").text)
        paths = [*PAGES, *aliases[:2], "/news/versions", "/news/aliases", f"/news/articles?_search=a{sent}",
                 f"/news/articles?title={sent}", f"/nowhere?a={sent}", f"/news/to_review?topic=a{sent}"]  # fmt: skip
        for path in paths:
            page = get(path)
            assert page.status_code in {200, 404}, path
            assert not set(page.text) & {"\x1b", "\u202e", "\x02", "\x03", "\x9b", "\x00"}, path


def test_a_rejected_address_is_no_link(get: Visitor) -> None:
    page = get("/news/rejected").text
    assert "https://closed.example/a" in page
    assert 'href="https://closed.example' not in page


def test_an_address_that_runs_a_script_is_no_link(tmp_path: Path) -> None:
    with closing(Archive.open(fill(tmp_path))) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET url = 'javascript:alert(1)' WHERE id = 1")
    with serving(tmp_path) as get:
        paths = ("/article/1", "/news/articles/1", "/news/articles?_col=url", "/news/latest")
        pages = [get(path).text for path in paths]
    assert not any('href="javascript' in page.lower() for page in pages)


def test_links_to_the_web_tell_no_one_where_from_and_vouch_for_nothing(get: Visitor) -> None:
    for path in ("/news/articles/1", "/news/articles", "/news/sources"):
        links = re.findall(r'<a [^>]*href="https?://(?!datasette\.io|localhost)[^>]*>', get(path).text)
        assert links
        assert all("noopener" in one and "noreferrer" in one and "nofollow" in one for one in links)


def test_a_crawl_can_write_while_the_archive_is_served(tmp_path: Path) -> None:
    with serving(fill(tmp_path)) as get:
        assert len(titles(get, "_search=doha")) == 3
        with closing(Archive.open(tmp_path)) as archive, archive.writing() as db:
            db.execute("UPDATE articles SET body = 'Nothing of the kind.', title = 'Nothing' WHERE id = 3")
        assert len(titles(get, "_search=doha")) == 2


def test_a_missing_archive_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(NoArchiveError, match="run `dossier crawl` first"):
        application(tmp_path, difference)


def test_a_path_that_datasette_would_misread_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match="move the folder"):
        application(fill(tmp_path / "why?"), difference)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/\\evil.example", 404), ("//evil.example", 404), ("///evil.example/", 404), ("/%5cevil.example/", 404),
     ("/%2f%2fevil.example/", 404), ("/%5C%5Cevil.example", 404), ("/evil.example%2f..", 404),
     ("/.//evil.example/", 404),
     ("/news//evil.example/", 404), ("/%0d%0aSet-Cookie:a=b/", 404), ("/news/%00", 404), ("/%09/evil.example/", 404)],
)  # fmt: skip
def test_no_address_leads_off_the_site(get: Visitor, path: str, status: int) -> None:
    page = get(path)
    assert page.status_code == status
    assert "location" not in page.headers


def test_a_trailing_slash_leads_to_the_page(get: Visitor) -> None:
    page = get("/news/articles/?_sort=id")
    assert (page.status_code, page.headers["location"]) == (302, "/news/articles?_sort=id")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "POST"])
def test_pages_are_read_and_nothing_else(get: Visitor, method: str) -> None:
    for path in ("/", "/news/articles", "/static/dossier.css", "/nowhere"):
        assert get(path, method).status_code == 405


def test_credentials_that_nobody_asked_for_are_not_looked_at(get: Visitor) -> None:
    for value in ("Basic \xff", "Basic !!", "Bearer dstok_x", "Basic YTpi", "x" * 5000):
        assert get("/news", headers={"authorization": value}).status_code == 200
    for value in ("ds_actor=x", "ds_messages=\xff; a=b", "=;;=", "ds_csrftoken=" + "x" * 5000):
        assert get("/news", headers={"cookie": value}).status_code == 200


def test_an_answer_is_kept_for_the_host_that_was_asked(get: Visitor) -> None:
    here = get("/").headers["etag"]
    assert get("/", headers={"host": "archive.example", "if-none-match": here}).status_code == 200
    assert get("/", headers={"if-none-match": here}).status_code == 304


def test_an_unknown_address_offers_a_search_for_its_words(get: Visitor) -> None:
    page = get("/peace-talks/doha_2019,'\"").text
    assert 'name="q" value="peace talks doha 2019"' in page
    assert get("/peace.json").json()["status"] == 404


@pytest.mark.parametrize(
    "query",
    ["_size=101", "_size=x", "_timelimit=1", "_trace=1", "_through=%7B%7D", "_fts_table=topics&_search=a", "_ttl=9",
     "_searchmode=raw&_search=a", "_extra=debug", "_json=tags", "_context=1",
     "_facet=a&_facet=b&_facet=c&_facet=d&_facet=e", "&".join(f"a{number}=1" for number in range(61)),
     "_fts_pk=url&_search=a", "_search_title=a", "title__like=" + "%25_" * 600],
)  # fmt: skip
def test_what_costs_too_much_or_leads_elsewhere_is_not_taken(get: Visitor, query: str) -> None:
    assert get(f"/news/articles?{query}").status_code == 400


def test_as_json_a_page_has_more_rows(get: Visitor) -> None:
    assert get("/news/articles.json?_size=500").status_code == 200
    assert get("/news/articles.json?_size=501").status_code == 400
