"""What lies in the folder of an archive: left-overs of ours, what is being written, and what is of others."""

from __future__ import annotations

import os
from pathlib import Path

from archive.health.belongings import mend
from archive.lock import CrawlLock
from tests.ailing import NOW, ills


def test_what_killed_commands_left_is_taken_away_but_nothing_that_is_being_written(data: Path) -> None:
    (data / ".salvage").mkdir()
    (data / ".salvage" / "ready").write_text("20260301120000")  # the new database is in its place already
    old, new = data / ".alerts.json.x1.part", data / ".schedule.json.x2.part"
    for path in (old, new):
        path.write_text("half")
    os.utime(old, (1, 1))
    (found,) = ills(data)
    assert found.what == "2 left-overs of what was killed (.salvage, .alerts.json.x1.part)"
    assert mend(data) == [".salvage", old.name]
    assert ills(data) == []
    assert new.exists()


def test_a_repair_of_somebody_else_is_no_left_over(data: Path) -> None:
    (data / ".salvage").mkdir()
    assert [one.examination for one in ills(data)] == ["folder"]
    lock = CrawlLock(data)
    lock.take()
    try:
        (data / "crawl.lock").write_text(f"process {os.getppid()} since {NOW}\n")
        assert ills(data) == []
    finally:
        lock.release()


def test_what_lies_about_is_a_warning(data: Path) -> None:
    (data / "holiday.jpg").touch()
    (data / "warc" / "notes.txt").touch()
    (found,) = ills(data, least="warning")
    assert "holiday.jpg, warc/notes.txt" in found.what


def test_what_a_killed_prune_has_still_to_do_is_not_to_be_moved_away(data: Path) -> None:
    (data / "warc" / "pruned.jsonl").write_text('["dossier-20190312180000-00000.warc.gz", 5, 5]\n')
    (data / "warc" / "dossier-20190312180000-00000.warc.gz.pruning").touch()
    (found,) = [one for one in ills(data, least="warning") if one.examination == "folder"]
    assert "a prune was killed" in found.what
    assert "the same `dossier prune` goes on" in found.mend
