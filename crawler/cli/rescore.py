"""`dossier rescore`: all verdicts of a topic again, from what is stored and without the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from archive.queries import defined
from archive.wording import counted
from crawler.cli.completing import topic_names
from crawler.cli.endings import complain
from crawler.cli.running import log_file
from crawler.folders import topic_folders
from crawler.process import Result, run
from crawler.reading import chosen, reader, updated
from crawler.summary import kept_figures
from crawler.terminal import console, json_text, plain, say
from pipelines.topic import TopicError, find_topic, load_topic

NAMES = ("keep", "review", "drop")


@click.command("rescore")
@click.argument("topic", default="", shell_complete=topic_names)
@click.option("--keep", type=click.FloatRange(0, 1), metavar="T", help="Judge by this threshold, not by the file's.")
@click.option("--dry-run", is_flag=True, help="Tell what would change, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@click.pass_context
def command(ctx: click.Context, topic: str, keep: float | None, dry_run: bool, as_json: bool) -> None:
    """Judge every article again by today's file of TOPIC, from what is stored and without the network.

    Without TOPIC it is the first topic, or the archive's only one. Articles that came in for other topics are judged
    too. Dropped pages whose bytes were kept (preserve = "all") become articles if they belong now; others wait for the
    next crawl if today's topic may want them. No article is thrown out: what is dropped leaves the topic's lists, and
    comes back by a later rescore.
    """
    data: Path = ctx.find_root().obj
    updated(data)
    with reader(data) as db:
        followed = [name for name, _ in defined(db)]
    try:
        path = find_topic(topic or chosen(followed), topic_folders(data))
        load_topic(path)
    except TopicError as error:
        raise click.UsageError(str(error)) from error
    overrides: dict[str, Any] = {
        "DOSSIER_DATA": str(data),
        "DOSSIER_DRY_RUN": dry_run,
        "DOSSIER_KEEP": keep,
        "DOSSIER_PROGRESS": not as_json,
        "LOG_FILE": str(log_file(data)),
    }
    result = run("rescore", overrides, topic=str(path))
    report = result.stats.get("dossier/rescore") or {}
    if as_json:
        click.echo(json_text(kept_figures(result, report)))
    elif report:
        if result.code:
            say(console(), plain("It did not come to its end. So far:"))
        show(console(), report, dry=dry_run)
        show_unread(console(), result)
        if keep is not None:
            say(console(), plain(lasting(path, report, dry=dry_run)))
    if result.message:
        complain(result.message)
    ctx.exit(int(result.code))


def show(out: Console, report: dict[str, Any], *, dry: bool) -> None:
    """The report for a reader: verdicts before and after, what moved, what came back."""
    say(
        out,
        f"{counted(report['judged'], 'article')} judged by {report['topic']}",
        " (nothing is written)" if dry else "",
    )
    before, after = report["before"], report["after"]
    for name in NAMES:
        say(out, f"{name:<7} {before[name]:>9,} -> {after[name]:>9,}", indent=2)
    joined = f"; {report['joined']:,} of them are new to the topic" if report["joined"] else ""
    say(out, f"{report['moved_up']:,} moved up, {report['moved_down']:,} down{joined}.")
    for example in report["examples"]:
        show_example(out, example)
    show_dropped(out, report)
    if report["relinked"]:
        links = counted(report["relinked"], "waiting link stands", "waiting links stand")
        say(out, f"{links} elsewhere in the queue.")


def show_dropped(out: Console, report: dict[str, Any]) -> None:
    """What became of the pages that had been left out."""
    if report["with_bytes"]:
        read = counted(report["with_bytes"], "dropped page")
        say(out, f"{read} read again from kept bytes, {report['brought_back']:,} brought back as articles.")
    if report["returned"]:
        again = counted(report["returned"], "dropped page without bytes waits", "dropped pages without bytes wait")
        say(out, f"{again} again for the next crawl to fetch.")
    if report["still_dropped"]:
        left = counted(report["still_dropped"], "dropped page without bytes stays", "dropped pages without bytes stay")
        say(out, f"{left} left out.")


def show_example(out: Console, one: dict[str, Any]) -> None:
    """One line for an article that moved, with its terms below it."""
    old = "new " if one["old_score"] is None else f"{one['old_score']:.2f}"
    was = f"{one['was'] or 'none'} -> {one['verdict']}"
    say(
        out, f"{'+' if one['way'] == 'up' else '-'} {old} -> {one['score']:.2f}  {was}  ", plain(one["title"]), indent=2
    )
    if one["terms"]:
        say(out, plain(", ".join(one["terms"]), "dim"), indent=6)


def show_unread(out: Console, result: Result) -> None:
    """The kept pages that could not be read, with the reason."""
    if count := result.count("not_reread"):
        say(out, plain(f"{counted(count, 'kept page')} not read, left as before.", "dim"))
    for page, reason in result.stats.get("dossier/unread_pages", ()):
        say(out, plain(f"{page}: {reason}", "dim"), indent=2)


def lasting(path: Path, report: dict[str, Any], *, dry: bool) -> str:
    """How to make a threshold last that was given for one pass."""
    until = "To judge so" if dry else "This holds until the next rescore, and crawls judge by the file. To keep it"
    return f"{until}, write under [thresholds] in {path}: keep = {report['keep']:g}"
