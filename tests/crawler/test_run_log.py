from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path

from crawler.run_log import RunLog


def say(handler: logging.Handler, words: str) -> None:
    handler.emit(logging.LogRecord("x", logging.INFO, __file__, 1, words, (), None))


def test_a_former_log_goes_when_the_archive_is_ours_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "crawl.log"
    path.write_text("a former run, of some length\n", encoding="utf-8")
    with closing(RunLog(str(path), "utf-8")) as log:
        say(log, "we begin")
        assert path.read_text(encoding="utf-8") == "a former run, of some length\nwe begin\n"
        log.begin()
        say(log, "we go on: \ud800 é")
        log.begin()
        assert path.read_text(encoding="utf-8") == "we begin\nwe go on: \\ud800 é\n"


def test_who_finds_the_archive_held_leaves_the_log_of_the_other_whole(tmp_path: Path) -> None:
    path = tmp_path / "crawl.log"
    with closing(RunLog(str(path), "utf-8")) as first:
        first.begin()
        say(first, "one")
        with closing(RunLog(str(path), "utf-8")) as second:
            say(second, "held by another")
        say(first, "two")
    assert path.read_bytes() == b"one\nheld by another\ntwo\n"
