from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.errors import StoreError
from archive.members import MAX_RECORD, member_end, opened, payload_digest, response
from archive.rows import RecordRow
from archive.warc import WarcFiles, read_record
from tests.warcfolder import BODY, HEADERS, NOON, URL, Committed, Opener, append, check, names


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
