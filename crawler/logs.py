"""Logs: lines for people, or one JSON object a line for programs; what a page or a server says stays in its line."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TextIO

from scrapy.settings import BaseSettings, Settings

from crawler.run_log import RunLog

LONGEST = 50_000  # characters of a message
FIELDS = frozenset({"url", "host", "topic", "run", "state", "reason", "source", "status", "seconds"})
"""What an event may say of itself, beside its message."""

# Escape sequences and whatever turns a line around; a tab and the ends of lines are seen to apart.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_LEVELS = (("dossier: ", "error"), ("Error: ", "error"), ("Warning: ", "warning"))


def line(at: datetime, level: str, logger: str, message: str, **fields: Any) -> str:
    """One JSON object on one line, in ASCII: nothing in it can end the line or act on a terminal."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    told = {"time": moment, "level": level, "logger": logger, "message": message[:LONGEST], **fields}
    return json.dumps(told, default=str)


class JsonLines(logging.Formatter):
    """A record as a JSON object: time in UTC, level, logger, message, and the fields of an event.

    `standing` is what all records have: the topic and the run.
    """

    def __init__(self) -> None:
        super().__init__()
        self.standing: dict[str, str] = {}

    def format(self, record: logging.LogRecord) -> str:
        """The record on one line."""
        event = getattr(record, "event", None)
        fields = {key: event[key] for key in sorted(FIELDS & set(event))} if isinstance(event, Mapping) else {}
        if record.exc_info and record.exc_info[0] is not None:
            fields["exception"] = self.formatException(record.exc_info)[-LONGEST:]
        at = datetime.fromtimestamp(record.created, UTC)
        return line(at, record.levelname.lower(), record.name, record.getMessage(), **{**self.standing, **fields})


class TextLines(logging.Formatter):
    """A record as Scrapy writes it; what follows its first line is set in, so that no message can forge another."""

    def format(self, record: logging.LogRecord) -> str:
        """The record on a line, or several."""
        text = _UNSEEN.sub(lambda found: f"\\x{ord(found[0]):02x}", super().format(record))
        return text.replace("\n", "\n    ")


OWN = {"LOG_INSTALL_ROOT_HANDLER": False}


class Events(logging.Filter):
    """Records of a level and above, and every event, whatever its level: programs count them."""

    def __init__(self, level: int) -> None:
        super().__init__()
        self.level = level

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        return record.levelno >= self.level or hasattr(record, "event")


def install(settings: Settings) -> logging.Handler:
    """The handler of all logs of a run, in our form; to be made once Scrapy's process has set up logging.

    Scrapy's own handler, which `OWN` switches off, is made three times over, each time in Scrapy's form.
    """
    handler: logging.Handler
    if name := settings["LOG_FILE"]:
        handler = RunLog(name, settings["LOG_ENCODING"])
    else:
        handler = logging.StreamHandler() if settings.getbool("LOG_ENABLED") else logging.NullHandler()
    handler.setLevel(settings["LOG_LEVEL"])
    shape(handler, settings)
    logging.root.setLevel(logging.NOTSET)
    logging.root.addHandler(handler)
    return handler


def shape(handler: logging.Handler | None, settings: BaseSettings) -> None:
    """Let a handler write as the settings ask; twice is once."""
    if handler is None or isinstance(handler.formatter, JsonLines | TextLines):
        return
    if settings["DOSSIER_LOG_FORMAT"] == "json":
        handler.setFormatter(JsonLines())
        handler.addFilter(Events(handler.level))
        handler.setLevel(logging.NOTSET)
    else:
        handler.setFormatter(TextLines(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"]))


class Spoken(io.TextIOBase):
    """A standard error on which each line that a command prints becomes a JSON object."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.rest = ""

    def isatty(self) -> bool:
        """No, also on a terminal: programs read it."""
        return False

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, text: str) -> int:
        """Print the lines that are whole now."""
        *lines, self.rest = (self.rest + text).split("\n")
        for one in lines:
            self.put(one)
        if len(self.rest) > LONGEST:
            self.close_line()
        return len(text)

    def flush(self) -> None:
        """Hand on what is printed; a line that has no end yet waits for it."""
        with suppress(ValueError):  # it may be closed already when the command ends
            self.out.flush()

    def close_line(self) -> None:
        """Print what has no end as a line of its own."""
        rest, self.rest = self.rest, ""
        self.put(rest)

    def close(self) -> None:
        """Print what has no end; what it prints on stays open."""
        if self.rest:
            self.close_line()

    def put(self, text: str) -> None:
        """Print one line."""
        if text.startswith('{"time": '):  # of the log, which writes such lines itself
            self.out.write(f"{text}\n")
        elif text.strip():
            level, message = level_of(text)
            self.out.write(line(datetime.now(UTC), level, "dossier", message) + "\n")


def level_of(text: str) -> tuple[str, str]:
    """How much a printed line matters, and what it says."""
    for mark, level in _LEVELS:
        if text.startswith(mark):
            return level, text.removeprefix(mark)
    return "info", text


def speak_json() -> None:
    """Print on the standard error for programs from now on."""
    if not isinstance(sys.stderr, Spoken):
        sys.stderr = Spoken(sys.stderr)
