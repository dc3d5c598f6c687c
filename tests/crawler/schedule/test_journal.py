from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.schedule.journal import FILES, ONE_BYTES, cut, end_of, opened, thin_out

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_each_job_has_a_file_named_by_its_time(tmp_path: Path) -> None:
    assert opened(tmp_path, "crawl", "talks", AT).name == "20260501T120000Z-crawl-talks.log"
    assert opened(tmp_path, "snapshot", "", AT).name == "20260501T120000Z-snapshot.log"
    assert opened(tmp_path, "crawl", "../../etc/\x1b", AT).parent == tmp_path / "logs"


def test_so_many_files_are_kept_and_no_more(tmp_path: Path) -> None:
    for number in range(FILES + 5):
        last = opened(tmp_path, "crawl", "talks", AT + timedelta(minutes=number))
    kept = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert len(kept) == FILES
    assert kept[-1] == last.name


def test_so_many_bytes_are_kept_the_newest_first(tmp_path: Path) -> None:
    """The newest are those that were written last: a name may be from a clock that was wrong."""
    names = [f"{year}0501T120000Z-crawl.log" for year in (2099, 2026, 2027)]
    for number, name in enumerate((*names, "mine.log", "notes.txt")):
        (tmp_path / name).write_bytes(b"x" * 40)
        os.utime(tmp_path / name, (number, number))
    thin_out(tmp_path, 10, 100)
    assert sorted(path.name for path in tmp_path.iterdir()) == [*names[1:], "mine.log", "notes.txt"]


def test_a_job_that_never_stops_talking_begins_its_file_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    with path.open("ab") as output:
        output.write(b"x" * (ONE_BYTES + 1))
        output.flush()
        cut(path)
        output.write(b"the end\n")
    assert path.stat().st_size < 100
    assert end_of(path) == "the end"


def test_the_last_line_that_says_something_is_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"first\n\xff last \n\n  \n")
    assert end_of(path) == "\ufffd last"
    assert end_of(tmp_path / "none") == ""
    os.truncate(path, 0)
    assert end_of(path) == ""
