"""`dossier maintain`: the upkeep of every night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from time import monotonic, sleep

import click

from archive.errors import StoreError
from archive.lock import ArchiveBusy, CrawlLock
from archive.maintenance import Chore, maintained, turned_over
from archive.queries import DATABASE
from archive.store import Archive
from crawler.exits import Busy, NotStored
from crawler.terminal import console, json_text, plain, say
from crawler.times import now

LOOK = 1.0  # seconds between two looks at a held lock


@click.command("maintain")
@click.option("--wait", type=click.IntRange(min=0), default=0, metavar="S", help="Wait S seconds for a crawl to end.")
@click.option("--json", "as_json", is_flag=True, help="What was done, as one JSON list.")
@click.pass_context
def command(ctx: click.Context, wait: int, as_json: bool) -> None:
    """Nightly upkeep: search index, statistics, what may be forgotten, the database's log, a new WARC file.

    It works in short steps, so that a crawl and readers go on; only the new WARC file needs the archive for itself.
    Where a crawl holds it, all else is done, and the exit code is 5.
    """
    data: Path = ctx.find_root().obj
    updated(data)
    done: list[Chore] = []
    held = ""
    try:
        for chore in chores(data, wait):
            done.append(chore)
            if not as_json:
                say(console(), plain(f"{chore.name}: {chore.text} ({chore.seconds:.1f} s)"))
    except ArchiveBusy as error:
        held = f"no new WARC file was begun: {error}"
    except StoreError as error:
        raise NotStored(str(error)) from error
    if as_json:
        click.echo(json_text([asdict(chore) for chore in done]))
    if held:
        raise Busy(held)


def updated(data: Path) -> None:
    """Bring an archive of an older release up to date; the exit code of it where there is none to look after."""
    if not (data / DATABASE).is_file():
        raise click.UsageError(f"no archive at {data}: run `dossier crawl` first (or name another folder with --data)")
    try:
        Archive.open(data).close()
    except StoreError as error:
        raise NotStored(f"{error}; `dossier doctor` tells more") from error


def chores(data: Path, wait: int) -> Iterator[Chore]:
    """What is done, chore by chore; ArchiveBusy where a crawl holds the archive for longer than is waited."""
    yield from maintained(data, now())
    lock = acquired(CrawlLock(data), wait)
    try:
        yield turned_over(data, now())
    finally:
        lock.release()


def acquired(lock: CrawlLock, wait: int) -> CrawlLock:
    """The lock, held; ArchiveBusy where another process holds it for so many seconds."""
    until = monotonic() + wait
    while True:
        try:
            lock.acquire()
        except ArchiveBusy:
            if monotonic() >= until:
                raise
            sleep(LOOK)
        else:
            return lock
