"""`dossier backfill`: the same for the past, from services and archives that remember it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from crawler.cli.completing import topic_names
from crawler.cli.running import execute, run_options

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("backfill")
@click.argument("topic", default="", shell_complete=topic_names)
@click.option("--since", type=DAY, metavar="D", help="First day to ask about; the topic's window by default.")
@click.option("--until", type=DAY, metavar="D", help="Last day to ask about.")
@click.option(
    "--warc", "warc", multiple=True, metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the pages in this WARC file, and ask nobody (may be given several times).",
)  # fmt: skip
@click.option("--max-megabytes", type=click.FloatRange(min=0), metavar="N", help="Read at most N MB of large files.")
@click.option("--recheck", is_flag=True, help="Ask again what was answered completely before.")
@run_options
@click.pass_context
def command(
    ctx: click.Context, /, topic: str, since: datetime | None, until: datetime | None, warc: tuple[Path, ...],
    max_megabytes: float | None, **options: Any,
) -> None:  # fmt: skip
    """Find what the press wrote on TOPIC in the past: GDELT, the Wayback Machine, Common Crawl's news, WARC files.

    What was answered completely is not asked again; what broke off, or was refused, goes on where it stopped.
    """
    overrides: dict[str, Any] = {
        "DOSSIER_SINCE": since.date().isoformat() if since else "",
        "DOSSIER_UNTIL": until.date().isoformat() if until else "",
        "DOSSIER_WARC_FILES": [str(path.resolve()) for path in warc],
    }
    if max_megabytes is not None:
        overrides["DOSSIER_MAX_MEGABYTES"] = {"gal": max_megabytes, "ccnews": max_megabytes}
    execute(ctx, topic, "backfill", options, overrides)
