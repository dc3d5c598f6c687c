"""`dossier status`: how the archive is, in what an operator reads in the morning."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.filesize import decimal
from rich.text import Text

from archive.condition import Condition, condition
from archive.months import Month, between
from archive.queries import Reader, defined
from archive.room import Room
from archive.snapshots import Snapshot
from archive.snapshots.newest import last
from archive.wording import counted
from crawler.reading import reader
from crawler.terminal import console, json_text, minute, plain, say
from crawler.times import now, text_of
from crawler.verdicts import GOOD
from crawler.watching.finding import Finding
from crawler.watching.findings import findings
from pipelines.topic import TopicError, parse_topic

OUTCOME = "outcome/"
FEW, MANY = 3, 200  # runs, reasons and sources that are named, without and with --all
SEVERAL = 8  # things that need attention, that are told without --all
MONTHS = 24  # that are shown, the newest
WEEK = 7  # days that are told one by one
YEAR = 365
SOON = 30  # days within which a disk is full that should be looked after now
FIGURES = (
    ("new", "new article", ""), ("copies", "copy", "copies"), ("versions", "new version", ""),
    ("found", "new link", ""), ("failed", "failed", "failed"), ("refused", "refused", "refused"),
)  # fmt: skip


@click.command("status")
@click.option(
    "--all", "everything", is_flag=True, help="With links by state, months, days, and all reasons and sources."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with everything.")
@click.pass_context
def command(ctx: click.Context, everything: bool, as_json: bool) -> None:
    """Say how the archive is: first what needs attention, then what came in, what failed, and what it weighs.

    In brackets stands what is usual: the middle of the four weeks before. `dossier sources` tells of each source.
    """
    data: Path = ctx.find_root().obj
    at, most = now(), MANY if everything or as_json else FEW
    with reader(data) as db:
        found = findings(db, data, at)
        state = condition(
            db, data, text_of(at) or "", runs=most if as_json else 3 * FEW if everything else FEW, failures=most,
            windows=windows(db, at), links=everything or as_json,
        )  # fmt: skip
    if as_json:
        told = {"data": str(data), "at": text_of(at), "findings": [asdict(one) for one in found]}
        taken = newest.told() if (newest := last(data)) else None
        click.echo(json_text({**told, **asdict(state), "snapshot": taken}))
        return
    out = console()
    tell_findings(out, found, most=MANY if everything else SEVERAL)
    tell_holdings(out, state)
    tell_days(out, state, everything=everything)
    tell_runs(out, state)
    tell_failures(out, state)
    tell_sources(out, state, [] if everything else found, most)
    tell_coverage(out, state, everything=everything)
    tell_snapshot(out, last(data))
    tell_disk(out, state, data)
    if not everything:
        say(out, plain("`dossier status --all` tells more, `dossier sources` how each source is.", "dim"))


def tell_findings(out: Console, found: list[Finding], most: int) -> None:
    """Print what needs attention, and what to do about it."""
    if not found:
        say(out, plain("Nothing needs attention.", "green"))
        return
    say(out, plain(counted(len(found), "thing needs attention", "things need attention"), "bold red"))
    for one in found[:most]:
        say(out, Text(f"{one.kind}: ", "red"), plain(one.text), indent=2)
        say(out, plain(one.advice, "dim"), indent=4)
    if len(found) > most:
        say(out, f"and {len(found) - most:,} more: `dossier status --all` tells them", indent=2)


def tell_holdings(out: Console, state: Condition) -> None:
    """Print what the archive holds, and what waits for an answer."""
    totals = state.totals
    span = f", {totals['first'][:10]} to {totals['last'][:10]}" if totals["first"] else ""
    stories = counted(totals["stories"], "story", "stories")
    outlets, versions = counted(totals["outlets"], "outlet"), counted(totals["versions"], "earlier version")
    out.print()
    say(out, plain(f"{counted(totals['articles'], 'article')}, {stories}, {versions}, {outlets}{span}", "bold"))
    if totals["removed"]:
        pages = counted(totals["removed"], "page is gone", "pages are gone")
        say(out, plain(f"{pages} from the web, and the texts are here"), indent=2)
    for topic in state.topics:
        dropped = f", {topic['dropped']:,} dropped" if topic["dropped"] else ""
        waits = " (`dossier review`)" if topic["review"] else ""
        verdicts = f"{topic['keep']:,} kept, {topic['review']:,} for review{waits}{dropped}"
        say(out, plain(topic["name"], "cyan"), f": {verdicts}", indent=2)
        if states := ", ".join(f"{count:,} {name}" for name, count in topic["candidates"].items()):
            say(out, f"links: {states}", indent=4)


def tell_days(out: Console, state: Condition, *, everything: bool) -> None:
    """Print what came in within the last 24 hours, with what is usual; with everything, also on the days before."""
    if not state.days:
        return
    told = day_told(state.days[0], state.usual) or "nothing"
    runs = counted(state.days[0]["runs"], "run")
    say(out, Text("Last 24 hours: ", "bold"), plain(f"{runs}, {told}"))
    for age, day in enumerate(state.days[1 : WEEK + 1] if everything else (), 1):
        say(out, plain(f"{counted(age, 'day')} before: {day_told(day, {}) or 'nothing'}"), indent=2)


def day_told(day: dict[str, int], usual: dict[str, float]) -> str:
    """The figures of 24 hours that are not nought, each with what is usual in brackets."""
    told = []
    for name, one, many in FIGURES:
        if day[name] or usual.get(name):
            told.append(counted(day[name], one, many) + (f" ({usual[name]:,.0f})" if usual else ""))
    return ", ".join(told)


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
        heading(out, "Why links were refused or failed, of those found last (in the last 24 hours)")
    for one in state.failures:
        due = f", {one['due_again']:,} due again" if one["due_again"] else ""
        reason = plain(f"{one['state']}: {one['reason'] or 'no reason given'}{due}")
        say(out, f"{one['candidates']:>7,} ({one['lately']:,})  ", reason, indent=2)
    if state.resting:
        heading(out, "Hosts that asked for a rest")
    for one in state.resting[:MANY]:
        say(out, plain(f"{one['host']} until {minute(one['rests_until'])}: {one['reason']}"), indent=2)


def tell_sources(out: Console, state: Condition, found: list[Finding], most: int) -> None:
    """Print how many sources answer, and name those that do not; what was found of a source is told already."""
    told = {one.subject for one in found}
    failing = [one for one in state.sources if one["last_status"] not in GOOD]
    silent = [one for one in failing if one["url"] not in told]
    answering = len(state.sources) - len(failing)
    heading(out, f"{counted(answering, 'source')} of {len(state.sources)} answered when last asked")
    for one in silent[:most]:
        last = f"last good answer {minute(one['last_success'])}" if one["last_success"] else "never answered"
        text = (
            f"{one['channel']} {one['url']}: {one['last_status']}, {one['last_reason'] or 'no reason given'} ({last})"
        )
        say(out, plain(text), indent=2)
    if len(silent) > most:
        say(out, f"and {len(silent) - most} more: `dossier sources` lists all", indent=2)


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


def tell_coverage(out: Console, state: Condition, *, everything: bool) -> None:
    """Print how many months of a topic's window were asked about; with everything, what was asked about each."""
    for topic, months in state.coverage.items():
        asked = [one for one in months if one.is_asked]
        blank = [one.month for one in months if not one.is_asked]
        mend = f"; nobody was asked about {spans(blank)}: `dossier backfill {topic}` does" if blank else ""
        about = plain(f"What was asked about {topic}:", "bold")
        say(out, about, " ", plain(f"{len(asked)} of {counted(len(months), 'month')}{mend}"))
        for month in asked[-MONTHS:] if everything else ():
            say(out, *month_told(month), indent=2)


def month_told(month: Month) -> tuple[Text, ...]:
    """One month with what each channel was asked about it, and the links that it found."""
    channels = "; ".join(f"{name} {statuses(counts)}" for name, counts in sorted(month.channels.items()))
    return plain(month.month), Text("  "), plain(channels), plain(f", {counted(month.found, 'link')}", "dim")


def tell_snapshot(out: Console, newest: Snapshot | None) -> None:
    """Print of which day the newest snapshot is, and what had changed by then."""
    if newest is None:
        told = "none yet: `dossier snapshot` takes one"
    else:
        told = f"{newest.folder.name}, {counted(newest.articles, 'article')}"
        if base := newest.changes.base:
            counts = newest.changes.counts
            told += f"; since {base} " + ", ".join(f"{counts[name]:,} {name}" for name in ("added", "changed", "gone"))
    say(out, Text("Newest snapshot: ", "bold"), plain(told))


def tell_disk(out: Console, state: Condition, data: Path) -> None:
    """Print what the archive weighs, what is free on its disk, and how long that lasts."""
    parts = ", ".join(f"{name} {decimal(size)}" for name, size in state.disk.items())
    left = state.room.days_left
    style = "red" if left is not None and left < SOON else ""
    say(out, Text("Disk: ", "bold"), plain(f"{data}: {parts};"), " ", plain(lasts(state.room), style))


def lasts(room: Room) -> str:
    """What is free on a disk, and for how long at this rate."""
    free = f"{decimal(room.free)} free"
    if room.a_day is None:
        return free
    rate = f"{decimal(room.a_day)} a day"
    if room.days_left is None or room.days_left > 10 * YEAR:
        return f"{free}, for more than ten years at {rate}"
    left = f"{room.days_left // YEAR} years" if room.days_left >= 2 * YEAR else counted(room.days_left, "day")
    return f"{free}, full in {left} at {rate}"


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
