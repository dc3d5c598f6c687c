"""`dossier reextract`: every article once more from its kept bytes, without the network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from archive.queries import OUTLET_NAMED, row
from archive.wording import counted
from crawler.cli.endings import complain
from crawler.cli.running import log_file
from crawler.process import Result, run
from crawler.reading import reader, updated
from crawler.summary import kept_figures
from crawler.terminal import console, json_text, plain, say

UNREAD = {"without_bytes": "without bytes to read", "not_reread": "not read, left as before"}


@click.command("reextract")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="D", help="Only articles from that day on.")
@click.option("--outlet", default="", metavar="DOMAIN", help="Only articles of that outlet.")
@click.option("--dry-run", is_flag=True, help="Tell what would change, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@click.pass_context
def command(ctx: click.Context, since: datetime | None, outlet: str, dry_run: bool, as_json: bool) -> None:
    """Read every article again from its kept bytes, by today's rules and without the network.

    What several articles of an outlet share, and what newer rules tell apart, is taken out of older articles too. The
    old text is no version: no page ever said it. Articles whose page is no article by today's rules stay as they are.
    """
    data: Path = ctx.find_root().obj
    check(data, outlet)
    overrides: dict[str, Any] = {
        "DOSSIER_DATA": str(data),
        "DOSSIER_DRY_RUN": dry_run,
        "DOSSIER_PROGRESS": not as_json,
        "LOG_FILE": str(log_file(data)),
    }
    result = run("replay", overrides, since=f"{since:%Y-%m-%d}" if since else "", outlet=outlet)
    report = result.stats.get("dossier/reread") or {}
    if as_json:
        click.echo(json_text(kept_figures(result, report) | {"without_bytes": result.count("without_bytes")}))
    elif report:
        show(console(), result, report, dry_run=dry_run)
    if result.message:
        complain(result.message)
    ctx.exit(int(result.code))


def check(data: Path, outlet: str) -> None:
    """A usage error where there is no archive, or no such outlet in it."""
    updated(data)
    with reader(data) as db:
        is_known = not outlet or row(db, OUTLET_NAMED, domain=outlet) is not None
    if not is_known:
        raise click.BadParameter(
            f"{outlet!r} is no outlet of this archive; give its domain, such as courier.example", param_hint="--outlet"
        )


def show(out: Console, result: Result, report: dict[str, Any], *, dry_run: bool) -> None:
    """The report for a reader: totals, fields, and the articles whose text changed most."""
    verb = "would change" if dry_run else "changed"
    say(out, f"{counted(report['read'], 'article')} read again, {report['changed']:,} {verb}.")
    if report["fields"]:
        told = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in report["fields"].items())
        say(out, f"Fields: {told}.")
    if report["examples"]:
        say(out, f"Words: {report['words_gained']:,} gained, {report['words_lost']:,} lost. Most of them in")
    for example in report["examples"]:
        show_example(out, example)
    for key, told in UNREAD.items():
        if count := result.count(key):
            say(out, plain(f"{counted(count, 'article')} {told}.", "dim"))
    for page, reason in result.stats.get("dossier/unread_pages", ()):
        say(out, plain(f"{page}: {reason}", "dim"), indent=2)


def show_example(out: Console, example: dict[str, Any]) -> None:
    """One line for an article, with the first line that came and that went below it."""
    say(out, f"+{example['gained']:<6,} -{example['lost']:<6,} ", plain(example["url"]), indent=2)
    for sign, line in (("+", example["came"]), ("-", example["went"])):
        if line:
            say(out, f"{sign} ", plain(line), indent=19)
