"""`dossier schedule status`: how it goes with a schedule. It is asked often, so it imports little."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from crawler.exits import Exit
from crawler.schedule.clock import span_said
from crawler.schedule.penance import meaning
from crawler.schedule.report import Report, as_json, ran, report
from crawler.terminal import console, json_text, minute, plain, say
from crawler.times import now, text_of

NEXT = 10  # jobs that are shown


@click.command("status", short_help="What ran, what is next, what is late.")
@click.option("--json", "as_text", is_flag=True, help="One JSON object.")
@click.option("--check", is_flag=True, help="End with exit code 7 where no daemon is at work, or something is late.")
@click.pass_context
def status(ctx: click.Context, as_text: bool, check: bool) -> None:
    """Say whether the archive is kept going: what ran and how it went, what is next, what is late."""
    data: Path = ctx.find_root().obj
    found = report(data, now())
    if as_text:
        click.echo(json_text(as_json(found)))
    else:
        tell_report(console(), found, data)
    if check and not found.is_well:
        ctx.exit(int(Exit.UNWELL))


def tell_report(out: Console, found: Report, data: Path) -> None:
    """Print a report."""
    if found.keeper:
        say(out, plain(f"{data} is kept going ({found.keeper})", "bold"))
    else:
        say(out, plain(f"{data} is not kept going: `dossier schedule run` does", "bold"))
    for fault in found.faults:
        say(out, plain(fault, "red"))
    if found.kept is None:
        return
    state = found.kept.state
    if state.running:
        word = "at work" if found.keeper else "was at work when its daemon was killed"
        say(out, plain(f"{state.running.job.name}: {word}, since {minute(text_of(state.running.started))}"))
    for name, fault in found.kept.faults.items():
        say(out, plain(f"{name}: {fault}", "red"))
    tell_late(out, found)
    tell_ran(out, found)
    tell_next(out, found)


def tell_late(out: Console, found: Report) -> None:
    """Print what is late."""
    for job in found.late:
        say(out, plain(f"late: {job.name}, since {minute(text_of(job.at))}", "red"))


def tell_ran(out: Console, found: Report) -> None:
    """Print what ran last, of each kind and topic."""
    if runs := ran(found):
        out.print()
        say(out, plain("What ran last", "bold"))
    for last in runs:
        name = f"{last.kind} {last.topic}".strip()
        took = span_said(last.finished - last.started)
        again = f" ({last.failures} times in a row)" if last.failures > 1 else ""
        said = f"{meaning(last.code)}{again} after {took}"
        say(
            out, plain(f"{minute(text_of(last.started))}  {name}: {said}", "" if not last.failures else "red"), indent=2
        )


def tell_next(out: Console, found: Report) -> None:
    """Print what is next."""
    state = found.kept.state if found.kept else None
    at_work = state.running.job if found.keeper and state and state.running else None
    jobs = [job for job in (found.kept.jobs if found.kept else ()) if job != at_work]
    if jobs:
        out.print()
        say(out, plain("What is next" if found.keeper else "What was to come", "bold"))
    for job in jobs[:NEXT]:
        say(out, plain(f"{minute(text_of(job.at))}  {job.name}: {job.why}"), indent=2)
    if len(jobs) > NEXT:
        say(out, f"and {len(jobs) - NEXT} more", indent=2)
