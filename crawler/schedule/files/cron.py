"""Lines for cron: a crawl of each topic, the nightly work, and the watch."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from crawler.exits import Exit
from crawler.schedule.files.clock import Times, every, quiet, spread
from crawler.schedule.files.installation import Installation
from crawler.schedule.files.quoting import FileRefused, for_cron, for_shell

LONGEST = 998
"""Characters of a command that every cron takes (Debian's and FreeBSD's end at 1,000)."""
TELL = "printf '%s\\n' \"$out\""
QUIET = (Exit.DONE, Exit.BUSY)
NIGHTS = ((3, 5), (5, 7))
"""The hours between which the work of the night begins: after those that summer time skips or doubles."""


def crontab(here: Installation, period: int) -> str:
    """The lines of an archive for a crontab, between two marks of its own, so that they can be found again."""
    lines = [
        f"# BEGIN dossier {here.mark}: the archive in {here.data}",
        "# A line mails what its command said, if that failed; to find another crawl at work is no failure.",
        *(f"{times.cron} {command(words, silent)}" for times, words, silent in entries(here, period)),
        f"# END dossier {here.mark}",
    ]
    return "\n".join(lines) + "\n"


def entries(here: Installation, period: int) -> Iterator[tuple[Times, tuple[str, ...], tuple[Exit, ...]]]:
    """When to start what, and which ends of it are silent; each archive has minutes of its own.

    Where alerts are sent, each of them once, a look every hour costs nobody a mail.
    """
    start = int(here.mark, 16) % period
    crawls = spread(len(here.topics), period, start)
    for times, topic in zip(crawls, here.topics, strict=True):
        yield times, here.crawl(topic), QUIET
    for words, (since, until) in zip(here.nightly(), NIGHTS, strict=False):
        yield quiet(since, until, crawls), words, QUIET
    if here.wishes.sends_alerts:
        yield every(60, start + period // (2 * len(crawls)) + 1), here.command("watch"), (*QUIET, Exit.UNWELL)
    else:
        yield quiet(7, 9, crawls), here.command("watch"), QUIET


def command(words: Sequence[str], silent: Sequence[Exit] = QUIET) -> str:
    """A command as a crontab holds it: it says what it printed, unless it ended in one of the silent ways."""
    codes = "|".join(str(int(code)) for code in silent)
    line = for_cron(f"out=$({for_shell(words)} 2>&1); case $? in {codes}) ;; *) {TELL};; esac")
    if len(line.encode()) > LONGEST:
        raise FileRefused(f"a line for cron would have {len(line):,} characters, {LONGEST} at most; use shorter paths")
    return line


def hint(here: Installation, source: Sequence[str]) -> str:
    """How to put the lines, which a command prints, into one's crontab, to see them, and to take them out."""
    drop = f"crontab -l 2>/dev/null | sed '/^# BEGIN dossier {here.mark}/,/^# END dossier {here.mark}/d'"
    return "\n".join(
        [
            f"Install:  ({drop}; {shlex.join(source)}) | crontab -",
            "See:      crontab -l",
            f"Remove:   {drop} | crontab -",
        ]
    )
