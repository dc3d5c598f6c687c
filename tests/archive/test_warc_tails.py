"""Where a file ends when its writer did not: what is cut off, and what is left alone."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.store import Archive
from archive.warc import TAIL, WarcFiles
from tests.filling import fill
from tests.warcfolder import Committed, Opener, append, check, names
from tests.written_pages import write_pages


def test_the_next_process_goes_on_in_the_same_file(tmp_path: Path, committed: Committed, open_files: Opener) -> None:
    for _ in range(2):
        files = open_files(committed)
        committed.commit(append(files))
        files.close()
    assert len(names(tmp_path)) == 1
    check(tmp_path)


@pytest.mark.parametrize("again", [False, True], ids=["in the same process", "in the next process"])
def test_a_record_that_no_transaction_named_is_cut_off(
    tmp_path: Path, committed: Committed, open_files: Opener, again: bool
) -> None:
    files = open_files(committed)
    committed.commit(append(files))
    lost = append(files, b"never committed")
    if again:
        files.close()
        files = open_files(committed)
    row = append(files, b"the next one")
    assert row.warc_offset == lost.warc_offset
    assert len(names(tmp_path)) == 1
    check(tmp_path)


def test_the_very_first_record_is_cut_off_too_but_not_what_opens_the_file(
    tmp_path: Path, committed: Committed, open_files: Opener
) -> None:
    lost = append(open_files(committed))
    row = append(open_files(committed))
    assert lost.warc_offset == row.warc_offset > 0
    check(tmp_path)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True), first=st.booleans())
def test_wherever_a_record_is_torn_the_next_one_takes_its_place(
    tmp_path_factory: pytest.TempPathFactory, share: float, first: bool
) -> None:
    folder, committed = tmp_path_factory.mktemp("torn"), Committed()
    with closing(WarcFiles(folder / "warc", committed=committed.end)) as files:
        if not first:
            committed.commit(append(files))
        torn = append(files, os.urandom(500))
    path = folder / "warc" / torn.warc_file
    start = committed.end(torn.warc_file)
    with path.open("r+b") as stream:
        stream.truncate(start + int(share * (path.stat().st_size - start)))
    with closing(WarcFiles(folder / "warc", committed=committed.end)) as files:
        row = append(files)
    assert first or row.warc_offset == torn.warc_offset
    assert len(names(folder)) == 1
    check_quickly(path, records=2 if first else 3)


def check_quickly(path: Path, records: int) -> None:
    with path.open("rb") as stream:
        found = [
            record.content_stream().read() and record.rec_type
            for record in ArchiveIterator(stream, check_digests="raise")
        ]
    assert len(found) == records


def test_more_unknown_records_than_a_transaction_holds_are_left_alone_and_a_new_file_begun(
    tmp_path: Path, committed: Committed, open_files: Opener
) -> None:
    files = open_files(committed)
    for _ in range(TAIL + 1):
        committed.commit(append(files))
    files.close()
    (name,) = names(tmp_path)
    before = (tmp_path / "warc" / name).read_bytes()
    row = append(open_files(Committed()))
    assert row.warc_file != name
    assert (tmp_path / "warc" / name).read_bytes() == before
    check(tmp_path)


def test_a_file_shorter_than_the_archive_says_is_left_alone_and_a_new_one_begun(
    tmp_path: Path, committed: Committed, open_files: Opener
) -> None:
    files = open_files(committed)
    committed.commit(append(files))
    files.close()
    (name,) = names(tmp_path)
    (tmp_path / "warc" / name).write_bytes(b"")
    assert append(open_files(committed)).warc_file != name
    assert (tmp_path / "warc" / name).read_bytes() == b""


def test_a_tail_that_is_no_record_is_left_alone_and_a_new_file_begun(
    tmp_path: Path, committed: Committed, open_files: Opener
) -> None:
    files = open_files(committed)
    committed.commit(append(files))
    files.close()
    (name,) = names(tmp_path)
    with (tmp_path / "warc" / name).open("ab") as stream:
        stream.write(bytes(4096))
    row = append(open_files(committed))
    assert row.warc_file != name
    assert row.warc_file[-14:] == "-00001.warc.gz"


def test_pages_of_an_archive_whose_database_was_lost_are_not_cut_off(tmp_path: Path) -> None:
    data = write_pages(fill(tmp_path / "data"), 6)
    (file,) = (data / "warc").iterdir()
    before = file.read_bytes()
    for path in data.glob("news.db*"):
        path.unlink()
    with closing(Archive.open(data)) as archive:
        files = WarcFiles(data / "warc", committed=archive.articles.last_record)
        row = files.append(url="https://a.example/", fetched="2019-03-12T18:00:00Z", status=200, headers=(), body=b"x")
        files.close()
    assert row.warc_file != file.name
    assert file.read_bytes() == before
