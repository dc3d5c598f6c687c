from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.bodies import BadAnswer
from crawler.local_warcs import WarcDownloadHandler, WarcUnreadable, path_of, read_range, warc_url
from crawler.outcomes import fate_of
from crawler.process import project_settings

DATA = bytes(range(256)) * 8


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some day #1? 100%.warc.gz"
    path.write_bytes(DATA)
    return path


def fetch(url: str, wanted: str = "", limit: int = 10_000) -> Response:
    crawler = get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": limit})
    headers = {"Range": wanted} if wanted else {}
    return asyncio.run(WarcDownloadHandler.from_crawler(crawler).download_request(Request(url, headers=headers)))


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=100-299", 100, 299),
        ("bytes=2000-9999", 2000, 2047),
        ("bytes=2047-2047", 2047, 2047),
        ("bytes=5-", 5, 2047),
    ],
)
def test_a_range_is_answered_as_a_server_does(file: Path, wanted: str, first: int, last: int) -> None:
    response = fetch(warc_url(file), wanted)
    assert (response.status, response.body) == (206, DATA[first : last + 1])
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/2048".encode()


@pytest.mark.parametrize("wanted", ["bytes=2048-", "bytes=5000-6000"])
def test_behind_the_end_there_is_no_range(file: Path, wanted: str) -> None:
    response = fetch(warc_url(file), wanted)
    assert (response.status, response.body) == (416, b"")
    assert response.headers["Content-Range"] == b"bytes */2048"


def test_without_a_range_it_is_the_whole_file(file: Path) -> None:
    response = fetch(warc_url(file))
    assert (response.status, response.body) == (200, DATA)


def test_an_address_keeps_every_character_of_a_name(tmp_path: Path) -> None:
    names = ["a b", "a#b", "a?b", "100%", "é", "a%20b", os.fsdecode(b"\xff\xfe")]
    for name in names:
        path = tmp_path / name
        request = Request(warc_url(path))  # Scrapy spells addresses anew
        assert path_of(request.url) == path
        path.write_bytes(b"WARC/1.0")
        assert fetch(request.url).body == b"WARC/1.0"


def test_a_file_that_is_not_there_is_named_with_fault_and_mend(tmp_path: Path) -> None:
    path = tmp_path / "gone.warc.gz"
    with pytest.raises(WarcUnreadable) as caught:
        fetch(warc_url(path), "bytes=0-9")
    message = f"{path}: is not there; put it back, or name where it is now with --warc"
    assert str(caught.value) == message
    assert fate_of(caught.value) == ("failed", f"WarcUnreadable: {message}"[:216])


@contextmanager
def as_somebody_without_rights() -> Iterator[None]:
    """Root may read everything: for a moment this process is nobody."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)


def test_a_file_that_may_not_be_read_is_named_with_fault_and_mend(file: Path) -> None:
    file.chmod(0)
    address = warc_url(file)
    with as_somebody_without_rights(), pytest.raises(WarcUnreadable, match=r"may not be read; allow it \(chmod u\+r\)"):
        read_range(path_of(address), 0, 9, 100)


def test_only_regular_files_are_opened_and_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.warc"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, Path("/dev/zero")):
        with pytest.raises(WarcUnreadable, match=r"name a \.warc or \.warc\.gz file|Is a directory"):
            fetch(warc_url(path), "bytes=0-9")


NO_ADDRESS = ["warc://host/etc/passwd", "warc:relative", "file:///a", "warc:///a%00b", "warc://", "warc://localhost"]


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_address_of_a_file_is_refused(url: str) -> None:
    with pytest.raises(WarcUnreadable, match="no address of a local file; write warc://localhost/folder/"):
        path_of(url)


@pytest.mark.parametrize("wanted", ["bytes=-5", "bytes=a-b", "bytes=0-1,5-6", "lines=0-1", "bytes=9" * 20])
def test_a_range_that_is_none_is_refused(file: Path, wanted: str) -> None:
    with pytest.raises(WarcUnreadable, match="ask for bytes=FIRST-LAST"):
        fetch(warc_url(file), wanted)


def test_no_answer_is_larger_than_the_limit(file: Path) -> None:
    for wanted in ("bytes=0-100", "bytes=0-", ""):
        with pytest.raises(WarcUnreadable, match="ask for 100 at most"):
            fetch(warc_url(file), wanted, limit=100)
    assert len(fetch(warc_url(file), "bytes=0-99", limit=100).body) == 100


def test_its_faults_are_not_tried_again_within_a_run() -> None:
    assert issubclass(WarcUnreadable, BadAnswer)
    names = project_settings({}).getlist("RETRY_EXCEPTIONS")
    assert not [name for name in names if isinstance(name, type) and issubclass(WarcUnreadable, name)]
