"""`dossier status`: how the archive is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.filesize import decimal

from archive.condition import Condition, condition
from archive.months import between
from archive.queries import Reader, defined
from crawler.reading import reader
from crawler.terminal import console, counted, json_text, minute, plain, say
from crawler.times import now, text_of
from pipelines.topic import TopicError, parse_topic

GOOD = {"complete", "saturated"}
SILENT = 10  # sources that did not answer, that are named
OUTCOME = "outcome/"
MONTHS = 24  # that are shown, the newest


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Say how the archive is: last runs, articles by topic, failures by reason, sources, disk."""
    data: Path = ctx.find_root().obj
    with reader(data) as db:
        state = condition(db, data, text_of(now()) or "", windows=windows(db, now()))
    if as_json:
        click.echo(json_text({"data": str(data), **asdict(state)}))
        return
    out = console()
    tell_holdings(out, state, data)
    tell_runs(out, state)
    tell_coverage(out, state)
    tell_failures(out, state)
    tell_sources(out, state)


def tell_holdings(out: Console, state: Condition, data: Path) -> None:
    """Print what the archive holds and what it weighs."""
    totals, disk = state.totals, state.disk
    span = f", {totals['first'][:10]} to {totals['last'][:10]}" if totals["first"] else ""
    stories = counted(totals["stories"], "story", "stories")
    outlets = counted(totals["outlets"], "outlet")
    say(out, plain(f"{counted(totals['articles'], 'article')}, {stories}, {outlets}{span}", "bold"))
    say(out, plain(f"{data}"), f": {', '.join(f'{name} {decimal(size)}' for name, size in disk.items())}", indent=2)
    if totals["removed"]:
        pages = counted(totals["removed"], "page is gone", "pages are gone")
        say(out, plain(f"{pages} from the web, and the texts are here"), indent=2)
    for topic in state.topics:
        dropped = f", {topic['dropped']:,} dropped" if topic["dropped"] else ""
        verdicts = f"{topic['keep']:,} kept, {topic['review']:,} for review{dropped}"
        states = ", ".join(f"{count:,} {name}" for name, count in topic["candidates"].items())
        say(out, plain(f"{topic['name']}", "cyan"), f": {verdicts}", indent=2)
        say(out, f"links: {states or 'none yet'}", indent=4)


def tell_runs(out: Console, state: Condition) -> None:
    """Print the last runs, newest first."""
    heading(out, "Last runs" if state.runs else "No run yet: `dossier crawl` makes the first")
    for run in state.runs:
        ended = run["outcome"] or "still running, or killed"
        told = plain(f"{ended}: {figures(run)}")
        say(out, minute(run["started"]), "  ", plain(run["topic"], "cyan"), "  ", told, indent=2)


def figures(run: dict[str, Any]) -> str:
    """The outcomes of a run on one line, and the links that it found."""
    counts = run["counts"]
    told = [f"{counted(counts.get('found', 0), 'new link')}"] if counts else []
    told += [f"{count:,} {name.removeprefix(OUTCOME)}" for name, count in counts.items() if name.startswith(OUTCOME)]
    if left := counts.get("looks_left"):
        told.append(f"{left:,} due to be asked again and left")
    return ", ".join(told)


def tell_failures(out: Console, state: Condition) -> None:
    """Print why links could not be read, most frequent first, and which hosts rest."""
    if state.failures:
        heading(out, "Refused and failed links, by reason")
    for one in state.failures:
        due = f", {one['due_again']:,} due again" if one["due_again"] else ""
        say(
            out,
            f"{one['candidates']:>7,}  ",
            plain(f"{one['state']}: {one['reason'] or 'no reason given'}{due}"),
            indent=2,
        )
    if state.resting:
        heading(out, "Hosts that asked for a rest")
    for one in state.resting:
        say(out, plain(f"{one['host']} until {minute(one['rests_until'])}: {one['reason']}"), indent=2)


def tell_sources(out: Console, state: Condition) -> None:
    """Print how many sources answer, and name those that do not."""
    silent = [one for one in state.sources if one["last_status"] not in GOOD]
    answering = len(state.sources) - len(silent)
    heading(out, f"{counted(answering, 'source')} of {len(state.sources)} answered when last asked")
    for one in silent[:SILENT]:
        last = f"last good answer {minute(one['last_success'])}" if one["last_success"] else "never answered"
        text = (
            f"{one['channel']} {one['url']}: {one['last_status']}, {one['last_reason'] or 'no reason given'} ({last})"
        )
        say(out, plain(text), indent=2)
    if len(silent) > SILENT:
        say(out, f"and {len(silent) - SILENT} more: `dossier sources` lists all", indent=2)


def windows(db: Reader, at: datetime) -> dict[str, tuple[str, str]]:
    """The first and the last month of each topic's window, as its file said when it was last crawled.

    A window without beginning is told from the first month that was asked about; that of a topic that can no longer be
    read is left out.
    """
    found = {}
    for name, definition in defined(db):
        with suppress(TopicError):
            topic = parse_topic(definition, f"{name}.toml")
            last = min(topic.until or at.date(), at.date())
            first = topic.since or date(last.year, 1, 1)
            found[name] = (f"{first:%Y-%m}", f"{last:%Y-%m}")
    return found


def tell_coverage(out: Console, state: Condition) -> None:
    """Print what was asked about each month of a topic's window, and which months nobody was asked about."""
    for topic, months in state.coverage.items():
        heading(out, f"What was asked about {topic}, by month")
        for month in [one for one in months if one.is_asked][-MONTHS:]:
            channels = "; ".join(f"{name} {statuses(counts)}" for name, counts in sorted(month.channels.items()))
            links = plain(f", {counted(month.found, 'link')}", "dim")
            say(out, f"{month.month}  ", plain(channels), links, indent=2)
        if blank := [month.month for month in months if not month.is_asked]:
            say(out, plain(f"no channel asked yet about {spans(blank)}: `dossier backfill {topic}` does"), indent=2)


def statuses(counts: dict[str, int]) -> str:
    """How many questions were answered in which way."""
    return ", ".join(f"{count:,} {status}" for status, count in sorted(counts.items()))


def spans(months: list[str]) -> str:
    """A list of months with the runs in it drawn together."""
    told: list[list[str]] = []
    for month in months:
        if told and list(between(told[-1][-1], month))[1:] == [month]:
            told[-1].append(month)
        else:
            told.append([month])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in told)


def heading(out: Console, text: str) -> None:
    """Print a heading after an empty line."""
    out.print()
    say(out, plain(text, "bold"))
