"""`dossier maintain`: the upkeep of every night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from archive.lock import WAIT, ArchiveBusy, CrawlLock
from archive.maintenance import Chore, maintained, turned_over
from crawler.exits import Busy
from crawler.reading import updated
from crawler.terminal import console, json_text, plain, say
from crawler.times import now


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
    if as_json:
        click.echo(json_text([asdict(chore) for chore in done]))
    if held:
        raise Busy(held)


def chores(data: Path, wait: int) -> Iterator[Chore]:
    """What is done, chore by chore; ArchiveBusy where a crawl holds the archive for longer than is waited."""
    yield from maintained(data, now())
    with CrawlLock(data).take(max(wait, WAIT)):
        yield turned_over(data, now())
