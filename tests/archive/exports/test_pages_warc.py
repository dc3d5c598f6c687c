"""The kept pages of a question, read by warcio as others would."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main

from archive.exports.pages import LOST, PAGES, WITHOUT, warc
from archive.exports.progress import Progress
from archive.exports.selection import Selection
from archive.queries import open_reader
from archive.questions.question import parse
from archive.store import Archive
from tests.filling import fill
from tests.written_pages import HEADERS, write_pages


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first four articles have pages, the first of them twice: the second time is a revisit."""
    return write_pages(fill(tmp_path_factory.mktemp("pages")), 4)


def exported(data: Path, typed: str = "", folder: Path | None = None) -> tuple[bytes, Progress]:
    progress = Progress()
    with closing(open_reader(data)) as db:
        chosen = Selection(db=db, question=parse(typed), order="oldest")
        return b"".join(warc(chosen, progress, folder or data / "warc", "talks.warc.gz")), progress


def read(file: bytes) -> Iterator[Any]:
    for record in ArchiveIterator(io.BytesIO(file), check_digests="raise"):
        record.body = record.content_stream().read()
        yield record


def test_the_file_has_the_pages_of_the_question_and_says_which_it_is(data: Path) -> None:
    file, progress = exported(data, "outlet:wire.example")
    about, *records = read(file)
    assert about.rec_type == "warcinfo"
    assert b"description: kept pages of outlet:wire.example\r\n" in about.body
    told = [(one.rec_type, one.rec_headers["WARC-Target-URI"]) for one in records]
    assert told == [
        ("response", "https://wire.example/kabul-market"),
        ("response", "https://wire.example/doha"),
        ("revisit", "https://wire.example/doha"),
    ]
    assert records[0].http_headers.get_header("Content-Type") == dict(HEADERS)["Content-Type"]
    assert records[1].rec_headers["WARC-Date"] == records[2].rec_headers["WARC-Refers-To-Date"]
    assert (progress.articles, progress.notes) == (3, {WITHOUT: 1, PAGES: 3})


def test_members_are_copied_as_they_lie(data: Path) -> None:
    file, _ = exported(data)
    with closing(open_reader(data)) as db:
        for row in db.execute("SELECT * FROM records WHERE article_id <= 4").fetchall():
            lies = (data / "warc" / row["warc_file"]).read_bytes()
            assert lies[row["warc_offset"] : row["warc_offset"] + row["warc_length"]] in file


def test_warcio_finds_no_fault(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "talks.warc.gz"
    path.write_bytes(exported(data)[0])
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(main(["check", str(path)]))
    assert not ended.value.code, capsys.readouterr().out


def test_a_revisit_of_another_articles_page_comes_with_that_page_once(tmp_path: Path) -> None:
    data = write_pages(fill(tmp_path / "data"), 1)
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        # As where archives were joined: the bytes came in with another article.
        db.execute("INSERT OR IGNORE INTO aliases (url, article_id, kind) VALUES ('https://wire.example/doha', 3, 'x')")
        db.execute("UPDATE records SET article_id = 3 WHERE article_id = 1 AND fetched LIKE '2019-03-12%'")
        db.execute("UPDATE aliases SET article_id = 3 WHERE url = 'https://wire.example/doha'")
    for typed in ("outlet:wire.example", ""):
        file, progress = exported(data, typed)
        found = [(one.rec_type, one.rec_headers["WARC-Target-URI"]) for one in read(file)][1:]
        assert sorted(found) == [("response", "https://wire.example/doha"), ("revisit", "https://wire.example/doha")]
        assert progress.notes[PAGES] == 2


def test_what_cannot_be_read_is_counted_and_left_out(tmp_path: Path) -> None:
    data = write_pages(fill(tmp_path / "data"), 3)
    path = next((data / "warc").iterdir())
    lies = bytearray(path.read_bytes())
    lies[600:610] = b"\0" * 10
    path.write_bytes(lies)
    file, progress = exported(data)
    assert progress.notes[LOST] == 1
    assert progress.notes[PAGES] == len(list(read(file))) - 1
    assert exported(data, folder=tmp_path)[1].notes[LOST] == 4


def test_of_nothing_there_is_a_file_that_says_so(data: Path) -> None:
    assert [one.rec_type for one in read(exported(data, "nosuchword")[0])] == ["warcinfo"]
