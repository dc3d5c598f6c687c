"""`dossier schedule`: keep an archive going, by a daemon of ours or by the machine's own scheduler."""

from __future__ import annotations

import zlib
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

import click
from rich.console import Console

from archive.errors import StoreError
from crawler.exits import Busy, Exit, NotStored
from crawler.operation import OperationError, operation
from crawler.schedule import keeping
from crawler.schedule.bell import Bell
from crawler.schedule.clock import Clock
from crawler.schedule.daemon import Daemon, told
from crawler.schedule.holding import DAEMON, HeldError, Holding, Somebody
from crawler.schedule.outlook import outlook
from crawler.schedule.penance import meaning
from crawler.schedule.processes import Processes
from crawler.schedule.report import Report, as_json, ran, report
from crawler.schedule.rules import rules_of
from crawler.schedule.state import State, as_of, first
from crawler.schedule.topics import Topics
from crawler.terminal import console, counted, json_text, minute, plain, printable, say
from crawler.times import now, text_of

COMMANDS = {
    "run": "crawler.cli.schedule:run",
    "status": "crawler.cli.schedule:status",
    "cron": "crawler.cli.schedule_files:cron",
    "systemd": "crawler.cli.schedule_files:systemd",
    "github": "crawler.cli.schedule_files:github",
}
"""Where each command is; it is imported when it is used."""
NEXT = 10  # jobs that are shown
AHEAD = timedelta(days=1)


class Commands(click.Group):
    """The commands of COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order of the table."""
        return [name for name, place in COMMANDS.items() if find_spec(place.partition(":")[0]) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        assert isinstance(found, click.Command)
        return found


@click.group("schedule", cls=Commands)
def command() -> None:
    """Keep the archive going: crawl each topic at its own pace, ask about its past, and tidy up at night.

    What is done when stands in dossier.toml in the archive's folder, in the table [schedule]; without it, all topics
    there are followed.
    """


@click.command("run")
@click.option("--once", is_flag=True, help="Do what is due now, and end (for a scheduler of the machine's own).")
@click.option("--dry-run", is_flag=True, help="Say what would run when within a day, and end.")
@click.pass_context
def run(ctx: click.Context, once: bool, dry_run: bool) -> None:
    """Crawl, backfill, snapshot and maintain the archive, one job at a time, until asked to end.

    Ctrl-C (or SIGTERM) ends it: a crawl at work is given the time to end well. SIGHUP lets it read dossier.toml again.
    What was missed while it was off is done once. `dossier schedule status` tells how it goes.
    """
    data: Path = ctx.find_root().obj
    try:
        if dry_run:
            foretell(data)
        else:
            ctx.exit(int(kept_going(data, once=once)))
    except OperationError as error:
        raise click.UsageError(str(error)) from error
    except StoreError as error:
        raise NotStored(str(error)) from error


def kept_going(data: Path, *, once: bool) -> Exit:
    """Hold the archive's schedule and keep it; how that ended."""
    holding = Holding(data / DAEMON)
    try:
        holding.take()
    except HeldError as error:
        mend = "`dossier schedule status` says what it does; stop it first, or name another --data"
        raise Busy(f"{data} is kept by another daemon ({error}); {mend}") from error
    somebody = Somebody(data)
    try:
        with Bell() as bell:
            daemon = Daemon(
                data=data, clock=Clock(now=now, monotonic=monotonic, sleep=bell.wait), say=tell, chance=chance,
                runner=Processes(wait=bell.wait, held=lambda: somebody.job.fd), stops=lambda: bell.is_stopping,
                rereads=bell.reread, somebody=somebody,
            )  # fmt: skip
            daemon.begin()
            if not daemon.topics.supplies and not daemon.topics.faults:
                raise click.UsageError(f"{data} has no topic to follow; `dossier new NAME SEED...` makes one")
            if once:
                return daemon.once()
            following = ", ".join(supply.topic for supply in daemon.topics.supplies) or "no topic that can be read"
            tell(f"keeps {data} going: {following}")
            code = daemon.run()
            tell("was asked to end; what was begun goes on with the next start")
            return code
    finally:
        somebody.job.release()
        holding.release()


def tell(line: str) -> None:
    """One line for whoever reads along, with its time."""
    click.echo(f"{text_of(now())} {printable(line)}", err=True)


def chance(topic: str, slot: str) -> float:
    """A number from 0 to below 1 that is always the same for one slot of a topic."""
    return zlib.crc32(f"{topic} {slot}".encode()) / 2**32


def foretell(data: Path) -> None:
    """Print what would run within a day, as things stand; nothing is written."""
    out, present = console(), now()
    rules = rules_of(operation(data)["schedule"], data)
    topics = Topics(data, lambda fault: click.echo(f"dossier: {printable(fault)}", err=True))
    supplies = topics.look(rules, present)
    foreseen = outlook(left(data), supplies, rules, present, chance, AHEAD)
    for at, job in foreseen:
        if job.kind != "watch":
            say(out, plain(f"{minute(text_of(at))}  {job.name}: {job.why}"))
    count = sum(job.kind != "watch" for _, job in foreseen)
    say(
        out,
        f"{counted(count, 'job')} within {told(AHEAD)} as things stand, with a look at the archive after each crawl",
    )


def left(data: Path) -> State:
    """The state that a daemon would begin with."""
    present = now()
    rules = rules_of(operation(data)["schedule"], data)
    try:
        kept = keeping.read(data)
    except keeping.UnreadError as error:
        click.echo(f"dossier: {data / keeping.NAME}: {error}; told as if it were not there", err=True)
        kept = None
    return first(present, rules) if kept is None else as_of(kept.state, present, rules)


@click.command("status")
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
        took = told(last.finished - last.started)
        again = f" ({last.failures} times in a row)" if last.failures > 1 else ""
        said = f"{meaning(last.code)}{again} after {took}"
        say(
            out, plain(f"{minute(text_of(last.started))}  {name}: {said}", "" if not last.failures else "red"), indent=2
        )


def tell_next(out: Console, found: Report) -> None:
    """Print what is next."""
    jobs = found.kept.jobs if found.kept else ()
    if jobs:
        out.print()
        say(out, plain("What is next", "bold"))
    for job in jobs[:NEXT]:
        say(out, plain(f"{minute(text_of(job.at))}  {job.name}: {job.why}"), indent=2)
    if len(jobs) > NEXT:
        say(out, f"and {len(jobs) - NEXT} more", indent=2)
