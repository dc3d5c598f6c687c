from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

from crawler.logs import Events, JsonLines, Spoken, TextLines, install
from pipelines.outcome_line import tell

FORGED = "gone\n2026-03-01 00:00:00 [dossier] ERROR: forged\r\x1b[2J\u2028\u202e"


def record(message: str, level: int = logging.INFO, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("crawler.somewhere", level, __file__, 1, "%s", (message,), None)
    made.__dict__.update(more)
    made.created = 1772323200.25
    return made


def test_a_line_for_programs_has_time_level_logger_message_and_fields() -> None:
    form = JsonLines()
    form.standing = {"topic": "talks", "run": "2026-03-01T00:00:00Z"}
    event = {"url": "https://wire.example/a", "state": "failed", "reason": "HTTP 500", "password": "x"}
    assert json.loads(form.format(record("no page", event=event))) == {
        "time": "2026-03-01T00:00:00.250Z", "level": "info", "logger": "crawler.somewhere", "message": "no page",
        "topic": "talks", "run": "2026-03-01T00:00:00Z", "reason": "HTTP 500", "state": "failed",
        "url": "https://wire.example/a",
    }  # fmt: skip


@given(st.text())
def test_any_message_is_one_line_for_programs(message: str) -> None:
    line = JsonLines().format(record(message))
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == message


@given(st.text())
def test_no_message_begins_a_line_of_its_own_for_people(message: str) -> None:
    first, *others = TextLines("%(levelname)s: %(message)s").format(record(message)).split("\n")
    assert first.startswith("INFO: ")
    assert all(line.startswith("    ") for line in others)


def test_a_message_cannot_forge_another_nor_act_on_a_terminal() -> None:
    text = TextLines("%(levelname)s: %(message)s").format(record(FORGED))
    assert text == "INFO: gone\n    2026-03-01 00:00:00 [dossier] ERROR: forged\\x0d\\x1b[2J\\x2028\\x202e"


def test_a_traceback_stands_in_the_line_of_its_message() -> None:
    try:
        raise ValueError(FORGED)
    except ValueError as error:
        made = record("a fault", exc_info=(type(error), error, error.__traceback__))
    told = json.loads(JsonLines().format(made))
    assert told["message"] == "a fault"
    assert "ValueError: gone" in told["exception"]


def test_an_event_is_written_whatever_its_level() -> None:
    events = Events(logging.INFO)
    assert not events.filter(record("x", logging.DEBUG))
    assert events.filter(record("x", logging.DEBUG, event={}))
    assert events.filter(record("x", logging.WARNING))


@contextmanager
def bare_root() -> Iterator[None]:
    """No handlers but those that the test makes: pytest's workers cannot send each other what no UTF-8 can say."""
    before, level = list(logging.root.handlers), logging.root.level
    logging.root.handlers[:] = []
    try:
        yield
    finally:
        for handler in logging.root.handlers:
            handler.close()
        logging.root.handlers[:] = before
        logging.root.setLevel(level)


@pytest.mark.parametrize(("form", "lines"), [("json", 2), ("text", 1)])
def test_what_became_of_a_page_is_an_event_for_programs(tmp_path: Path, form: str, lines: int) -> None:
    log = tmp_path / "crawl.log"
    with bare_root():
        install(Settings({"LOG_FILE": str(log), "LOG_LEVEL": "INFO", "DOSSIER_LOG_FORMAT": form}))
        tell("https://wire.example:8080/a?b=%20c", "failed", "HTTP 500 \ud800")
        logging.getLogger("crawler").info("well")
        logging.getLogger("crawler").debug("unsaid")
    written = log.read_text(encoding="utf-8").splitlines()
    assert len(written) == lines
    if form == "json":
        told = json.loads(written[0])
        assert (told["host"], told["state"]) == ("wire.example:8080", "failed")


def test_what_is_printed_on_the_standard_error_becomes_lines_for_programs() -> None:
    out = io.StringIO()
    said = Spoken(out)
    said.write("dossier: no archive")
    said.write(" here; make one\nWarning: others can read it\n\nsome progress\n")
    said.write("no end")
    said.close()
    said.write('{"time": "2026-03-01T00:00:00.000Z", "level": "info"}\n')
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one["level"] for one in told] == ["error", "warning", "info", "info", "info"]
    assert told[0]["message"] == "no archive here; make one"
    assert "logger" not in told[4]
    assert not said.isatty()


def test_a_line_without_end_fills_no_memory() -> None:
    out = io.StringIO()
    said = Spoken(out)
    for _ in range(20):
        said.write("x" * 10_000)
    assert len(said.rest) <= 50_000
    assert all(json.loads(line) for line in out.getvalue().splitlines())
