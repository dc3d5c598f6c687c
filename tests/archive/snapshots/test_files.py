from __future__ import annotations

import errno
import gzip
import hashlib
import os
from contextlib import closing
from pathlib import Path

import pytest

from archive.snapshots.files import Folder, Written, opened, sha256_of


def filled(path: Path, *, zipped: bool) -> Written:
    path.mkdir()
    with closing(Folder(path, zipped=zipped)) as folder:
        with folder.table("things") as file:
            for number in range(2000):
                file.write(b"line %d\n" % number)
            file.rows = 2000
            done = file.done()
        folder.settle()
    return done


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "zipped"])
def test_a_file_says_what_it_is_and_is_the_same_again(tmp_path: Path, zipped: bool) -> None:
    one, other = (filled(tmp_path / name, zipped=zipped) for name in ("one", "other"))
    assert one == other
    path = tmp_path / "one" / one.name
    assert one.name == ("things.csv.gz" if zipped else "things.csv")
    assert (one.rows, one.bytes, one.sha256) == (2000, path.stat().st_size, sha256_of(path))
    assert one.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.read_bytes() == (tmp_path / "other" / other.name).read_bytes()
    with opened(path) as file:
        assert file.read().count(b"\n") == 2000


def test_a_compressed_file_tells_neither_name_nor_time_nor_system(tmp_path: Path) -> None:
    filled(tmp_path / "one", zipped=True)
    head = (tmp_path / "one" / "things.csv.gz").read_bytes()[:10]
    assert head == b"\x1f\x8b\x08\x00" + bytes(4) + head[8:9] + b"\xff"
    assert gzip.decompress((tmp_path / "one" / "things.csv.gz").read_bytes()).startswith(b"line 0\n")


def test_a_file_that_does_not_get_to_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("archive.disk.os.fsync", failing)
    with pytest.raises(OSError, match="Input/output"):
        filled(tmp_path / "one", zipped=False)
