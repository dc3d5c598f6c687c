from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from archive.members import Headers
from archive.pages.kept_copy import SHOWN, decoded
from archive.rows import RecordRow
from archive.store import Archive
from archive.warc import WarcFiles
from tests.filling import NOW, fill
from tests.opened import Get, opened
from tests.serving import scripts

SOURCE = "<html><script>alert(1)</script><p>Unterhändler \x1b[31m\u202e".encode()
LONG = b"<p>" + b"x" * (SHOWN + 5)
HEADERS: Headers = (("Content-Type", "text/html; charset=utf-8"), ("X-Odd", "<b>odd</b>"))
PLACE = """
UPDATE records SET warc_file = :warc_file, warc_offset = :warc_offset, warc_length = :warc_length, digest = :digest,
    fetched = :fetched, status = :status
WHERE article_id = :article
"""


def appended(folder: Path, after: RecordRow | None, **page: Any) -> RecordRow:
    """A record behind the last one."""
    end = after.warc_offset + after.warc_length if after else 0
    files = WarcFiles(folder / "warc", committed=lambda _name: end)
    row = files.append(status=200, headers=HEADERS, **page)
    files.close()
    return row


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Article 1 was kept, and came again; 2 is long; 3 has another digest; 4 leaves the folder; 5 has no record."""
    folder = fill(tmp_path_factory.mktemp("kept"))
    kept = appended(folder, None, url="https://wire.example/doha", fetched=NOW, body=SOURCE)
    again = appended(folder, kept, url=kept.url, fetched="2019-04-01T00:00:00Z", body=SOURCE, of=(kept.url, NOW))
    long = appended(folder, again, url="https://herald.example/", fetched=NOW, body=LONG)
    with closing(Archive.open(folder)) as archive, archive.writing() as db:
        for article, row in ((1, kept), (2, long), (3, kept)):
            db.execute(PLACE, {**asdict(row), "article": article})
        names = "url, fetched, status, digest, warc_file, warc_offset, warc_length, article_id"
        db.execute(f"INSERT INTO records ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, 1)", list(asdict(again).values()))
        db.execute("UPDATE records SET digest = 'sha1:other' WHERE article_id = 3")
        db.execute("UPDATE records SET warc_file = '../../news.db' WHERE article_id = 4")
        db.execute("UPDATE articles SET record_id = NULL WHERE id = 5")
        db.execute("DELETE FROM records WHERE article_id = 5")
    return folder


@pytest.fixture(scope="module")
def get(data: Path) -> Iterator[Get]:
    with opened(data) as asked:
        yield asked


def test_the_source_and_its_headers_are_shown_as_text(get: Get) -> None:
    answer = get("/article/1/kept")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    headers, source = html.fromstring(answer.text).xpath("//pre/text()")
    assert "Content-Type: text/html; charset=utf-8\nX-Odd: <b>odd</b>" in headers
    assert source == "<html><script>alert(1)</script><p>Unterhändler [31m"
    assert not scripts(answer.text)
    assert not {"\x1b", "\u202e"} & set(answer.text)
    assert "the bytes are those that were fetched: it matches" in answer.text
    assert f"HTTP 200, {len(SOURCE)} bytes" in answer.text


def test_the_source_alone_is_a_file_of_plain_text(get: Get) -> None:
    answer = get("/article/1/kept?raw=1")
    assert answer.content == SOURCE
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment; ")


def test_bytes_that_came_again_are_read_where_they_came_first(get: Get) -> None:
    page = html.fromstring(get("/article/1/kept?copy=2").text)
    assert page.xpath("//b[@aria-current='page']/text()") == ["1 April 2019, 00:00 UTC"]
    assert "Unterhändler" in page.xpath("//pre/text()")[1]
    assert page.xpath("//nav[@class='fetches']//a/@href") == ["/article/1/kept?copy=1"]


@pytest.mark.parametrize("copy", ["99", "-1", "x", "../1", "²", "%00"])
def test_a_number_that_is_no_copy_leads_to_that_of_the_text(get: Get, copy: str) -> None:
    assert html.fromstring(get(f"/article/1/kept?copy={copy}").text).xpath("//b[@aria-current='page']/text()") == [
        "12 March 2019, 18:00 UTC"
    ]


def test_a_long_source_is_cut_with_a_word(get: Get) -> None:
    answer = get("/article/2/kept")
    assert "the first 200,000 bytes are below" in answer.text
    assert SHOWN < len(answer.text) < SHOWN + 30_000
    assert len(get("/article/2/kept?raw=1").content) == len(LONG)


def test_other_bytes_than_were_fetched_are_told(get: Get) -> None:
    assert "it does not match: these are not the bytes" in get("/article/3/kept").text


def test_what_was_never_kept_is_told(get: Get) -> None:
    answer = get("/article/5/kept")
    assert answer.status_code == 404
    assert "No bytes of this page were kept" in answer.text


def damaged(folder: Path) -> None:
    file = next((folder / "warc").iterdir())
    held = bytearray(file.read_bytes())
    held[len(held) // 3 :] = b"\0" * (len(held) - len(held) // 3)
    file.write_bytes(held)


def swapped(folder: Path) -> None:
    """Whole gzip members that are no records."""
    file = next((folder / "warc").iterdir())
    file.write_bytes(gzip.compress(b"no record") * 400)


def gone(folder: Path) -> None:
    next((folder / "warc").iterdir()).unlink()


def test_no_file_outside_the_folder_is_ever_read(get: Get, data: Path) -> None:
    answer = get("/article/4/kept")
    assert answer.status_code == 410
    assert "SQLite format" not in answer.text
    assert str(data) not in answer.text


@pytest.mark.parametrize("hurt", [damaged, swapped, gone])
def test_bytes_that_cannot_be_read_are_told_without_our_paths(tmp_path: Path, hurt: Callable[[Path], None]) -> None:
    fill(tmp_path)
    row = appended(tmp_path, None, url="https://wire.example/doha", fetched=NOW, body=SOURCE)
    with closing(Archive.open(tmp_path)) as archive, archive.writing() as db:
        db.execute(PLACE, {**asdict(row), "article": 1})
    hurt(tmp_path)
    with opened(tmp_path) as get:
        for path in ("/article/1/kept", "/article/1/kept?raw=1"):
            answer = get(path)
            assert answer.status_code == 410
            assert "missing or damaged" in answer.text
            assert str(tmp_path) not in answer.text


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Gespräch".encode("latin-1"), "text/html; charset=ISO-8859-1", "Gespräch"),
        (b'<meta charset="windows-1252">\x80', "text/html", '<meta charset="windows-1252">€'),
        ("Gespräch".encode(), "", "Gespräch"),
        (b"\xff", "text/html; charset=utf-8", "�"),
        (b"+AGE-", "text/html; charset=utf-7", "+AGE-"),
        (b"abc", "text/html; charset=punycode", "abc"),
        (b"abc", "text/html; charset=iso-8859-99", "abc"),
    ],
)
def test_a_source_is_read_by_its_charset_and_by_no_codec_that_is_none(
    body: bytes, content_type: str, text: str
) -> None:
    assert decoded(body, (("Content-Type", content_type),)) == text
