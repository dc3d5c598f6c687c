"""`dossier story` on a real archive, as its user meets it."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.lock import CrawlLock
from archive.store import Archive
from crawler.cli import main, story
from tests.filling import ARTICLES, HOSTILE, fill
from tests.opened import opened

DOHA, HERALD, GERMAN, MARKET, ODD, _ = (one["url"] for one in ARTICLES)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return fill(tmp_path)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that no test changes."""
    return fill(tmp_path_factory.mktemp("kept"))


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *words], prog_name="dossier")


def carried(data: Path, url: str) -> list[str]:
    return sorted(one["url"] for one in json.loads(run(data, "story", url, "--json").output)["articles"])


@pytest.mark.parametrize("words", [("story", DOHA), ("story", "show", HERALD), ("story", "http://wire.example/doha/")])
def test_a_story_is_shown_with_who_carries_it_and_how(kept: Path, words: tuple[str, ...]) -> None:
    done = run(kept, *words)
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "Doha talks end with a draft",
        "  2 articles of 2 outlets",
        "  original: Gulf Wire, 2019-03-12 09:30 UTC, 43 words",
        f"    {DOHA}",
        "  syndicated, 97% of it shared: The Herald, 2019-03-12 11:00 UTC, 28 words, credited to AFP",
        f"    {HERALD}",
    ]
    assert "1 article of 1 outlet: no copy of it is known" in run(kept, "story", GERMAN).output


def test_a_split_and_the_merge_that_undoes_it_are_told_wherever_the_article_is(data: Path) -> None:
    done = run(data, "story", "split", HERALD)
    assert done.exit_code == 0, done.output
    assert f"kept apart by hand from {DOHA} on 20" in done.output
    assert done.output.count("no copy of it is known") == 2
    assert carried(data, DOHA) == [DOHA]
    assert f"kept apart by hand from {HERALD} on 20" in run(data, "why", DOHA).output
    assert json.loads(run(data, "why", DOHA, "--json").output)["rulings"][0]["ruling"] == "apart"
    done = run(data, "story", "merge", DOHA, HERALD)
    assert done.exit_code == 0, done.output
    assert "put together by hand with" in done.output
    assert carried(data, DOHA) == sorted([DOHA, HERALD])
    assert f"put together by hand with {HERALD} on 20" in run(data, "why", DOHA).output


def test_stories_that_no_rule_would_join_become_one(data: Path) -> None:
    done = json.loads(run(data, "story", "merge", GERMAN, HERALD, MARKET, "--json").output)
    (one,) = done["stories"]
    assert (one["size"], one["outlets"], one["representative"]) == (4, 3, DOHA)
    assert [member["story_relation"] for member in one["articles"]].count("original") == 1
    assert "id" not in one["articles"][0]
    both = json.loads(run(data, "story", "split", GERMAN, MARKET, "--json").output)["stories"]
    assert [entry["size"] for entry in both] == [2, 2]
    assert carried(data, MARKET) == sorted([GERMAN, MARKET])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("https://nobody.example/a",), "`dossier search WORDS` finds articles"),
        (("split", "https://nobody.example/a"), "`dossier search WORDS` finds articles"),
        (("split", DOHA, HERALD), "nothing would be left of the story"),
        (("split", GERMAN), "nothing would be left of the story"),
        (("split", DOHA, GERMAN), "is in another story than"),
        (("merge", DOHA), "two different articles"),
        (("merge", DOHA, f"{DOHA}/amp"), "two different articles"),
        (("merge", DOHA, "ftp://wire.example/"), "http:// or https://"),
        (("split",), "Missing argument"),
    ],
)
def test_what_cannot_be_ruled_is_a_usage_error_and_changes_nothing(
    kept: Path, words: tuple[str, ...], said: str
) -> None:
    with closing(Archive.open(kept)) as archive:
        before = list(archive.db.iterdump())
    done = run(kept, "story", *words)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    with closing(Archive.open(kept)) as archive:
        assert list(archive.db.iterdump()) == before


def test_an_archive_that_another_program_writes_is_told_by_its_own_exit_code(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story, "PATIENCE", 0.3)
    with closing(sqlite3.connect(data / "news.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = run(data, "story", "split", HERALD)
        assert done.exit_code == 5
        assert "nothing was changed: try again" in done.stderr
        other.execute("ROLLBACK")
    lock = CrawlLock(data)
    lock.take()
    assert run(data, "story", "split", HERALD).exit_code == 0  # a crawl that runs is not in the way
    lock.release()


def test_without_an_archive_none_is_made(tmp_path: Path) -> None:
    done = run(tmp_path / "none", "story", "split", DOHA)
    assert done.exit_code == 2
    assert "run `dossier crawl` first" in done.stderr
    assert not (tmp_path / "none").exists()


def test_no_control_character_of_a_title_reaches_the_terminal(kept: Path) -> None:
    output = run(kept, "story", ODD).output
    assert "HYPERLINK" in HOSTILE
    assert "HYPERLINK" in output
    assert not {"\x1b", "\u202e"} & set(output)


def test_the_page_of_an_article_tells_what_was_ruled(data: Path) -> None:
    assert run(data, "story", "split", HERALD).exit_code == 0
    with opened(data) as get:
        page = get("/article/1").text
    assert re.search(r'kept apart from <a href="/article/2"[^>]*>Talks in Doha end with draft</a>', page)
