"""The commands that use an archive, as their user meets them."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import unicodedata
import urllib.request
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.rows import CandidateRow, OutcomeRow
from archive.schema import migrations
from archive.store import Archive
from crawler.cli import VERBS, main
from crawler.cli.why import again
from crawler.terminal import json_text, printable
from crawler.times import now, text_of
from tests.filling import ARTICLES, fill

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("used"))


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *words], prog_name="dossier")


def controls(text: str) -> set[str]:
    return {char for char in text if unicodedata.category(char) in {"Cc", "Cf"} and char not in "\n\u200c\u200d"}


@pytest.mark.parametrize(
    "words",
    [
        ("search", "doha"),
        ("status",),
        ("why", "https://a.example/"),
        ("story", "https://a.example/"),
        ("diff", "https://a.example/"),
        ("snapshot",),
        ("serve",),
    ],
)
def test_without_an_archive_every_command_says_what_to_do(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(tmp_path / "none", *words)
    assert done.exit_code == 2
    expected = f"no archive at {tmp_path / 'none'}: run `dossier crawl` first (or name another folder with --data)"
    assert expected in done.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("words", [("search", "doha"), ("status",), ("why", "https://a.example/"), ("snapshot",)])
def test_a_file_that_is_no_database_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "news.db").write_bytes(b"not a database at all" * 100)
    done = run(tmp_path, *words)
    assert done.exit_code == 1
    assert "name another folder with --data" in done.stderr


def test_search_shows_date_outlet_headline_passage_and_copies(data: Path) -> None:
    lines = run(data, "search", "withdrawal").output.splitlines()
    assert lines[0] == "Doha talks end with a draft"
    assert lines[1] == "  2019-03-12  Gulf Wire  +1 copy"
    assert "draft on the withdrawal of foreign troops" in lines[2]
    assert lines[3] == "  https://wire.example/doha"
    assert lines[-1] == "1 story in 2 matching articles."


def test_search_takes_words_as_typed_with_and_without_quotes(data: Path) -> None:
    assert "Gulf Wire" not in run(data, "search", "doha", "-draft").output
    assert "Talblatt" in run(data, "search", "doha", "-draft").output
    assert "Talblatt" in run(data, "search", "doha -draft").output
    assert "Doha talks end" in run(data, "search", '"foreign troops"').output
    assert "Doha talks end" in run(data, "search", "negotiat*").output


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.text('"*-+^(){}: ORNT', max_size=20))
def test_whatever_is_searched_for_gives_an_answer(data: Path, typed: str) -> None:
    done = run(data, "search", "--", typed)
    assert done.exit_code == 0
    assert done.output


def test_search_says_what_to_do_where_it_finds_nothing(data: Path, tmp_path: Path) -> None:
    assert "try fewer words" in run(data, "search", "xylophone").output
    told = run(data, "search", "doha", "outlet:none.example").output
    assert "Without outlet:none.example there would be 3." in told
    assert "`dossier why URL`" in run(data, "search", "https://wire.example/doha").output
    told = run(data, "search", "doha", "since:2020").output
    assert "What is here was published from 2019-01-20 to 2019-03-13." in told
    Archive.open(tmp_path).close()
    assert "The archive is empty" in run(tmp_path, "search", "doha").output


def test_search_takes_filters_and_orders(data: Path) -> None:
    assert "Talblatt" in run(data, "search", "doha", "lang:de").output
    assert "Talblatt" not in run(data, "search", "doha", "-outlet:tal.example").output
    assert "4 stories in 5 matching articles" in run(data, "search", "-outlet:tal.example").output
    newest, oldest = (run(data, "search", "doha", "--order", order).output for order in ("newest", "oldest"))
    assert newest.splitlines()[0] == "Gespräche in Doha enden mit Entwurf"
    assert oldest.splitlines()[0] == "Doha talks end with a draft"


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["text", "json"])
def test_search_says_beside_its_answer_what_it_did_not_understand(data: Path, more: tuple[str, ...]) -> None:
    done = run(data, "search", "withdrawal", "since:2019-02-30", *more)
    assert "since:2019-02-30 was left out: that is no date. Write for example since:2019" in done.stderr
    assert "no date" not in done.stdout
    assert "Doha talks end with a draft" in done.stdout


def test_search_says_that_an_option_which_it_has_not_was_read_as_a_word(data: Path) -> None:
    done = run(data, "search", "doha", "--sort")
    assert "--sort is no option" in done.stderr
    assert "Doha talks end with a draft" in done.stdout


def test_search_is_bounded_and_says_so(data: Path) -> None:
    done = run(data, "search", "doha", "--limit", "1")
    assert "`--limit N` shows more" in done.output
    assert run(data, "search", "doha", "--limit", "0").exit_code == 2


def test_search_speaks_json(data: Path) -> None:
    found = json.loads(run(data, "search", "withdrawal", "--json").output)
    assert found[0]["url"] == "https://wire.example/doha"
    assert found[0]["copies"] == 1
    assert "id" not in found[0]
    assert json.loads(run(data, "search", "xylophone", "--json").output) == []


@pytest.mark.parametrize(
    "words",
    [
        ("search", "evil"),
        ("search", "evil", "--json"),
        ("why", ARTICLES[4]["url"]),
        ("why", ARTICLES[4]["url"], "--json"),
    ],
    ids=["search", "search json", "why", "why json"],
)
def test_no_control_character_of_a_title_reaches_the_terminal(data: Path, words: tuple[str, ...]) -> None:
    output = run(data, *words).output
    assert "HYPERLINK" in output
    assert not controls(output)


@given(st.text())
def test_printable_text_is_one_line_without_controls(text: str) -> None:
    assert not controls(printable(text))
    assert "\n" not in printable(text)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_for_the_terminal_is_the_same_json(text: str) -> None:
    assert json.loads(json_text({"title": text})) == {"title": text}
    assert not {char for char in json_text(text) if unicodedata.category(char) == "Cc"}


def test_colours_are_for_terminals_only(data: Path) -> None:
    command = [sys.executable, "-m", "crawler.cli", "--data", str(data), "search", "doha"]
    clean = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}
    piped = subprocess.run(command, capture_output=True, cwd=ROOT, check=True, env=clean).stdout
    master, slave = pty.openpty()
    subprocess.run(command, stdout=slave, cwd=ROOT, check=True, env={**clean, "TERM": "xterm"})
    os.close(slave)
    shown = os.read(master, 1 << 16)
    os.close(master)
    assert b"\x1b" not in piped
    assert b"\x1b[1;7mDoha" in shown or b"\x1b[7mDoha" in shown


def test_why_tells_the_story_of_a_stored_article(data: Path) -> None:
    told = run(data, "why", "https://wire.example/doha").output
    for part in (
        "In the topic talks", "stored", "first announced by feeds https://wire.example/feed.xml", "at rank 1",
        "Doha talks end with a draft", "keep, score 0.83 (from doha 0.40, talks 0.20)",
        "2 articles that carry one text",
        "asked whether it has changed with the first crawl after 2999-02-01",
        "syndicated 97%: The Herald", "warc/a.warc.gz at 0, 900 bytes", "also reached as https://wire.example/doha/amp",
    ):  # fmt: skip
        assert part in told
    assert "credited to AFP" in run(data, "why", "https://herald.example/world/talks").output
    assert "credited to" not in told
    assert "earlier text of 2019-03-12" in run(data, "why", "https://wire.example/kabul-market").output


def test_why_tells_why_an_article_is_not_looked_at_again(data: Path) -> None:
    assert "a year old, or nearly" in run(data, "why", "https://wire.example/ceasefire").output
    article = {"published": None, "published_precision": None, "fetched": text_of(now())}
    link = {"rest": None, "next_try": None, "recheck": None, "state": "stored"}
    assert "from the past" in again(link, article, is_off=False)
    assert "does not belong" in again(link, article, is_off=True)
    assert again(link | {"state": "duplicate"}, article, is_off=False) == "not asked for again"


def test_why_tells_how_a_page_was_read_and_where_it_contradicts_itself(data: Path) -> None:
    told = run(data, "why", "https://wire.example/kabul-market").stdout
    assert "live blog, read by test; text from trafilatura, 1 line of its outlet's left out" in told
    assert "not all of it: the document has no end" in told
    assert "title as json-ld has it; og says: Market in Kabul <opens> again" in told


def test_why_tells_what_happened_to_an_article_beside_its_versions(data: Path) -> None:
    told = run(data, "why", "https://wire.example/kabul-market").stdout
    for part in (
        "2019-03-13 18:00 UTC: the page changed and says the same: counter",
        'says that it was corrected: "Correction: the market <b>opens</b> on Sundays',
        "shows an earlier text again, which makes no version: 2019-03-12 18:00 UTC",
    ):
        assert part in told
    gone = run(data, "why", "https://wire.example/ceasefire").stdout
    assert "in the archive, and not there any more when it was looked at last: gone: HTTP 410" in gone
    assert "2019-03-13 18:00 UTC: the page is gone, its text stays here: HTTP 410" in gone


def test_the_command_that_is_named_brings_an_archive_of_an_older_release_up_to_date(tmp_path: Path) -> None:
    db = Database(tmp_path / "news.db")
    migrations.apply(db, stop_before="m008_judgement")
    db.close()
    for verb in ("status", "why", "review", "search", "serve", "snapshot", "learn"):
        words = [verb, *({"why": ["https://a.example/"], "search": ["doha"]}.get(verb, []))]
        told = run(tmp_path, *words)
        assert told.exit_code == 2
        assert "written by an older dossier: `dossier rescore --dry-run` brings it up to date" in told.stderr
    assert "follows no topic" in run(tmp_path, "rescore", "--dry-run").stderr
    assert run(tmp_path, "status").exit_code == 0


def test_of_very_many_texts_and_events_why_tells_the_latest(tmp_path: Path) -> None:
    data, url = fill(tmp_path), "https://wire.example/kabul-market"
    texts = """INSERT INTO versions (article_id, fetched, title, body, content_hash)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        SELECT articles.id, '2019-03-14T18:00:00Z', 'Text ' || i, '', i FROM articles, n WHERE url = ?"""
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        db.execute(texts, [url])
        db.execute("INSERT INTO events (article_id, kind, at) SELECT article_id, 'note', fetched FROM versions")
    told = run(data, "why", url).stdout.splitlines()
    assert len(told) < 90
    assert any("earlier texts before these: `--json` lists them" in line for line in told)
    assert any("events before these: `--json` lists them" in line for line in told)
    assert any("Text 3000" in line for line in told)
    assert len(json.loads(run(data, "why", url, "--json").stdout)["versions"]) > 3000


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://wire.example/waiting", ["waits to be fetched", "the next crawl asks for it"]),
        ("https://wire.example/cricket", ["not on the topic", "score 0.02 is under 0.3", "not asked for again"]),
        ("https://closed.example/a", ["refused", "robots: disallowed"]),
        ("https://slow.example/b", ["could not be read", "TimeoutError", "rests until 2999-01-01", "after 1 try"]),
        ("https://nobody.example/", ["ever announced it", "dossier crawl"]),
    ],
)
def test_why_tells_why_a_page_is_not_here_and_what_comes_next(data: Path, url: str, parts: list[str]) -> None:
    done = run(data, "why", url)
    assert done.exit_code == 0
    for part in parts:
        assert part in done.output


@pytest.mark.parametrize(
    "url",
    [
        "https://WIRE.example:443/doha#top", "http://wire.example/doha", "https://wire.example/doha/",
        "wire.example/doha", "https://wire.example/doha?utm_source=feed", "https://wire.example/doha/amp",
    ],
)  # fmt: skip
def test_why_understands_other_spellings_of_an_address(data: Path, url: str) -> None:
    assert "Doha talks end with a draft" in run(data, "why", url).output


@pytest.mark.parametrize("url", ["ftp://wire.example/doha", "https://", "http://a b/", "https://u:p@wire.example/"])
def test_why_refuses_what_is_no_web_address(data: Path, url: str) -> None:
    done = run(data, "why", url)
    assert done.exit_code == 2
    assert "http:// or https://" in done.stderr


def test_why_speaks_json(data: Path) -> None:
    told = json.loads(run(data, "why", "https://wire.example/doha", "--json").output)
    assert told["known"] is True
    assert told["article"]["title"] == "Doha talks end with a draft"
    assert told["candidates"][0]["sightings"]
    assert json.loads(run(data, "why", "https://nobody.example/", "--json").output)["known"] is False


STATUS = (
    "6 articles, 5 stories, 1 earlier version, 3 outlets, 2019-01-20 to 2019-03-13", "database ", "warc 0 bytes",
    "talks: 5 kept, 1 for review (`dossier review`)", "1 page is gone from the web",
    "finished: 10 new links, 1 failed, 6 stored, 2 due to be asked again and left",
    "1 (0)  failed: TimeoutError: 60 s, 1 due again", "slow.example until 2999-01-01", "1 source of 2 answered",
    "sitemaps https://tal.example/news.xml: failed, HTTP 500 (never answered)", " free",
)  # fmt: skip


def test_status_says_how_the_archive_is(data: Path) -> None:
    told, whole = run(data, "status").output, run(data, "status", "--all").output
    for part in STATUS:
        assert part in told
        assert part in whole
    assert "links: 5 stored" in whole
    assert "links: " not in told
    assert "`dossier status --all` tells more" in told
    assert len(told.splitlines()) <= 25


def test_status_begins_with_what_needs_attention(tmp_path: Path) -> None:
    with closing(Archive.open(tmp_path)) as archive:
        archive.runs.start(archive.topics.ensure("talks", "Talks", ""), "2019-02-01T12:00:00Z")
    told = run(tmp_path, "status").output.splitlines()
    assert told[0] == "1 thing needs attention"
    assert told[1].startswith("  run failed: The run of 2019-02-01 12:00 UTC never ended")
    assert "`dossier crawl talks` goes on from there" in told[2]
    (finding,) = json.loads(run(tmp_path, "status", "--json").output)["findings"]
    assert (finding["kind"], finding["topic"], finding["since"]) == ("run failed", "talks", "2019-02-01T12:00:00Z")


def test_status_tells_the_last_day_against_those_before(tmp_path: Path) -> None:
    with closing(Archive.open(tmp_path)) as archive:
        topic = archive.topics.ensure("talks", "Talks", "")
        for days, new in ((0, 9), (1, 4), (1, 1), (3, 2), (4, 6)):
            at = text_of(now() - timedelta(days=days, minutes=5)) or ""
            counts = {"outcome/stored": new + 1, "versions": 1, "copies": days, "found": 20}
            archive.runs.finish(archive.runs.start(topic, at), "finished", counts, at)
    told = run(tmp_path, "status").output
    assert "Last 24 hours: 1 run, 9 new articles (4), 0 copies (2), 1 new version (1), 20 new links (20)" in told
    assert (
        "1 day before: 5 new articles, 2 copies, 2 new versions, 40 new links"
        in run(tmp_path, "status", "--all").output
    )
    days = json.loads(run(tmp_path, "status", "--json").output)["days"]
    assert [day["new"] for day in days] == [9, 5, 0, 2, 6]


def test_status_of_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    Archive.open(tmp_path).close()
    told = run(tmp_path, "status").output
    assert "`dossier crawl` makes the first" in told
    assert told.startswith("Nothing needs attention.")


def test_status_speaks_json(data: Path) -> None:
    told = json.loads(run(data, "status", "--json").output)
    assert told["totals"]["articles"] == len(ARTICLES)
    assert set(told["disk"]) == {"database", "warc", "snapshots"}
    assert set(told["room"]) == {"free", "a_day", "days_left"}
    assert told["topics"][0]["candidates"]["stored"] == 5


def test_serve_takes_the_next_port_says_so_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    data = fill(tmp_path)
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET body = ? WHERE id = 1", ["word " * 4_000_000])
    with closing(socket.create_server(("127.0.0.1", 0))) as busy:
        port = busy.getsockname()[1]
        command = [sys.executable, "-m", "crawler.cli", "--data", str(data), "serve", "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as server:
            assert server.stdout is not None
            assert server.stderr is not None
            first, second = server.stdout.readline(), server.stdout.readline()
            found = re.search(r"at (http://127\.0\.0\.1:(\d+)/)", second)
            assert found, second + server.stderr.read()
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"{found[1]}news/articles?_search=zither") as page:
                assert b"Kabul market reopens" in page.read()
                assert page.headers["server"] is None
            with closing(socket.create_connection(("127.0.0.1", int(found[2])))) as slow:
                slow.sendall(b"GET /article/1.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert slow.recv(8) == b"HTTP/1.1"  # and takes no more of it
                server.send_signal(signal.SIGINT)
                assert server.wait(20) == 0
            assert server.stderr.read() == ""
    assert f"Port {port} is busy; using {found[2]}" in first
    assert found[2] != str(port)


def test_serve_warns_where_others_can_reach_it() -> None:
    from crawler.cli.serve import warnings_for

    with closing(socket.create_server(("127.0.0.1", 0))) as here:
        assert list(warnings_for(here, has_accounts=False)) == []
    with closing(socket.socket()) as anywhere:
        anywhere.bind(("0.0.0.0", 0))  # bound, and never listens
        (everyone,) = warnings_for(anywhere, has_accounts=False)
        (plain,) = warnings_for(anywhere, has_accounts=True)
    assert "--auth" in everyone
    assert "HTTPS" in plain


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_serve_is_private_on_this_machine_only(data: Path, host: str) -> None:
    done = run(data, "serve", "--private", "--host", host)
    assert done.exit_code == 2
    assert "ssh -L" in done.stderr


def test_serve_refuses_a_host_that_is_not_here(data: Path) -> None:
    done = run(data, "serve", "--host", "192.0.2.1")
    assert done.exit_code == 1
    assert "--port" in done.stderr


def test_the_help_tells_what_each_verb_says_of_itself_without_loading_any() -> None:
    show = "from crawler.cli import main; main(['--help'], standalone_mode=False)"
    code = f"import sys; {show}; print('MODULES', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    told, _, modules = done.stdout.partition("MODULES")
    assert not {"scrapy", "trafilatura", "datasette", "sqlite_utils"} & set(modules.split())
    context = click.Context(main)
    for verb in VERBS:
        command = main.get_command(context, verb)
        assert command is not None
        said = re.split("[,:;(]", " ".join((command.help or "").split()))[0]
        assert said[:50].strip() in " ".join(told.split())


def test_what_pages_have_taught_about_a_link_that_waits_is_told(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path)
    topic = archive.topics.ensure("court", "Court", 'language = "en"\n[terms]\n"court" = 1\n')
    source = archive.sources.ensure("feeds", "https://daily.example/feed", "daily.example")

    def announced(name: str, title: str) -> int:
        url = f"https://daily.example/{name}"
        row = CandidateRow(url=url, host="daily.example", title=title, score=0.3)
        archive.candidates.note(topic, source, [row], "2020-10-12T12:00:00Z")
        return int(archive.db.execute("SELECT id FROM candidates WHERE url = ?", [url]).fetchone()[0])

    for number in range(20):
        kept = OutcomeRow(candidate_id=announced(f"kept{number}", f"Barrett answers question {number}"), state="stored")
        archive.candidates.finish(kept, "2020-10-12T12:00:00Z")
    announced("next", "Barrett faces the committee")
    archive.close()
    told = run(tmp_path, "why", "https://daily.example/next").output
    assert re.search(r"score of the link: 0\.30, with what the pages read so far have taught 0\.[4-9]", told)
