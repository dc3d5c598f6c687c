"""How the command was asked to speak: quiet or at length, for people or for programs, with colours or without."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

KEY = "crawler.manners"
FORMATS = ("text", "json")


@dataclass(slots=True)
class Manners:
    """`quiet` leaves out all but results and errors; `verbose` shows what is for those who look for a fault."""

    quiet: bool = False
    verbose: bool = False
    log_format: str = "text"

    def options(self) -> list[str]:
        """The options that let another command speak in the same way."""
        chosen = [("--quiet", self.quiet), ("--verbose", self.verbose)]
        return [*(name for name, is_set in chosen if is_set), f"--log-format={self.log_format}"]

    def settings(self) -> dict[str, Any]:
        """The Scrapy settings that they stand for, where nothing else is asked for."""
        settings: dict[str, Any] = {"DOSSIER_LOG_FORMAT": self.log_format}
        return settings | {"LOG_LEVEL": "DEBUG"} if self.verbose else settings


def manners() -> Manners:
    """The manners of the command that runs; plain ones where none does."""
    context = click.get_current_context(silent=True)
    return Manners() if context is None else manners_of(context)


def manners_of(context: click.Context) -> Manners:
    """The manners of a command, by its context."""
    found = context.find_root().meta.setdefault(KEY, Manners())
    assert isinstance(found, Manners)
    return found


def colour(environ: Mapping[str, str] = os.environ) -> bool | None:
    """Whether colours are wanted: yes, no, or None for on a terminal. https://no-color.org and https://force-color.org."""
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    return True if environ.get("FORCE_COLOR") else None
