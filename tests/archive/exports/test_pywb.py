"""The exported pages replayed by pywb, which lives in an environment of its own: its needs are not ours."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from archive.exports.pages import warc
from archive.exports.progress import Progress
from archive.exports.selection import Selection
from archive.queries import open_reader
from archive.questions.question import parse
from archive.warc import read_record
from tests.filling import fill
from tests.written_pages import write_pages

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of pywb's commands."""
    place = tmp_path_factory.mktemp("pywb")
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    # pywb imports pkg_resources, which setuptools has no more since 81.
    install = [place / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "setuptools<81", "pywb"]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"pywb cannot be installed here: {done.stderr[-300:]}")
    return place / "bin"


@contextmanager
def replaying(tools: Path, folder: Path) -> Iterator[str]:
    """The address of pywb while it serves the collections of a folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [tools / "wayback", "-b", "127.0.0.1", "-p", str(port)]
    with (
        (folder / "wayback.log").open("w") as log,
        subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as one,
    ):
        try:
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                    break
                except (urllib.error.URLError, ConnectionError):
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            one.terminate()


def test_every_page_is_replayed_with_its_bytes_those_of_a_revisit_too(tools: Path, tmp_path: Path) -> None:
    data = write_pages(fill(tmp_path / "data"), 4)
    file = tmp_path / "talks.warc.gz"
    with closing(open_reader(data)) as db:
        file.write_bytes(b"".join(warc(Selection(db=db, question=parse("")), Progress(), data / "warc", file.name)))
        records = db.execute("SELECT * FROM records ORDER BY id").fetchall()
    manage = [tools / "wb-manager"]
    subprocess.run([*manage, "init", "talks"], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run([*manage, "add", "talks", file], cwd=tmp_path, check=True, capture_output=True)
    assert len(records) == 5
    with replaying(tools, tmp_path) as address:
        for row in records:
            moment = "".join(char for char in row["fetched"] if char.isdigit())
            body = bytes_of(data, row) or bytes_of(data, records[0])
            with urllib.request.urlopen(f"{address}/talks/{moment}id_/{row['url']}", timeout=20) as answer:
                assert answer.read() == body


def bytes_of(data: Path, row: Any) -> bytes:
    return read_record(data / "warc", row["warc_file"], row["warc_offset"], row["warc_length"])[1]
