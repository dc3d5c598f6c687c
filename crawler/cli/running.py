"""What `dossier crawl` and `dossier backfill` have in common: options, settings, plan, run, summary."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from crawler.cli.endings import complain
from crawler.exits import Exit
from crawler.folders import topic_folders
from crawler.manners import manners
from crawler.mission import mission_of
from crawler.plan import Verb
from crawler.plan_text import plan_lines
from crawler.process import Result, project_settings, run
from crawler.prospects import prospects, tell_prospects
from crawler.reading import own_topic
from crawler.summary import one_line, show
from crawler.terminal import console, plain, say
from crawler.times import now
from pipelines.topic import Topic, TopicError, find_topic, load_topic

F = TypeVar("F", bound=Callable[..., Any])

OPTIONS = (
    click.option("--only", metavar="CHANNEL,...", help="Only these channels, such as feeds,gdelt."),
    click.option("--max-pages", type=click.IntRange(min=0), metavar="N", help="At most N article pages in this run."),
    click.option("--max-pages-per-host", type=click.IntRange(min=1), metavar="N", help="At most N of one host."),
    click.option("--dry-run", is_flag=True, help="Ask the sources, fetch no article: show the plan and what waits."),
    click.option(
        "--allow-private", multiple=True, metavar="HOST", help="Let HOST (or HOST:PORT) be in a private network."
    ),
    click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object."),
    click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="Any Scrapy setting, for this run."),
)


def run_options(command: F) -> F:
    """The command with the options that every run has."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def execute(
    ctx: click.Context, name: str, verb: Verb, options: dict[str, Any], more: Mapping[str, Any] | None = None
) -> None:
    """Run a topic's spider as the options say, tell how it went, and leave with its exit code."""
    data: Path = ctx.find_root().obj
    as_json, dry, settings = options["as_json"], options["dry_run"], pairs(options["settings"])
    try:
        name = name or own_topic(data)
        topic = load_topic(find_topic(name, topic_folders(data)))
        overrides = {
            **overrides_of(data, options),
            "DOSSIER_VERB": verb,
            "DOSSIER_PROGRESS": not as_json,
            **(more or {}),
            **settings,
        }
        mission = mission_of(project_settings(overrides), topic, now())
    except TopicError as error:
        raise click.UsageError(str(error)) from error
    if not any(part.topic for part in mission.parts):
        reasons = "; ".join(f"{part.channel}: {part.why}" for part in mission.parts)
        mend = "list one of them in its sources, or name one with --only"
        raise click.UsageError(f"{topic.name}: there is nothing to ask ({reasons}); {mend}")
    out = console()
    if dry and not as_json:
        for line in plan_lines(topic, now(), mission.parts, mission.budgets):
            say(out, line)
    result = run("topic", overrides, topic=name)
    tell(result, topic, data, out, options)
    ctx.exit(int(result.code))


def tell(result: Result, topic: Topic, data: Path, out: Console, options: Mapping[str, Any]) -> None:
    """Print the summary of a run, and of a dry one what waits."""
    waiting = prospects(data, topic.name) if options["dry_run"] and result.code is not Exit.NOT_STORED else []
    if options["as_json"]:
        found = figures(result, topic.name)
        click.echo(json.dumps(found | ({"candidates": waiting} if options["dry_run"] else {}), ensure_ascii=False))
    elif options["dry_run"]:
        tell_prospects(out, waiting)
    elif manners().quiet:
        say(out, plain(one_line(result, topic)))
    else:
        show(result, topic, data, out)
    if result.message:
        complain(result.message)


def pairs(values: tuple[str, ...]) -> dict[str, str]:
    """Scrapy settings as given by `-s NAME=VALUE`."""
    settings = {}
    for value in values:
        name, separator, text = value.partition("=")
        if not separator or not name:
            raise click.BadParameter(f"{value!r} is not NAME=VALUE; give one such as DOWNLOAD_DELAY=1", param_hint="-s")
        settings[name] = text
    return settings


def overrides_of(data: Path, options: Mapping[str, Any]) -> dict[str, Any]:
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
    if options["dry_run"]:
        overrides["DOSSIER_MAX_PAGES"] = 0
    overrides["DOSSIER_RECHECK"] = options["recheck"]
    return overrides


def log_file(data: Path) -> Path:
    """Where the run's log goes: into the data folder, made where need be."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / "crawl.log").open("ab").close()
    except OSError as error:
        place = error.filename or data
        click.echo(f"dossier: {place} cannot be written ({error.strerror}); name another folder with --data", err=True)
        raise click.exceptions.Exit(int(Exit.NOT_STORED)) from error
    return data / "crawl.log"


def figures(result: Result, topic: str) -> dict[str, Any]:
    """The run as machines read it."""
    own = {key.removeprefix("dossier/"): value for key, value in result.stats.items() if key.startswith("dossier/")}
    return {"topic": topic, "exit": int(result.code), "reason": result.reason, "message": result.message, **own}
