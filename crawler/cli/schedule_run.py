"""`dossier schedule run`: the daemon."""

from __future__ import annotations

import zlib
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import click

from archive.errors import StoreError
from archive.lock import HeldError, Lock
from archive.wording import counted
from crawler.exits import Busy, Exit, NotStored
from crawler.manners import manners
from crawler.operation import OperationError
from crawler.schedule import keeping
from crawler.schedule.bell import Bell
from crawler.schedule.clock import Clock, span_said
from crawler.schedule.daemon import Daemon
from crawler.schedule.holding import DAEMON, Somebody
from crawler.schedule.outlook import outlook
from crawler.schedule.processes import Processes
from crawler.schedule.rules import rules_of
from crawler.schedule.state import State, as_of, first
from crawler.schedule.topics import Topics
from crawler.terminal import console, minute, plain, printable, say
from crawler.times import now, text_of

AHEAD = timedelta(days=1)
SHOWN = 3  # of one kind and topic, singly


@click.command("run", short_help="The daemon: runs until you stop it.")
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
    keeper = Lock(data / DAEMON, makes_folder=True)
    try:
        keeper.take()
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
            following = ", ".join(supply.topic for supply in daemon.topics.supplies)
            nothing = "no topic to follow yet; `dossier new NAME SEED...` makes one"
            if once and not following and not daemon.topics.faults:
                raise click.UsageError(f"{data} has {nothing}")
            if once:
                return daemon.once()
            tell(f"keeps {data} going: {following or nothing}")
            code = daemon.run()
            tell("was asked to end; what was begun goes on with the next start")
            return code
    finally:
        somebody.job.release()
        keeper.release()


def tell(line: str) -> None:
    """One line for whoever reads along, with its time; where nobody does any more, the archive is kept all the same."""
    with suppress(OSError):
        click.echo(f"{text_of(now())} {printable(line)}", err=True)


def chance(topic: str, slot: str) -> float:
    """A number from 0 to below 1 that is always the same for one slot of a topic."""
    return zlib.crc32(f"{topic} {slot}".encode()) / 2**32


def foretell(data: Path) -> None:
    """Print what would run within a day, as things stand; nothing is written."""
    out, present = console(), now()
    rules = rules_of(data)
    topics = Topics(data, lambda fault: click.echo(f"dossier: {printable(fault)}", err=True))
    supplies = topics.look(rules, present)
    foreseen = outlook(left(data), supplies, rules, present, chance, AHEAD)
    jobs = [(at, job) for at, job in foreseen if job.kind != "watch"]
    hours: dict[str, list[datetime]] = {}
    for at, job in jobs:
        hours.setdefault(job.name, []).append(at)
        if manners().verbose or len(hours[job.name]) <= SHOWN:
            say(out, plain(f"{minute(text_of(at))}  {job.name}: {job.why}"))
    for name, times in hours.items():
        if len(times) > SHOWN and not manners().verbose:
            every = span_said((times[-1] - times[0]) / (len(times) - 1))
            told = (
                f"{name} {len(times) - SHOWN:,} times more, about every {every}, the last {minute(text_of(times[-1]))}"
            )
            say(out, plain(f"and {told} (-v lists them)"))
    say(out, f"{counted(len(jobs), 'job')} within {span_said(AHEAD)} as things stand, and a look after each crawl")


def left(data: Path) -> State:
    """The state that a daemon would begin with."""
    present = now()
    rules = rules_of(data)
    try:
        kept = keeping.read(data)
    except keeping.UnreadError as error:
        click.echo(f"dossier: {data / keeping.NAME}: {error}; told as if it were not there", err=True)
        kept = None
    return first(present, rules) if kept is None else as_of(kept.state, present, rules)
