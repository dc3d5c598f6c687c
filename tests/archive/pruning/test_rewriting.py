"""The bytes of pages that were pruned leave their files, and no others do, whenever the process is killed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.errors import StoreError
from archive.pruning.note import NAME, Note, Place
from archive.pruning.prune import Pruned, prune
from archive.pruning.rewriting import free
from archive.pruning.rule import Rule
from archive.queries import open_reader
from archive.store import Archive
from archive.transactions import Transactions
from archive.warc import WarcFiles, read_record
from tests.archive.pruning.conftest import Held, held
from tests.filling import ARTICLES, fill
from tests.written_pages import put, write_pages

AT = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
OLDER = Rule(older="2019-03-01T00:00:00Z")  # the market and the truce, of whose pages one is in the second file


def pruned(data: Path, rule: Rule = OLDER) -> Pruned:
    return prune(data, rule, AT, lambda _: None)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six articles with pages in some files."""
    return write_pages(fill(tmp_path_factory.mktemp("filled")), 6, rotate=1_700)


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "data"))


def names(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "warc").iterdir())


def pages(data: Path) -> dict[tuple[str, str], bytes]:
    """All that the rows name, read from its place; StoreError where one names what is not there whole."""
    with closing(open_reader(data)) as db:
        found = db.execute("SELECT * FROM records ORDER BY id").fetchall()
    places = [(row["warc_file"], row["warc_offset"], row["warc_length"]) for row in found]
    assert len(set(places)) == len(places)
    return {
        (row["url"], row["fetched"]): read_record(data / "warc", *place)[1]
        for row, place in zip(found, places, strict=True)
    }


def in_files(data: Path) -> list[tuple[str, str, str]]:
    """All records that lie in the files, as warcio reads them."""
    found = []
    for name in names(data):
        if name.endswith(".warc.gz"):
            with (data / "warc" / name).open("rb") as file:
                for record in ArchiveIterator(file, check_digests="raise"):
                    record.content_stream().read()
                    headers = record.rec_headers
                    about = headers["WARC-Filename"] == name if record.rec_type == "warcinfo" else headers["WARC-Date"]
                    found.append((record.rec_type, headers["WARC-Target-URI"] or "", str(about)))
    return found


def test_the_bytes_go_and_the_others_are_where_the_rows_say(data: Path) -> None:
    before, size = pages(data), sum(path.stat().st_size for path in (data / "warc").iterdir())
    files = names(data)
    assert len(files) == 3, "so that of one a part goes, of one all, and of one nothing"
    done = pruned(data)
    after = pages(data)
    gone = {ARTICLES[3]["url"], ARTICLES[5]["url"]}
    assert after == {key: page for key, page in before.items() if key[0] not in gone}
    assert (done.articles, done.records) == (2, 2)
    assert done.bytes_of_pages == size - sum(path.stat().st_size for path in (data / "warc").iterdir()) > 0
    told = [one for one in in_files(data) if one[0] != "warcinfo"]
    assert sorted((url, at) for _, url, at in told) == sorted(after)
    assert {about for kind, _, about in in_files(data) if kind == "warcinfo"} == {"True"}
    assert NAME not in names(data)
    assert held(data).faults == []


def test_a_file_of_which_nothing_is_left_is_removed_and_the_next_page_finds_a_place(data: Path) -> None:
    done = pruned(data, Rule(topic="talks", is_bytes_only=True))
    assert (done.records, names(data), pages(data)) == (7, [], {})
    with closing(Archive.open(data)) as archive:
        assert archive.db.execute("SELECT COUNT(*) FROM articles").fetchone() == (6,)
        assert archive.db.execute("SELECT COUNT(*) FROM articles WHERE record_id IS NOT NULL").fetchone() == (0,)
        files = WarcFiles(data / "warc", committed=archive.articles.last_record)
        put(archive, files, 1, ARTICLES[0]["url"], b"<p>again</p>", day=14)
        files.close()
    assert list(pages(data).values()) == [b"<p>again</p>"]


def test_a_crawl_goes_on_in_the_file_that_was_written_anew(data: Path) -> None:
    pruned(data)
    before = pages(data)
    with closing(Archive.open(data)) as archive:
        files = WarcFiles(data / "warc", committed=archive.articles.last_record)
        put(archive, files, 1, ARTICLES[0]["url"], b"<p>again</p>", day=14)
        files.close()
    assert pages(data) == before | {(ARTICLES[0]["url"], "2019-03-14T18:00:00Z"): b"<p>again</p>"}
    assert len(names(data)) <= 3


def test_what_was_never_noted_stays_even_where_no_row_names_it(data: Path) -> None:
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET record_id = NULL WHERE id = 3")
        db.execute("DELETE FROM records WHERE article_id = 3")
    pruned(data)
    assert ARTICLES[2]["url"] in {url for _, url, _ in in_files(data)}


def test_what_a_kept_record_repeats_stays_with_it(data: Path) -> None:
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        # As where archives were joined: the revisit of the first page belongs to another article than its bytes.
        db.execute("UPDATE records SET article_id = 4 WHERE article_id = 1 AND fetched LIKE '2019-03-12%'")
    before = pages(data)
    pruned(data)
    assert before.items() - pages(data).items() == {
        (key, page) for key, page in before.items() if key[0] in {ARTICLES[3]["url"], ARTICLES[5]["url"]}
    }
    with closing(open_reader(data)) as db:
        owners = db.execute("SELECT DISTINCT article_id FROM records WHERE url = ?", [ARTICLES[0]["url"]]).fetchall()
    assert [tuple(row) for row in owners] == [(1,)]
    pruned(data, Rule(topic="talks"))
    assert (pages(data), names(data)) == ({}, [])


def test_noted_bytes_over_which_a_crawl_has_written_stay(data: Path) -> None:
    with closing(open_reader(data)) as db:
        row = db.execute("SELECT * FROM records ORDER BY id DESC LIMIT 1").fetchone()
    before = pages(data)
    note = Note(data / "warc")
    note.add([Place(row["warc_file"], row["warc_offset"] - 5, 20), Place(row["warc_file"], 10**9, 5)])
    note.add([Place("dossier-20190101000000-00009.warc.gz", 7, 7), Place("../../elsewhere", 0, 9)])
    with closing(Archive.open(data)) as archive:
        assert free(archive, note, AT) == 0
    assert pages(data) == before


def test_a_disk_that_is_full_stops_it_and_the_next_time_it_is_done(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("archive.pruning.rewriting._copy", full)
        with pytest.raises(StoreError, match="full"):
            pruned(data)
    assert held(data).faults == []
    assert len(pages(data)) == 5
    assert pruned(data).bytes_of_pages > 0
    assert len([one for one in in_files(data) if one[0] != "warcinfo"]) == 5


STEPS: tuple[tuple[Any, str], ...] = (
    (Transactions, "flush"), (os, "fsync"), (Path, "rename"), (Path, "unlink"), (Note, "_write"),
)  # fmt: skip


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Whether the work came to its end in a process that dies, as by SIGKILL, around its step of that number."""
    child = os.fork()
    if child == 0:
        left = step

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def called(*args: Any, **more: Any) -> Any:
                nonlocal left
                for moment in ("before", "after"):
                    left -= 1
                    if left < 0:
                        os._exit(9)
                    if moment == "before":
                        found = real(*args, **more)
                return found

            return called

        for place, name in STEPS:
            setattr(place, name, counted(getattr(place, name)))
        try:
            work()
        except BaseException:  # noqa: BLE001 - whatever it is, the parent is told by the code
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, 9}, code
    return code == 0


def nothing(_: Path) -> None:
    """What happens between a prune that was killed and the next one."""


def crawl(data: Path) -> None:
    """A page comes in."""
    with closing(Archive.open(data)) as archive:
        files = WarcFiles(data / "warc", committed=archive.articles.last_record, rotate=1_700)
        put(archive, files, 1, ARTICLES[0]["url"], b"<p>again</p>", day=14)
        files.close()


def killed_everywhere(
    filled: Path, place: Path, rule: Rule, every: int, first: int, between: Callable[[Path], None] = nothing
) -> int:
    """Kill the work at its steps, see that all is sound, and let it be done again; at how many steps."""
    whole = Path(shutil.copytree(filled, place / "whole"))
    pruned(whole, rule)
    between(whole)
    wanted = sound(whole)
    step = first
    while True:
        data = Path(shutil.copytree(filled, place / str(step)))
        is_done = killed_at(step, lambda data=data: pruned(data, rule))  # type: ignore[misc]
        sound(data)
        between(data)
        sound(data)
        pruned(data, rule)
        assert sound(data) == wanted, step
        lie = [[one for one in in_files(some) if one[0] != "warcinfo"] for some in (data, whole)]
        assert sorted(lie[0]) == sorted(lie[1]), step
        assert not [name for name in names(data) if not name.endswith(".warc.gz")]
        shutil.rmtree(data)
        if is_done:
            return step
        step += every


def sound(data: Path) -> tuple[Held, dict[tuple[str, str], bytes]]:
    """What an archive holds, with its pages; that it is sound is seen to."""
    found = held(data)
    assert found.faults == []
    read = pages(data)
    found.tables["records"] = found.tables["articles"] = []  # they tell of places, which are read above
    return found, read


def test_killed_here_and_there_it_leaves_rows_and_files_that_agree(filled: Path, tmp_path: Path) -> None:
    assert killed_everywhere(filled, tmp_path, OLDER, every=13, first=5) > 13


@pytest.mark.soak
@pytest.mark.parametrize(
    "rule", [OLDER, Rule(topic="talks"), Rule(topic="talks", is_bytes_only=True)], ids=lambda rule: rule.words
)
def test_killed_at_every_step_it_leaves_rows_and_files_that_agree(filled: Path, tmp_path: Path, rule: Rule) -> None:
    assert killed_everywhere(filled, tmp_path, rule, every=1, first=0) > 20


@pytest.mark.soak
def test_a_crawl_may_go_on_between_a_prune_that_was_killed_and_the_next(filled: Path, tmp_path: Path) -> None:
    assert killed_everywhere(filled, tmp_path, OLDER, every=1, first=0, between=crawl) > 20


def test_pages_of_a_crawl_between_do_not_cost_the_file_that_was_about_to_be_replaced(tmp_path: Path) -> None:
    """The newest file is the one that a crawl goes on with, also where no row names it yet."""
    data = write_pages(fill(tmp_path / "data"), 6)
    later = datetime(2126, 11, 26, 7, 0, tzinfo=UTC)
    for moment in range(0, 99, 3):
        copy = Path(shutil.copytree(data, tmp_path / str(moment)))
        is_done = killed_at(moment, lambda copy=copy: prune(copy, OLDER, later, lambda _: None))  # type: ignore[misc]
        crawl(copy)
        before = pages(copy)
        prune(copy, OLDER, later + timedelta(seconds=9), lambda _: None)
        gone = {ARTICLES[3]["url"], ARTICLES[5]["url"]}
        assert pages(copy) == {key: page for key, page in before.items() if key[0] not in gone}, moment
        assert not [name for name in names(copy) if not name.endswith(".warc.gz")]
        if is_done:
            return
    pytest.fail("it came to no end")


def test_a_note_takes_away_nothing_but_files_of_pages(data: Path) -> None:
    note = Note(data / "warc")
    note.replacing(names(data)[0], "../news.db")
    note.replacing("../news.db", names(data)[0])
    with closing(Archive.open(data)) as archive:
        free(archive, note, AT)
    assert len(pages(data)) == 7
