"""A folder of WARC files, and what an archive would know of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Protocol

from archive.rows import RecordRow
from archive.warc import WarcFiles

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


class Opener(Protocol):
    def __call__(self, committed: Committed, **options: int) -> WarcFiles: ...


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
