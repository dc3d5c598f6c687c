"""The sources of a topic as a table: one that fits a terminal of 80 columns, and one line a source in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.terminal import minute, plain, printable, say
from crawler.times import ago, lasting, moment_of
from crawler.watching.health import Health, lately

STYLES = {
    "good": "green", "slow": "green", "stale": "yellow", "few": "yellow", "empty": "yellow", "moved": "yellow",
    "page": "yellow", "changed": "yellow", "resting": "yellow", "paywall": "yellow", "not asked": "dim",
}  # fmt: skip
"""How a verdict is shown; the others are faults, in red."""
ROOMY = 110  # columns from which on the table has all its columns
GAP = 2


def show(out: Console, sources: Sequence[Health], at: datetime) -> None:
    """Print a table of sources in the given order; nothing where there are none."""
    if not sources:
        return
    if not out.is_terminal:
        lines(out, sources)
        return
    is_roomy = out.width >= ROOMY
    names = ["verdict", "source", "new", "kept", "answered"] + (["asked every"] if is_roomy else [])
    others = [
        [one.verdict.word, "", news(one), kept(one), answered(one, at), pace(one)][: len(names)] for one in sources
    ]
    taken = sum(max(map(len, column)) + GAP for column in zip(names, *others, strict=True)) - GAP - len("source")
    room = max(out.width - taken, 20)
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="dim")
    for name in names:
        table.add_column(name, overflow="fold", no_wrap=name != "source")
    for one, cells in zip(sources, others, strict=True):
        source = plain(short(f"{one.source.channel} ", one.source.url, room))
        if one.verdict.word != "good":
            source = Text("\n").join([source, plain(one.verdict.advice, "dim")])
        word = Text(one.verdict.word, STYLES.get(one.verdict.word, "red"))
        table.add_row(word, source, *cells[2:])
    out.print(table)


def lines(out: Console, sources: Sequence[Health]) -> None:
    """Print one line a source, with whole addresses and times."""
    rows = [("verdict", "channel", "source", "new", "kept", "answered", "asked every", "advice")] + [
        (one.verdict.word, one.source.channel, printable(one.source.url), news(one), kept(one),
         minute(one.row["last_success"]) if one.row.get("last_success") else "never", pace(one),
         printable(one.verdict.advice)) for one in sources
    ]  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        say(out, Text(line))


def short(channel: str, url: str, room: int) -> str:
    """A source in so many columns: of a long address, host and end."""
    parts = urlsplit(url)
    host = parts.netloc.removeprefix("www.") or url
    rest = url.partition(parts.netloc)[2] if parts.netloc else ""
    if 0 < len(rest) > (left := room - len(channel) - len(host)):
        rest = f"/…{rest[-max(left - 2, 4) :]}"
    return channel + host + rest


def news(one: Health) -> str:
    """What is new on its last whole day, and the band of what is usual; what was new in four weeks, where none is."""
    if one.volume:
        told = f"{one.volume.news:,} ({one.volume.low:,}-{one.volume.high:,})"
        return told if one.volume.standing == "usual" else f"{told} {one.volume.standing}"
    return f"{lately(one.days).fresh:,} in all" if one.days else ""


def kept(one: Health) -> str:
    """How many of its pages of four weeks became articles of the topic, of how many that were asked for."""
    gave = lately(one.days)
    pages = gave.kept + gave.dropped + gave.rejected + gave.missed
    return f"{gave.kept:,} of {pages:,}" if pages else ""


def answered(one: Health, at: datetime) -> str:
    """How long ago it answered well."""
    return ago(moment_of(one.row.get("last_success")), at)


def pace(one: Health) -> str:
    """How often it is asked."""
    minutes = one.row.get("pause_minutes")
    return lasting(timedelta(minutes=minutes)) if minutes else ""
