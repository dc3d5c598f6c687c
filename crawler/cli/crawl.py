"""`dossier crawl`: discover, fetch, judge, store; then a summary that adds up."""

from __future__ import annotations

from typing import Any

import click

from crawler.cli.completing import topic_names
from crawler.cli.running import execute, run_options


@click.command("crawl")
@click.argument("topic", default="", shell_complete=topic_names)
@click.option("--recheck", is_flag=True, help="Ask every source and known article at once, whatever its pace.")
@run_options
@click.pass_context
def command(ctx: click.Context, /, topic: str, **options: Any) -> None:
    """Discover, fetch and store what the press writes on TOPIC, a name or a file.

    Without TOPIC it is your only one; as long as you have none, the one that comes with Dossier.
    Asks what can be reached now: feeds, sitemaps, sections, and search services as far back as they reach.
    `dossier backfill` asks web archives for the rest of the topic's window.
    """
    execute(ctx, topic, "crawl", options)
