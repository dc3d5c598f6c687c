from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.errors import StoreError
from archive.merging.merge import Rules
from archive.merging.origin import opened
from archive.merging.records import whole
from tests.dumped import pages
from tests.machines import LATEST, joined


def asked(data: Path, sql: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(data / "news.db")
    found = db.execute(sql).fetchall()
    db.close()
    return found


def test_members_are_copied_as_they_lie_and_files_of_one_name_are_no_matter(
    tmp_path: Path, machines: dict[str, Path], known: Rules
) -> None:
    there = shutil.copytree(machines["b"], tmp_path / "there")
    here = shutil.copytree(machines["a"], tmp_path / "here")
    name = next((here / "warc").iterdir()).name
    other = next((there / "warc").iterdir())
    other.rename(other.with_name(name))
    db = sqlite3.connect(there / "news.db")
    db.execute("UPDATE records SET warc_file = ?", [name])
    db.commit()
    db.close()
    (told,) = joined(here, [there], known)
    assert told.pages.copied == len(pages(machines["b"]))
    assert pages(here) == pages(machines["a"]) | pages(machines["b"])
    for path in (here / "warc").iterdir():
        with path.open("rb") as stream:
            kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]
        assert kinds[0] == "warcinfo"
        assert kinds.count("warcinfo") == 1


def test_what_is_damaged_is_left_out_counted_and_comes_from_a_whole_copy_later(
    tmp_path: Path, machines: dict[str, Path], known: Rules
) -> None:
    there = shutil.copytree(machines["b"], tmp_path / "there")
    (offset, length), *_ = asked(there, "SELECT warc_offset, warc_length FROM records ORDER BY id LIMIT 1")
    path = next((there / "warc").iterdir())
    body = bytearray(path.read_bytes())
    assert isinstance(offset, int)
    assert isinstance(length, int)
    body[offset + length // 2] ^= 0xFF
    path.write_bytes(bytes(body) + b"a torn tail")
    (told,) = joined(tmp_path / "here", [there], known)
    assert (told.pages.damaged, len(told.pages.missed or [])) == (1, 1)
    assert told.articles == len(asked(there, "SELECT 1 FROM articles"))
    assert (None,) in asked(tmp_path / "here", "SELECT record_id FROM articles")
    joined(tmp_path / "here", [machines["b"]], known)
    assert (None,) not in asked(tmp_path / "here", "SELECT record_id FROM articles")
    assert pages(tmp_path / "here") == pages(machines["b"])


def test_a_place_outside_of_the_folder_and_the_bytes_of_another_page_are_refused(
    machines: dict[str, Path], tmp_path: Path
) -> None:
    place = asked(machines["b"], "SELECT warc_file, warc_offset, warc_length FROM records LIMIT 1")[0]
    file, offset, length = str(place[0]), int(str(place[1])), int(str(place[2]))
    with opened(machines["b"], tmp_path, LATEST) as origin:
        with pytest.raises(StoreError, match="bytes of another page"):
            whole(origin, "sha1:AAAA", file, offset, length)
        for name in ("../news.db", "/etc/hostname", "dossier-20210815120000-99999.warc.gz"):
            with pytest.raises(StoreError):
                whole(origin, "sha1:AAAA", name, 0, 10)
