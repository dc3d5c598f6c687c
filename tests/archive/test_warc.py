from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from io import BytesIO
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.errors import StoreError
from archive.members import MAX_RECORD, member_end, opened, payload_digest, response
from archive.rows import RecordRow
from archive.store import Archive
from archive.warc import TAIL, WarcFiles, read_record
from tests.filling import fill
from tests.written_pages import write_pages

URL = "https://www.courier.example/world/talks"
NOON = "2021-08-15T12:00:00Z"
HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("Content-Length", "42"))
BODY = b"<html><p>Delegates are back in Doha.</p></html>"


class Committed(dict[str, int]):
    """What the archive would know: the end of the last record of each file whose transaction ended."""

    def end(self, file: str) -> int:
        return self.get(file, 0)

    def commit(self, row: RecordRow) -> None:
        self[row.warc_file] = row.warc_offset + row.warc_length


@pytest.fixture
def committed() -> Committed:
    return Committed()


class Opener(Protocol):
    def __call__(self, committed: Committed, **options: int) -> WarcFiles: ...


@pytest.fixture
def open_files(tmp_path: Path) -> Iterator[Opener]:
    """Opens the files of the test's folder, as each process does once, and gives them all back."""
    with ExitStack() as stack:

        def opener(committed: Committed, **options: int) -> WarcFiles:
            return stack.enter_context(closing(WarcFiles(tmp_path / "warc", committed=committed.end, **options)))

        yield opener


def append(
    files: WarcFiles, body: bytes = BODY, url: str = URL, headers: tuple[tuple[str, str], ...] = HEADERS
) -> RecordRow:
    return files.append(url=url, fetched=NOON, status=200, headers=headers, body=body)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "warc").iterdir())


def check(folder: Path) -> None:
    paths = [str(folder / "warc" / name) for name in names(folder)]
    run = subprocess.run(
        [str(Path(sys.executable).with_name("warcio")), "check", "-v", *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert "digest pass" in run.stdout


def test_other_tools_read_our_files(tmp_path: Path, committed: Committed, open_files: Opener) -> None:
    files = open_files(committed)
    for number in range(3):
        committed.commit(append(files, BODY * (number + 1), f"{URL}/{number}"))
    row = committed_revisit(files, committed)
    files.close()
    check(tmp_path)
    with (tmp_path / "warc" / row.warc_file).open("rb") as stream:
        kinds = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI")) for record in ArchiveIterator(stream)
        ]
    assert kinds == [("warcinfo", None), *(("response", f"{URL}/{number}") for number in range(3)), ("revisit", URL)]


def committed_revisit(files: WarcFiles, committed: Committed) -> RecordRow:
    row = files.append(
        url=URL, fetched=NOON, status=200, headers=HEADERS, body=BODY, of=(f"{URL}/0", "2021-08-14T12:00:00Z")
    )
    committed.commit(row)
    return row


def test_a_record_says_of_the_decoded_body_what_is_true_and_keeps_what_was_said(
    tmp_path: Path, committed: Committed, open_files: Opener
) -> None:
    row = append(open_files(committed))
    headers, body = read_record(tmp_path / "warc", row.warc_file, row.warc_offset, row.warc_length)
    assert body == BODY
    assert headers == (
        ("Content-Type", "text/html; charset=utf-8"),
        ("X-Crawler-Content-Encoding", "gzip"),
        ("X-Crawler-Content-Length", "42"),
        ("Content-Length", str(len(BODY))),
    )
    assert row.digest == payload_digest(BODY) == "sha1:" + row.digest[5:]
    assert len(row.digest) == 5 + 32


def test_no_address_is_written(tmp_path: Path, committed: Committed, open_files: Opener) -> None:
    row = append(open_files(committed))
    with (tmp_path / "warc" / row.warc_file).open("rb") as stream:
        for record in ArchiveIterator(stream):
            assert record.rec_headers.get_header("WARC-IP-Address") is None
            assert b"hostname" not in record.raw_stream.read()


def test_a_revisit_record_names_the_record_that_has_the_bytes(
    tmp_path: Path, committed: Committed, open_files: Opener
) -> None:
    files = open_files(committed)
    committed.commit(append(files, os.urandom(50_000)))
    row = committed_revisit(files, committed)
    assert row.warc_length < 1000
    assert read_record(tmp_path / "warc", row.warc_file, row.warc_offset, row.warc_length)[1] == b""
    with (tmp_path / "warc" / row.warc_file).open("rb") as stream:
        stream.seek(row.warc_offset)
        about = next(ArchiveIterator(stream)).rec_headers
    assert about.get_header("WARC-Profile").endswith("/revisit/identical-payload-digest")
    assert about.get_header("WARC-Refers-To-Target-URI") == f"{URL}/0"
    assert about.get_header("WARC-Refers-To-Date") == "2021-08-14T12:00:00Z"
    assert about.get_header("WARC-Payload-Digest") == payload_digest(BODY)


@given(
    headers=st.lists(st.tuples(st.text(max_size=12), st.text(max_size=30)), max_size=6),
    url=st.text(max_size=40),
    body=st.binary(max_size=200),
    status=st.integers(100, 599),
)
def test_nothing_from_the_web_adds_a_line_to_a_record(
    headers: list[tuple[str, str]], url: str, body: bytes, status: int
) -> None:
    headers = [*headers, ("X-A", "1\r\nX-Smuggled: 1\r\n\r\n<html>"), ("X-B\r\nX-Smuggled", "1"), ("", "1")]
    url = f"https://courier.example/{url}\r\nWARC-Smuggled: 1"
    digest = payload_digest(body)
    member = response(url=url, fetched=NOON, status=status, headers=tuple(headers), body=body, digest=digest, level=1)
    found, back = opened(member)
    assert back == body
    assert "x-smuggled" not in [name.lower() for name, _ in found]
    record = next(ArchiveIterator(BytesIO(member)))
    assert record.rec_headers.get_header("WARC-Smuggled") is None
    assert record.rec_headers.get_header("WARC-Payload-Digest") == digest


def test_the_file_is_rotated_before_it_grows_over_its_size(
    tmp_path: Path, committed: Committed, open_files: Opener
) -> None:
    files = open_files(committed, rotate=10_000)
    for _ in range(5):
        committed.commit(append(files, os.urandom(3000)))
    files.close()
    assert [name[-14:] for name in names(tmp_path)] == [
        "00000.warc.gz".rjust(14, "-"),
        "-00001.warc.gz",
        "-00002.warc.gz",
    ]
    assert all((tmp_path / "warc" / name).stat().st_size <= 10_000 for name in names(tmp_path))
    check(tmp_path)


def test_a_record_larger_than_a_file_may_grow_gets_a_file_of_its_own(
    tmp_path: Path, committed: Committed, open_files: Opener
) -> None:
    files = open_files(committed, rotate=10_000)
    for size in (100, 30_000, 100):
        committed.commit(append(files, os.urandom(size)))
    assert len(names(tmp_path)) == 3


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


def test_other_files_in_the_folder_are_none_of_ours(tmp_path: Path, committed: Committed, open_files: Opener) -> None:
    folder = tmp_path / "warc"
    folder.mkdir()
    (folder / "zzz.warc.gz").write_bytes(b"x")
    (folder / "dossier-99990101000000-99999.warc.gz.bak").write_bytes(b"x")
    assert append(open_files(committed)).warc_file.endswith("-00000.warc.gz")
    assert (folder / "zzz.warc.gz").read_bytes() == b"x"


def test_a_full_disk_says_so_and_leaves_no_half_record(
    tmp_path: Path, committed: Committed, open_files: Opener
) -> None:
    files = open_files(committed)
    committed.commit(append(files))
    (name,) = names(tmp_path)
    size = (tmp_path / "warc" / name).stat().st_size
    code = f"""
import resource, signal, os
from pathlib import Path
from archive.warc import WarcFiles
from archive.errors import StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({size} + 1000, resource.RLIM_INFINITY))
files = WarcFiles(Path({str(tmp_path / "warc")!r}), committed=lambda name: {size})
try:
    files.append(url="https://a.example/", fetched="{NOON}", status=200, headers=(), body=os.urandom(5000))
except StoreError as error:
    print(error.kind, error)
"""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("full ")
    assert os.strerror(errno.EFBIG) in run.stdout
    assert "make room" in run.stdout
    assert (tmp_path / "warc" / name).stat().st_size == size


def test_a_folder_that_cannot_be_written_is_named_with_the_mend(
    tmp_path: Path, committed: Committed, open_files: Opener
) -> None:
    (tmp_path / "warc").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match=r"warc: .+; look at the disk") as caught:
        append(open_files(committed))
    assert caught.value.kind == "other"


@pytest.mark.parametrize(
    ("file", "offset", "length"),
    [
        ("../dossier-20210815120000-00000.warc.gz", 0, 10),
        ("/etc/passwd", 0, 10),
        ("dossier-20210815120000-00000.warc.gz\n", 0, 10),
        ("dossier-20210815120000-00000.warc.gz", -1, 10),
        ("dossier-20210815120000-00000.warc.gz", 0, 0),
        ("dossier-20210815120000-00000.warc.gz", 0, MAX_RECORD + 1),
    ],
)
def test_only_our_own_files_are_read_and_within_bounds(tmp_path: Path, file: str, offset: int, length: int) -> None:
    with pytest.raises(StoreError, match="no such record"):
        read_record(tmp_path, file, offset, length)


def test_a_damaged_record_is_said_to_be_damaged(tmp_path: Path, committed: Committed, open_files: Opener) -> None:
    row = append(open_files(committed))
    path = tmp_path / "warc" / row.warc_file
    whole = path.read_bytes()
    wrong = response(url=URL, fetched=NOON, status=200, headers=(), body=BODY, digest=payload_digest(b"other"), level=1)
    for damaged in (whole[:-9], whole[:-9] + bytes(9), whole[: row.warc_offset] + wrong):
        path.write_bytes(damaged)
        with pytest.raises(StoreError, match="backup") as caught:
            read_record(path.parent, path.name, row.warc_offset, len(damaged) - row.warc_offset)
        assert caught.value.kind == "corrupt"
    path.unlink()
    with pytest.raises(StoreError, match="No such file"):
        read_record(path.parent, path.name, row.warc_offset, row.warc_length)


def test_the_end_of_a_member_that_unpacks_to_much_is_found_in_little_memory() -> None:
    member = response(url=URL, fetched=NOON, status=200, headers=(), body=bytes(20_000_000), digest="sha1:A", level=9)
    assert len(member) < 100_000
    stream = BytesIO(b"xx" + member + b"yy")
    assert member_end(stream, 2) == 2 + len(member)
    assert member_end(BytesIO(member[:-1]), 0) is None
    with pytest.raises(ValueError, match="no gzip member"):
        member_end(stream, 0)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "dossier-20190312180000-00000.warc.gz")
    with pytest.raises(StoreError, match="is no file") as caught:
        read_record(tmp_path, "dossier-20190312180000-00000.warc.gz", 0, 100)
    assert caught.value.kind == "corrupt"


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
