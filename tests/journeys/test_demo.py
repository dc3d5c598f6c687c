"""`dossier demo` as a visitor meets it: one run of the real command, then what it left behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from archive.lock import CrawlLock
from crawler.cli.demo import MARKER, SEARCHES, crawl, nearest, typed
from crawler.press.lure import FORBIDDEN
from crawler.press.manuscripts import Manuscript, manuscripts, revisions
from crawler.press.outlets import AGENCY, OUTLETS
from crawler.press.pieces import GONE, MOVED, PREVIEW_PATH, REMOVED, Piece, pieces
from tests.journeys.conftest import alone

LIMIT = 240
"""Seconds after which a demo that has not come to its end is given up."""
WRITTEN, CHANGED = manuscripts(), revisions(manuscripts())
DOSSIER = [sys.executable, "-m", "crawler.cli"]


def dossier(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "DOSSIER_DATA"}
    return subprocess.run(
        [*DOSSIER, *arguments], env={**kept, **environ}, capture_output=True, text=True, timeout=LIMIT, check=False
    )


@dataclass
class Demo:
    """A demo that serves."""

    data: Path
    process: subprocess.Popen[str]
    address: str = ""
    lines: list[str] = field(default_factory=list)
    serves: threading.Event = field(default_factory=threading.Event)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if address := re.search(r"http://127\.0\.0\.1:\d+/", line):
                self.address = address[0]
                self.serves.set()
        self.serves.set()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with sqlite3.connect(f"file:{self.data / 'news.db'}?mode=ro", uri=True) as db:
            rows = db.execute(sql, values).fetchall()
        db.close()
        return rows

    def requests(self) -> list[dict[str, Any]]:
        text = (self.data / "press.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Demo]:
    data = tmp_path_factory.mktemp("demo") / "archive"
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        command = [*DOSSIER, "--data", str(data), "demo", "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            running = Demo(data=data, process=process)
            listener = threading.Thread(target=running.listen)
            listener.start()
            with alone(shared) as folder:
                assert running.serves.wait(LIMIT), running.output
                assert process.poll() is None, running.output
                if not (folder / "demo").exists():
                    shutil.copytree(data, folder / "demo")
            yield running
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
            listener.join()


def articles(demo: Demo) -> dict[str, tuple[str, str, str]]:
    """Verdict, title and body by URL."""
    rows = demo.rows(
        "select url, verdict, title, body from articles join article_topics on article_topics.article_id = articles.id"
    )
    return {url: (verdict, title, body) for url, verdict, title, body in rows}


def kept(demo: Demo) -> set[str]:
    """Addresses of what is in the archive, surely on the topic or marked for review."""
    return set(articles(demo))


def own(bearing: str) -> list[Piece]:
    last = [piece for piece in pieces(2) if piece.origin is None and piece.outlet.key != "daily-lure"]
    return [piece for piece in last if piece.manuscript.topic == bearing]


def words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def overlap(manuscript: Manuscript, body: str) -> float:
    wanted, found = words_of(" ".join(manuscript.paragraphs)), words_of(body)
    return 2 * (wanted & found).total() / (wanted.total() + found.total())


def article_id(demo: Demo, url: str) -> int:
    rows = demo.rows(
        "select id from articles where url = ? union select article_id from aliases where url = ?", url, url
    )
    assert len(rows) == 1, f"{url}: {rows}"
    return int(rows[0][0])


def body_of(demo: Demo, slug: str) -> str:
    first = next(piece for piece in pieces(1) if piece.manuscript.slug == slug and piece.origin is None)
    return str(demo.rows("select body from articles where id = ?", article_id(demo, first.url))[0][0])


# What a visitor sees.


def test_it_tells_its_story_and_says_that_the_port_was_busy(demo: Demo) -> None:
    assert "Day one, 7 September 2019" in demo.output
    assert "Day two, 7 October 2019" in demo.output
    assert "is busy" in demo.output
    assert "Traceback" not in demo.output


def test_the_archive_is_served(demo: Demo) -> None:
    with urllib.request.urlopen(demo.address, timeout=20) as answer:
        assert answer.status == 200
        assert "Dossier" in answer.read().decode()


@pytest.mark.parametrize("query", [query for query, _ in SEARCHES])
def test_every_search_that_it_proposes_finds_something(demo: Demo, query: str) -> None:
    assert f"search '{query}'" in demo.output
    found = dossier("--data", str(demo.data), "search", query)
    assert found.returncode == 0
    assert ".example/" in found.stdout


def test_both_runs_ended_well(demo: Demo) -> None:
    outcomes = [outcome for (outcome,) in demo.rows("select outcome from runs order by id")]
    assert outcomes == ["finished", "finished"]


# What was kept.


def test_nearly_all_on_the_topic_is_kept(demo: Demo) -> None:
    there = kept(demo)
    missed = [piece.url for piece in own("on") if piece.url not in there and piece.announced not in there]
    assert len(missed) <= 0.1 * len(own("on")), missed
    sure = [url for url, (verdict, _, _) in articles(demo).items() if verdict == "keep"]
    assert len(sure) > 0.3 * len(there)


def test_nothing_off_the_topic_is_kept(demo: Demo) -> None:
    assert {piece.url for piece in own("off")} & kept(demo) == set()


def test_most_of_what_only_sounds_like_the_topic_is_left(demo: Demo) -> None:
    assert len({piece.url for piece in own("near")} & kept(demo)) <= 0.3 * len(own("near"))


def test_the_kept_texts_are_the_prose_that_was_printed(demo: Demo) -> None:
    texts = articles(demo)
    printed = [piece for piece in pieces(2) if piece.url in texts and piece.outlet.key != "daily-lure"]
    scores = [overlap(piece.manuscript, texts[piece.url][2]) for piece in printed]
    assert len(scores) > 60
    assert sum(scores) / len(scores) > 0.94
    assert sum(score > 0.85 for score in scores) >= 0.95 * len(scores)


def test_titles_dates_and_outlets_are_those_of_the_papers(demo: Demo) -> None:
    rows = demo.rows(
        "select url, title, published, domain from articles join outlets on outlets.id = articles.outlet_id"
    )
    known = {url: (title, published, domain) for url, title, published, domain in rows}
    printed = [piece for piece in pieces(2) if piece.url in known and piece.outlet.key != "daily-lure"]
    titles = [known[piece.url][0] == piece.manuscript.title for piece in printed]
    days = [(known[piece.url][1] or "")[:7] == f"{piece.manuscript.date:%Y-%m}" for piece in printed]
    assert sum(titles) >= 0.95 * len(titles)
    assert sum(days) >= 0.97 * len(days)
    assert all(piece.outlet.host.endswith(known[piece.url][2]) for piece in printed)


def test_wire_copies_stand_in_one_story(demo: Demo) -> None:
    stories = dict(demo.rows("select url, story_id from articles"))
    pairs = [
        (stories[piece.url], stories[piece.origin.announced])
        for piece in pieces(2)
        if piece.origin and piece.origin.outlet == AGENCY and piece.url in stories and piece.origin.announced in stories
    ]
    assert len(pairs) >= 25
    assert sum(one == other for one, other in pairs) >= 0.95 * len(pairs)


# What happened between the days.


def test_a_changed_text_is_a_new_version_and_the_old_one_is_still_there(demo: Demo) -> None:
    first = WRITTEN["kabul-wedding-bombing"].title
    old = demo.rows("select title, body from versions where title = ?", first)
    assert len(old) == 1
    assert "Sixty-three people died" in old[0][1]
    assert "At least eighty people died" in body_of(demo, "kabul-wedding-bombing")


def test_only_what_changed_has_versions(demo: Demo) -> None:
    rows = demo.rows("select url from articles where id in (select article_id from versions)")
    changed = {piece.announced for piece in pieces(2) if piece.origin is None and piece.manuscript.slug in CHANGED}
    assert {url for (url,) in rows} <= changed
    assert len(rows) >= 4


def test_what_a_paper_takes_down_stays_in_the_archive(demo: Demo) -> None:
    for slug in (GONE, REMOVED):
        assert overlap(WRITTEN[slug], body_of(demo, slug)) > 0.85


def test_an_article_that_moved_is_one_article(demo: Demo) -> None:
    slug = next(iter(MOVED))
    old = next(piece for piece in pieces(1) if piece.manuscript.slug == slug)
    new = next(piece for piece in pieces(2) if piece.manuscript.slug == slug)
    assert article_id(demo, old.url) == article_id(demo, new.url)


def test_the_second_crawl_takes_conditional_answers(demo: Demo) -> None:
    before = {entry["url"] for entry in demo.requests() if entry["day"] == 1 and entry["status"] == 200}
    second = [entry for entry in demo.requests() if entry["day"] == 2 and entry["url"] in kept(demo) & before]
    full = [entry["url"] for entry in second if entry["status"] == 200]
    assert sum(entry["status"] == 304 for entry in second) > 40
    repainted = {url for url in full if "prairie-ledger" in url}
    expected = {piece.url for piece in pieces(2) if piece.manuscript.slug in {*CHANGED, REMOVED}}
    assert set(full) - repainted <= expected


# Manners and dangers.


def test_nothing_was_asked_of_a_forbidden_place(demo: Demo) -> None:
    asked = {entry["url"] for entry in demo.requests()}
    hosts = {outlet.host for outlet in OUTLETS} | {"consent.daily-lure.example"}
    assert asked & {*FORBIDDEN, "http://10.0.0.1/router"} == set()
    assert {url for url in asked if re.split(r"[:/]+", url)[1] not in hosts} == set()


def test_robots_files_were_obeyed(demo: Demo) -> None:
    paths = {re.sub(r"^https?://[^/]+", "", entry["url"]) for entry in demo.requests()}
    assert PREVIEW_PATH not in paths
    assert not any(path.startswith(("/print/", "/private/", "/members/")) for path in paths)
    times = [entry["time"] for entry in demo.requests() if "//elbe-review.example/" in entry["url"]]
    assert len(times) > 10


def test_the_traps_cost_their_own_pages_only(demo: Demo) -> None:
    rows = demo.rows("select url, state, reason from candidates where host = 'daily-lure.example'")
    states = {url.removeprefix("https://daily-lure.example"): (state, reason) for url, state, reason in rows}
    for trap in (
        "/bomb/gzip",
        "/bomb/brotli",
        "/drip",
        "/short",
        "/round/1",
        "/onward/0",
        "/refresh",
        "/go/0",
        "/go/consent",
    ):
        assert states[trap][0] in {"failed", "refused", "not-an-article", "waiting"}, (trap, states[trap])
        assert states[trap][1], f"{trap} has no reason"
    assert states["/missing"][0] == "not-an-article"


def test_an_article_cannot_say_that_it_is_another_papers(demo: Demo) -> None:
    victim = next(piece for piece in own("on") if piece.manuscript.slug == "former-envoys-warn-of-total-civil-war")
    assert overlap(victim.manuscript, body_of(demo, victim.manuscript.slug)) > 0.9
    assert all("127.0.0.1" not in url for (url,) in demo.rows("select url from articles union select url from aliases"))


def test_control_characters_do_not_reach_the_archive(demo: Demo) -> None:
    for title, body in demo.rows("select title, body from articles"):
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe]", title + body), title


# The command's other ends.


def test_it_leaves_a_folder_alone_that_is_no_demo(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_text("years of work", encoding="utf-8")
    refused = dossier("demo", "--no-serve", DOSSIER_DATA=str(tmp_path))
    assert refused.returncode == 2
    assert "not a demo" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["news.db"]


def test_it_does_not_wipe_a_demo_in_which_a_crawl_is_at_work(tmp_path: Path) -> None:
    (tmp_path / MARKER).touch()
    (tmp_path / "news.db").write_text("half a crawl", encoding="utf-8")
    lock = CrawlLock(tmp_path)
    lock.take()
    busy = dossier("--data", str(tmp_path), "demo", "--no-serve")
    lock.release()
    assert busy.returncode == 5
    assert (tmp_path / "news.db").exists()


def test_a_folder_that_cannot_be_made_is_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert dossier("--data", str(tmp_path / "file"), "demo", "--no-serve").returncode == 2
    assert dossier("--data", str(tmp_path / "file" / "below"), "demo", "--no-serve").returncode == 3


def test_a_crawl_that_fails_gives_its_code_on(tmp_path: Path) -> None:
    assert crawl(tmp_path, tmp_path / "missing.toml", os.environ, recheck=False) == 2


def test_it_names_its_command_as_the_visitor_can_type_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "dossier"
    program.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "elsewhere"))
    assert typed("dossier", str(tmp_path / "bin" / "python")) == "bin/dossier"
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert typed("dossier", str(tmp_path / "bin" / "python")) == "dossier"
    assert nearest(tmp_path / "archive" / "demo") == "archive/demo"
    assert nearest(tmp_path.parent) == str(tmp_path.parent)


@pytest.mark.soak
def test_a_second_demo_is_made_anew_and_is_the_same(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        assert dossier("--data", str(tmp_path), "demo", "--no-serve").returncode == 0
        # What an outlet's articles share is learnt in the order of arrival, until all are read again.
        assert dossier("--data", str(tmp_path), "reextract").returncode == 0
        with sqlite3.connect(tmp_path / "news.db") as db:
            seen.append(db.execute("select url, title, body from articles order by url").fetchall())
        db.close()
    assert seen[0] == seen[1]
