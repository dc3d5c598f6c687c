"""`dossier sources`: the places a topic asks, and how each of them is."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.store import Archive, StoreError
from crawler.cli.running import log_file
from crawler.exits import Exit
from crawler.folders import DEFAULT_TOPIC, topic_folders
from crawler.process import run
from pipelines.topic import Source, Topic, TopicError, find_topic, load_topic

STYLES = {"complete": "green", "saturated": "green", "refused": "yellow", "failed": "red", "unverified": "dim"}


@click.group("sources", invoke_without_command=True)
@click.option("--topic", default=DEFAULT_TOPIC, show_default=True, help="The topic: a name or a file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.pass_context
def command(ctx: click.Context, topic: str, as_json: bool) -> None:
    """List a topic's sources: which have answered, when, and with how much."""
    data: Path = ctx.find_root().obj
    ctx.meta["topic"] = topic
    ctx.meta["as_json"] = as_json
    if ctx.invoked_subcommand is None:
        report(load(data, topic), data, as_json)


@command.command("check")
@click.option("--allow-private", multiple=True, metavar="HOST", help="Let HOST (or HOST:PORT) be in a private network.")
@click.pass_context
def check(ctx: click.Context, allow_private: tuple[str, ...]) -> None:
    """Ask every source once, fetch no article, and say how each answered."""
    data: Path = ctx.find_root().obj
    topic = ctx.meta["topic"]
    loaded = load(data, topic)
    overrides: dict[str, Any] = {
        "DOSSIER_DATA": str(data),
        "DOSSIER_MAX_PAGES": 0,
        "DOSSIER_ALLOW_PRIVATE": list(allow_private),
        "LOG_FILE": str(log_file(data)),
    }
    result = run("topic", overrides, topic=topic)
    if result.code not in {Exit.DONE, Exit.UNREACHABLE}:
        click.echo(f"dossier: {result.message}", err=True)
        ctx.exit(int(result.code))
    report(loaded, data, ctx.meta["as_json"])
    if result.code is Exit.UNREACHABLE:
        click.echo(f"dossier: {result.message}", err=True)
        ctx.exit(int(result.code))


def load(data: Path, topic: str) -> Topic:
    """The topic, or a usage error in its own words."""
    try:
        return load_topic(find_topic(topic, topic_folders(data)))
    except TopicError as error:
        raise click.UsageError(str(error)) from error


def report(topic: Topic, data: Path, as_json: bool) -> None:
    """Print one line a source."""
    known = health(data)
    rows = [described(source, known.get((source.channel, source.url))) for source in topic.sources]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    # Whoever reads it through a pipe wants whole addresses, however narrow rich believes the pipe to be.
    console = Console(width=None if sys.stdout.isatty() else 300)
    table = Table.grid(padding=(0, 2))
    for overflow in ("ellipsis", "ellipsis", "fold", "fold"):
        table.add_column(overflow=overflow)
    for row in rows:
        status = str(row["status"])
        told = row["reason"] or (f"{row['items']} listed" if row["last_success"] else "")
        table.add_row(Text(status, STYLES.get(status, "")), row["channel"], Text(row["url"]), Text(told, "dim"))
    console.print(table)
    answered = sum(1 for row in rows if row["last_success"])
    console.print(f"{len(rows)} sources of {topic.title or topic.name}; {answered} have answered.")
    if answered < len(rows):
        console.print(Text("`dossier sources check` asks each of them once.", "dim"))


def health(data: Path) -> dict[tuple[str, str], Mapping[str, Any]]:
    """What the archive knows of each source, by channel and URL; nothing where there is no archive yet."""
    if not (data / "news.db").exists():
        return {}
    try:
        archive = Archive.open(data)
        rows = archive.sources.rows()
        archive.close()
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    return {(row["channel"], row["url"]): row for row in rows}


def described(source: Source, row: Mapping[str, Any] | None) -> dict[str, Any]:
    """One source as it is listed; `unverified` until it has answered once."""
    row = row or {}
    return {
        "channel": source.channel,
        "url": source.url,
        "outlet": source.outlet,
        "status": row.get("last_status") or ("complete" if source.verified else "unverified"),
        "reason": row.get("last_reason") or "",
        "items": row.get("items", 0),
        "new_items": row.get("new_items", 0),
        "failures": row.get("failures", 0),
        "last_asked": row.get("last_asked"),
        "last_success": row.get("last_success"),
    }
