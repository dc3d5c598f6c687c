"""`dossier crawl`: discover, fetch, judge, store; then a summary that adds up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from crawler.exits import Exit
from crawler.folders import DEFAULT_TOPIC, topic_folders
from crawler.process import Result, run
from crawler.summary import show
from pipelines.topic import TopicError, find_topic, load_topic


def pairs(values: tuple[str, ...]) -> dict[str, str]:
    """Scrapy settings as given by `-s NAME=VALUE`."""
    settings = {}
    for value in values:
        name, separator, text = value.partition("=")
        if not separator or not name:
            raise click.BadParameter(f"{value!r} is not NAME=VALUE", param_hint="-s")
        settings[name] = text
    return settings


@click.command("crawl")
@click.argument("topic", default=DEFAULT_TOPIC)
@click.option("--only", metavar="CHANNEL,...", help="Only these channels: feeds, sitemaps.")
@click.option("--max-pages", type=click.IntRange(min=0), metavar="N", help="At most N article pages in this run.")
@click.option("--max-pages-per-host", type=click.IntRange(min=1), metavar="N", help="At most N of one host.")
@click.option("--recheck", is_flag=True, help="Ask known articles again at once, not once a day (conditionally).")
@click.option("--allow-private", multiple=True, metavar="HOST", help="Let HOST (or HOST:PORT) be in a private network.")
@click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object.")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="Any Scrapy setting, for this run.")
@click.pass_context
def command(ctx: click.Context, /, topic: str, as_json: bool, settings: tuple[str, ...], **options: Any) -> None:
    """Discover, fetch and store what the press writes on TOPIC (a name or a file; the first topic by default)."""
    data: Path = ctx.obj
    try:
        loaded = load_topic(find_topic(topic, topic_folders(data)))
    except TopicError as error:
        raise click.UsageError(str(error)) from error
    overrides = {**overrides_of(data, options), "DOSSIER_PROGRESS": not as_json, **pairs(settings)}
    result = run("topic", overrides, topic=topic)
    if as_json:
        click.echo(json.dumps(figures(result, loaded.name), ensure_ascii=False))
    else:
        show(result, loaded, data, Console(soft_wrap=True))
    if result.message:
        click.echo(f"dossier: {result.message}", err=True)
    ctx.exit(int(result.code))


def overrides_of(data: Path, options: dict[str, Any]) -> dict[str, Any]:
    """The settings that the command's own options stand for."""
    overrides: dict[str, Any] = {"DOSSIER_DATA": str(data), "LOG_FILE": str(log_file(data))}
    if options["only"]:
        overrides["DOSSIER_CHANNELS"] = [name.strip() for name in options["only"].split(",")]
    if options["max_pages"] is not None:
        overrides["DOSSIER_MAX_PAGES"] = options["max_pages"]
    if options["max_pages_per_host"] is not None:
        overrides["DOSSIER_MAX_PAGES_PER_HOST"] = options["max_pages_per_host"]
    if options["allow_private"]:
        overrides["DOSSIER_ALLOW_PRIVATE"] = list(options["allow_private"])
    overrides["DOSSIER_RECHECK"] = options["recheck"]
    return overrides


def log_file(data: Path) -> Path:
    """Where the run's log goes: into the data folder, made where need be."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / "crawl.log").touch()
    except OSError as error:
        click.echo(f"dossier: {data} cannot be written ({error.strerror}); name another folder with --data", err=True)
        raise click.exceptions.Exit(int(Exit.NOT_STORED)) from error
    return data / "crawl.log"


def figures(result: Result, topic: str) -> dict[str, Any]:
    """The run as machines read it."""
    own = {key.removeprefix("dossier/"): value for key, value in result.stats.items() if key.startswith("dossier/")}
    return {"topic": topic, "exit": int(result.code), "reason": result.reason, "message": result.message, **own}
