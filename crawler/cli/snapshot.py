"""`dossier snapshot`: the archive as dated CSV files."""

from __future__ import annotations

from pathlib import Path

import click

from archive.errors import StoreError
from archive.snapshots import snapshot
from crawler.exits import Exit
from crawler.reading import reader
from crawler.terminal import counted, json_text
from crawler.times import now


@click.command("snapshot")
@click.option("--bodies", is_flag=True, help="The full texts too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def command(ctx: click.Context, bodies: bool, as_json: bool) -> None:
    """Write snapshots/YYYY-MM-DD/ with articles.csv and its twin for spreadsheets; same archive, same bytes."""
    data: Path = ctx.find_root().obj
    with reader(data) as db:
        try:
            done = snapshot(db, data, f"{now():%Y-%m-%d}", bodies=bodies)
        except StoreError as error:
            click.echo(f"dossier: {error}", err=True)
            ctx.exit(int(Exit.NOT_STORED))
    if as_json:
        click.echo(json_text({"folder": str(done.folder), "articles": done.articles}))
    else:
        click.echo(f"{counted(done.articles, 'article')} in {done.folder}")
