"""`dossier prune` on a real archive, as its user meets it."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.lock import CrawlLock
from archive.queries import open_reader
from archive.rows import CandidateRow
from archive.store import Archive
from crawler.cli import main
from tests.filling import ARTICLES, LATER, fill
from tests.terminals import typed

DOHA, HERALD, GERMAN, MARKET, ODD, TRUCE = (one["url"] for one in ARTICLES)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return fill(tmp_path / "data")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that no test changes."""
    return fill(tmp_path_factory.mktemp("kept"))


def run(data: Path, *words: str, verb: str = "prune") -> Result:
    return CliRunner().invoke(main, ["--data", str(data), verb, *words], prog_name="dossier")


def urls(data: Path) -> set[str]:
    with closing(open_reader(data)) as db:
        return {row["url"] for row in db.execute("SELECT url FROM articles")}


def test_a_dry_run_tells_what_would_go_and_writes_nothing(kept: Path) -> None:
    before = (kept / "news.db").read_bytes()
    done = run(kept, "--older", "2019-03", "--dry-run")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "To go: 2 articles",
        "  202 characters of text, 1 earlier text, 2 kept pages: 1.8 kB",
        "  2 stories as a whole",
        "  1 article without a date: no rule by time takes any",
        "  by outlet: wire.example 2",
        "  by year: 2019 2",
        "  for example:",
        "    2019-02-03 wire.example: Kabul market reopens",
        "    2019-01-20 wire.example: Ceasefire proposed for the spring",
    ]
    told = json.loads(run(kept, "--older", "2019-03", "--dry-run", "--json").output)
    assert (told["articles"], told["undated"], told["dry_run"]) == (2, 1, True)
    assert (kept / "news.db").read_bytes() == before


def test_nothing_is_done_in_a_pipe_without_the_word(kept: Path) -> None:
    for words in ((), ("--json",)):
        done = run(kept, "--older", "2019-03", *words)
        assert done.exit_code == 2
        assert "give --yes" in done.output
    assert len(urls(kept)) == 6


def test_what_was_pruned_is_told_and_not_asked_for_again(data: Path) -> None:
    done = run(data, "--older", "2019-03", "--yes")
    assert done.exit_code == 0, done.output
    assert "Taken out: 2 articles, 2 kept pages" in done.output
    assert urls(data) == {DOHA, HERALD, GERMAN, ODD}
    told = run(data, MARKET, verb="why").output
    assert "was in the archive, and taken out of it: 20" in told
    assert "dossier prune --older 2019-03-01" in told
    assert "not asked for again" in told
    with closing(Archive.open(data)) as archive:
        rows = [CandidateRow(url=url, host="wire.example", score=0.9) for url in (MARKET, f"{MARKET}/amp")]
        assert archive.candidates.note(1, 1, rows, LATER) == 0
        taken = archive.candidates.take(1, archive.runs.start(1, LATER), 100, 100, LATER)
        assert not {row.url for row in taken} & {MARKET, TRUCE, f"{MARKET}/amp"}
    assert "Nothing in the archive" in run(data, "--older", "2019-03", "--dry-run").output


def test_a_topic_goes_as_a_whole_or_is_emptied(data: Path) -> None:
    told = run(data, "--topic", "talks", "--dry-run").output.splitlines()[0]
    assert told == "To go: 6 articles, and the topic itself with 10 links"
    done = run(data, "--topic", "talks", "--keep-definition", "--yes", "--json")
    assert json.loads(done.output)["done"]["articles"] == 6
    assert "pruned" in run(data, "--all", verb="status").output
    assert urls(data) == set()
    done = run(data, "--topic", "talks", "--yes")
    assert "and the topic talks" in done.output
    with closing(open_reader(data)) as db:
        assert db.execute("SELECT COUNT(*) FROM records").fetchone()[0] == 0, "those of dropped pages go too"
    assert "Nothing in this archive has ever announced it" in run(data, DOHA, verb="why").output


def test_only_the_bytes_go_where_that_is_asked_for(data: Path) -> None:
    done = run(data, "--bytes-only", "--outlet", "herald.example", "--yes")
    assert done.exit_code == 0, done.output
    assert "2 kept pages of 2 articles: 1.8 kB; the texts stay" in done.output
    assert len(urls(data)) == 6
    with closing(open_reader(data)) as db:
        left = {row["url"] for row in db.execute("SELECT url FROM records WHERE article_id IS NOT NULL")}
    assert left == {DOHA, GERMAN, MARKET, TRUCE}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "say what is to go"),
        (("--outlet", "wire.example"), "say what is to go"),
        (("--older", "soon"), "2019-02-12, 90d or 2y"),
        (("--older", "2019-03", "--outlet", "nosuch.example"), "no outlet of this archive"),
        (("--topic", "nosuch"), "name one of talks"),
        (("--older", "2019", "--keep-definition"), "goes with --topic"),
    ],
)
def test_what_means_nothing_is_told_with_its_mend(kept: Path, words: tuple[str, ...], said: str) -> None:
    done = run(kept, *words, "--yes")
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())
    assert len(urls(kept)) == 6


def test_days_are_counted_back_from_today(kept: Path) -> None:
    assert run(kept, "--older", "90d", "--dry-run").output.startswith("To go: 5 articles\n")
    assert run(kept, "--older", "2y", "--dry-run").output.startswith("To go: 5 articles\n")
    assert run(kept, "--older", "99999d", "--dry-run").output.startswith("Nothing in the archive")
    assert run(kept, "--older", "99999y", "--dry-run").output.startswith("Nothing in the archive")


def test_no_crawl_runs_meanwhile(kept: Path) -> None:
    lock = CrawlLock(kept)
    lock.take()
    done = run(kept, "--older", "2019-03", "--yes")
    lock.release()
    assert done.exit_code == 5
    assert len(urls(kept)) == 6


def test_on_a_terminal_it_asks(kept: Path) -> None:
    command = [sys.executable, "-m", "crawler.cli", "--data", str(kept), "prune", "--older", "2019-03"]
    code, shown = typed(command, [("Take that out for good? [y/N]", "n\n")], cwd=Path.cwd(), env=os.environ)
    assert code == 0, shown
    assert len(urls(kept)) == 6
