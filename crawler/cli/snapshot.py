"""`dossier snapshot`: the archive as dated files that people cite, compare and load elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.filesize import decimal

from archive.errors import StoreError
from archive.lock import ArchiveBusy
from archive.snapshots import Snapshot, snapshot
from archive.snapshots.writing import Said
from archive.wording import counted
from crawler.exits import Busy, NotStored
from crawler.outgoing import narrated
from crawler.reading import reader
from crawler.terminal import console, json_text, plain, printable, say
from crawler.times import now
from pipelines.words import words_of


@click.command("snapshot")
@click.option("--bodies", is_flag=True, help="The full texts too.")
@click.option("--gzip", "zipped", is_flag=True, help="Compress the CSV files.")
@click.option("--parquet", is_flag=True, help="Each table as a Parquet file too.")
@click.option("--keep-last", type=click.IntRange(1), metavar="N", help="Then remove older snapshots but the newest N.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def command(
    ctx: click.Context, bodies: bool, zipped: bool, parquet: bool, keep_last: int | None, as_json: bool
) -> None:
    """Write snapshots/YYYY-MM-DD/: all tables as CSV, and what changed since the last one.

    The same archive gives the same bytes. A second snapshot on a day replaces the first; `latest` leads to it.
    README.md in it says what each column says, `sha256sum -c SHA256SUMS` whether all is there.
    """
    data: Path = ctx.find_root().obj
    with reader(data) as db:
        try:
            with progress() as said:
                done = snapshot(
                    db, data, f"{now():%Y-%m-%d}", bodies=bodies, zipped=zipped, parquet=parquet,
                    keep_last=keep_last or 0, words=lambda text: len(words_of(text)), said=said,
                )  # fmt: skip
        except ArchiveBusy as error:
            raise Busy(str(error)) from error
        except StoreError as error:
            raise NotStored(str(error)) from error
    if as_json:
        click.echo(json_text(done.told()))
    else:
        report(done)


@contextmanager
def progress() -> Iterator[Said]:
    """Say on a terminal which file is being written, and how far it is."""
    with narrated("Reading and sorting the archive ...") as told:
        yield lambda name, rows: told(f"Writing {name} ... {rows:,}" if rows else f"Writing {name} ...")


def report(done: Snapshot) -> None:
    """Where the snapshot is, what is in it, and what changed since the last one."""
    out = console()
    rows = done.rows
    parts = (
        counted(rows["stories"], "story", "stories"),
        counted(rows["versions"], "earlier text"),
        counted(rows["outlets"], "outlet"),
    )
    say(
        out,
        plain(f"{counted(done.articles, 'article')} in {done.folder}"),
        f" ({', '.join(parts)}; {decimal(done.bytes)})",
    )
    for fault in done.changes.faults:
        click.echo(f"dossier: not compared with {printable(fault)}; remove it, or put its copy back", err=True)
    for day in done.later:
        told = f"{day} is still to come: a clock was wrong when that snapshot was taken; remove or rename it"
        click.echo(f"dossier: {told}", err=True)
    say(out, *since(done))
    if done.removed:
        say(out, f"Removed: {', '.join(done.removed)}.")


def since(done: Snapshot) -> Iterator[str]:
    """What changed, and where to look."""
    changes = done.changes
    if changes.base is None:
        yield "No older snapshot to compare with: the next one will say what changed."
        return
    parts = [f"{changes.texts:,} in headline or text"] if changes.texts else []
    parts += [counted(changes.taken_down, "page taken down", "pages taken down")] if changes.taken_down else []
    changed = f"{changes.changed:,} changed" + (f" ({', '.join(parts)})" if parts else "")
    yield f"Since {changes.base}: {changes.added:,} added, {changed}, {changes.gone:,} gone."
    if changes.added or changes.changed or changes.gone:
        yield " Look at changes.csv there, or in a spreadsheet at changes-spreadsheet.csv."
    if changes.missing:
        verb = "was" if len(changes.missing) == 1 else "were"
        yield f" {', '.join(changes.missing)} {verb} not compared: that one is without."
