"""What a terminal may be shown: hostile text made harmless, and one console for all commands that print."""

from __future__ import annotations

import io
import json
import re
import sys
import unicodedata
from collections.abc import Mapping
from typing import Any

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from crawler.manners import manners

# Persian and Urdu cannot be written without them; every other format character can turn a line around or hide in it.
_JOINERS = "\u200c\u200d"
_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_GAPS = {"Cc", "Zl", "Zp"}
_GONE = {"Cf", "Cs"}


def printable(text: str) -> str:
    """The text on one line, without control characters (an escape sequence in a title would reach the terminal)."""
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category in _GAPS:
            kept.append(" ")
        elif category not in _GONE or char in _JOINERS:
            kept.append(char)
    return " ".join("".join(kept).split())


def plain(text: str, style: str = "") -> Text:
    """Hostile text for the console: printable, and never read as markup."""
    return Text(printable(text), style)


WIDE = 600  # characters of a line in a pipe, where nothing is folded


def console() -> Console:
    """The console of this command's output: rich on a terminal, plain lines of any length elsewhere."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without UTF-8 shows "?" instead of ending the command
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)


def is_screen(out: Console) -> bool:
    """Whether what is printed can be drawn over, and lines are folded: a real terminal, whatever colours are wanted."""
    return out.file.isatty() and not out.is_dumb_terminal


def is_coloured(out: Console) -> bool:
    """Whether colours can say something that words then need not."""
    return out.color_system is not None and not out.no_color


def hint(out: Console, *parts: Text | str) -> None:
    """Print a line that says what could be done next; a quiet command gives no hints."""
    if not manners().quiet:
        say(out, *(Text(part, "dim") if isinstance(part, str) else part for part in parts))


def narrate(text: str = "") -> None:
    """Print a line that tells what is being done; a quiet command tells results only."""
    if not manners().quiet:
        click.echo(text)


def say(out: Console, *parts: Text | str, indent: int = 0) -> None:
    """Print one line; folded on a terminal, left whole in a pipe, where a line is what programs read."""
    line = Text()
    for part in parts:
        line.append_text(part if isinstance(part, Text) else Text(part))
    if out.file.isatty():
        out.print(Padding(line, (0, 0, 0, indent), expand=False))
    else:
        out.print(Text(" " * indent).append_text(line), soft_wrap=True)


def json_text(value: Any) -> str:
    """The value as JSON for people and programs; what could act on a terminal is written as an escape."""
    return _UNSEEN.sub(_escape, json.dumps(value, ensure_ascii=False, indent=2))


def _escape(found: re.Match[str]) -> str:
    return "".join(f"\\u{ord(char):04x}" for char in found[0])


def minute(moment: str | None) -> str:
    """`2019-03-12 18:00 UTC` of a time as the archive writes it; `at an unknown time` of none."""
    return f"{moment[:10]} {moment[11:16]} UTC" if moment else "at an unknown time"


def published(one: Mapping[str, Any]) -> str:
    """When an article was published, no more precisely than its page says."""
    if not one["published"]:
        return "at an unknown time"
    return minute(one["published"]) if one["published_precision"] != "day" else str(one["published"][:10])


def ruling_of(one: Mapping[str, Any]) -> str:
    """What somebody ruled about an article and another one, and when."""
    how = "kept apart by hand from" if one["ruling"] == "apart" else "put together by hand with"
    return f"{how} {one['url']} on {one['made'][:10]}"
