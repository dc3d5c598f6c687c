"""`dossier sources`: the places a topic asks, and how each of them is."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.store import Archive, StoreError
from crawler.channels import CHANNELS
from crawler.channels.reading.fault import counted
from crawler.channels.reading.outlets import outlets_of
from crawler.channels.steps.guesses import is_front
from crawler.cli.running import log_file
from crawler.exits import Exit
from crawler.folders import DEFAULT_TOPIC, topic_folders
from crawler.process import run
from crawler.terminal import json_text, plain
from crawler.times import now
from crawler.verdicts import STALE, WORDS, verdict
from pipelines.keys import ADDRESSED
from pipelines.topic import Source, Topic, TopicError, find_topic, load_topic

STYLES = {
    "good": "green", "slow": "green", "stale": "yellow", "empty": "yellow", "moved": "yellow", "page": "yellow",
    "resting": "yellow", "not asked": "dim",
}  # fmt: skip
"""How a verdict is shown; the others are faults, in red."""


@click.group("sources", invoke_without_command=True)
@click.option("--topic", default=DEFAULT_TOPIC, show_default=True, help="The topic: a name or a file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.pass_context
def command(ctx: click.Context, topic: str, as_json: bool) -> None:
    """List a topic's sources with a verdict on each, and what to do about those that are not well."""
    data: Path = ctx.find_root().obj
    ctx.meta["topic"] = topic
    ctx.meta["as_json"] = as_json
    if ctx.invoked_subcommand is None:
        report(load(data, topic), data, as_json)


@command.command("check")
@click.option("--allow-private", multiple=True, metavar="HOST", help="Let HOST (or HOST:PORT) be in a private network.")
@click.pass_context
def check(ctx: click.Context, allow_private: tuple[str, ...]) -> None:
    """Ask every source once, fetch no article, and give a verdict and advice on each.

    Also those that rest are asked; services (gdelt, wayback and the like) are not. The exit code is 0 when all were
    asked, however they answered.
    """
    data: Path = ctx.find_root().obj
    topic = ctx.meta["topic"]
    loaded = load(data, topic)
    overrides: dict[str, Any] = {
        "DOSSIER_DATA": str(data),
        "DOSSIER_MAX_PAGES": 0,
        "DOSSIER_ALL_DUE": True,
        "DOSSIER_CHANNELS": list(ADDRESSED),
        "DOSSIER_ALLOW_PRIVATE": list(allow_private),
        "LOG_FILE": str(log_file(data)),
    }
    result = run("topic", overrides, topic=topic)
    if result.code is not Exit.DONE:
        click.echo(f"dossier: {result.message}", err=True)
        ctx.exit(int(result.code))
    report(loaded, data, ctx.meta["as_json"])


def load(data: Path, topic: str) -> Topic:
    """The topic, or a usage error in its own words."""
    try:
        return load_topic(find_topic(topic, topic_folders(data)))
    except TopicError as error:
        raise click.UsageError(str(error)) from error


def report(topic: Topic, data: Path, as_json: bool) -> None:
    """Print one line a source, those that are well first, and how many there are of each verdict."""
    known = health(data)
    places = {source: place_of(source, topic) for source in topic.sources if source.channel in ADDRESSED}
    own = {(source.channel, place) for source, place in places.items()}
    others = [row for key, row in known.items() if key not in own]
    rows = [described(source, topic, known.get((source.channel, place)), others) for source, place in places.items()]
    if as_json:
        click.echo(json_text(rows))
        return
    # Whoever reads it through a pipe wants whole addresses, however narrow rich believes the pipe to be.
    console = Console(width=None if sys.stdout.isatty() else 600)
    table = Table.grid(padding=(0, 2))
    for overflow in ("ellipsis", "ellipsis", "fold", "fold"):
        table.add_column(overflow=overflow)
    for row in sorted(rows, key=lambda row: WORDS.index(row["verdict"])):
        word = row["verdict"]
        table.add_row(
            Text(word, STYLES.get(word, "red")), row["channel"], plain(row["url"]), plain(row["advice"], "dim")
        )
    console.print(table)
    tally = Counter(row["verdict"] for row in rows)
    told = ", ".join(f"{tally[word]} {word}" for word in WORDS if tally[word])
    console.print(plain(f"{counted(len(rows), 'source', 'sources')} of {topic.title or topic.name}: {told or 'none'}."))
    if tally["not asked"]:
        console.print(Text("`dossier sources check` asks each of them once.", "dim"))
    if services := [source.channel for source in topic.sources if source.channel not in ADDRESSED]:
        told = f"Beside them {', '.join(services)}: `dossier status` says what was asked and how it was answered."
        console.print(plain(told, "dim"))


def place_of(source: Source, topic: Topic) -> str:
    """Where a source's first question is entered: of a whole site, its robots.txt."""
    if source.channel not in CHANNELS:
        return source.url
    asks = CHANNELS[source.channel].asks(replace(topic, sources=(source,)), now())
    return next((ask.place for ask in asks), source.url)


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


def described(
    source: Source, topic: Topic, row: Mapping[str, Any] | None, others: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """One source as it is listed, with the verdict on it; `others` are the rows of what sources have led to."""
    row = {**(row or {}), "url": source.url}
    if row.get("moved_to") and urlsplit(row["moved_to"]).path == "/robots.txt" != urlsplit(source.url).path:
        row["moved_to"] = urljoin(row["moved_to"], "/")  # the site was asked by its robots.txt
    if row.get("last_asked") and not row.get("items") and leads_on(source, row):
        row |= led_to(source, others)
    if topic.until and topic.until < (now() - STALE).date() - timedelta(days=1):
        row["newest"] = None  # of a window that is over, only old pages are listed
    judged = verdict(row, now())
    return {
        "verdict": judged.word,
        "advice": judged.advice,
        "channel": source.channel,
        "url": source.url,
        "outlet": source.outlet,
        "status": row.get("last_status") or ("complete" if source.verified else "unverified"),
        "reason": row.get("last_reason") or "",
        "items": row.get("items", 0),
        "documents": row.get("documents", []),
        "newest": row.get("newest"),
        "new_items": row.get("new_items", 0),
        "failures": row.get("failures", 0),
        "seconds": row.get("seconds"),
        "moved_to": row.get("moved_to") or "",
        "last_asked": row.get("last_asked"),
        "last_success": row.get("last_success"),
        "next_ask": row.get("next_ask"),
    }


def leads_on(source: Source, row: Mapping[str, Any]) -> bool:
    """Whether a source lists nothing itself since it names others that do."""
    is_page = str(row.get("last_reason") or "").startswith("a page that names ")
    return is_page or is_front(source.url) or source.channel == "sitemaps"


def led_to(source: Source, others: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the documents list to which a source leads: those of its channel and outlet that no topic file names."""
    outlets = outlets_of(source.url)
    found = [row for row in others if row["channel"] == source.channel and row["outlet"] in outlets and row["items"]]
    if not found:
        return {}
    newest = max((row["newest"] for row in found if row["newest"]), default=None)
    return {"items": sum(row["items"] for row in found), "documents": [row["url"] for row in found], "newest": newest}
