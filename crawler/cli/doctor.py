"""`dossier doctor`: whether an archive is whole, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.errors import StoreError
from archive.health.diagnosis import Diagnosis, fault, well
from archive.health.doctor import examined
from archive.health.operation import operated
from archive.health.patient import Patient, Progress
from archive.lock import CrawlLock
from archive.wording import counted
from crawler.alerts import rules as alerts
from crawler.exits import Exit, NotStored
from crawler.manners import manners
from crawler.operation import OperationError
from crawler.outgoing import narrated
from crawler.schedule import rules as schedule
from crawler.terminal import console, json_text, plain, say
from crawler.times import now, text_of
from pipelines.topic import TopicError, load_topic

MOST_TOPICS = 1_000  # files that are read
STYLES = {"well": "green", "warning": "yellow", "fault": "red"}


@click.command("doctor")
@click.option("--repair", is_flag=True, help="Mend what can be mended without losing anything.")
@click.option("--quick", is_flag=True, help="Samples (200 articles, 200 kept pages, others each day) instead of all.")
@click.option("--json", "as_json", is_flag=True, help="The findings as one JSON list.")
@click.pass_context
def command(ctx: click.Context, repair: bool, quick: bool, as_json: bool) -> None:
    """Examine the archive: pages, schema, search index, counts, kept bytes, disk, rights, versions.

    It only reads, and a crawl may run meanwhile. With --repair it holds the archive and mends what is safe: no article,
    version or byte of a page is ever taken away. A damaged database is saved into a new one, and kept beside it. Exit
    code 7 says that a fault is left, 3 that it could not be mended.
    """
    data: Path = ctx.find_root().obj
    with told_progress(is_wanted=not as_json) as progress, held(data, is_wanted=repair):
        patient = Patient(data=data, now=text_of(now()) or "", is_quick=quick, progress=progress)
        found = list(shown(all_examined(patient), silent_on_well=manners().quiet, as_json=as_json))
        if repair and any(one.is_mendable for one in found):
            mend(patient, found, as_json=as_json)
            after = list(shown(all_examined(patient), silent_on_well=True, as_json=as_json))
            found = compared(found, after)
    if as_json:
        click.echo(json_text([public(one) for one in found]))
    else:
        conclude(found, is_repair=repair)
    ctx.exit(int(Exit.UNWELL if left(found, "fault") else Exit.DONE))


def all_examined(patient: Patient) -> Iterator[Diagnosis]:
    """What is found, in the archive and in the files that say how it is run."""
    yield from examined(patient)
    yield from written_by_hand(patient.data)


def written_by_hand(data: Path) -> Iterator[Diagnosis]:
    """Whether `dossier.toml` and the topics' files can be read, and say what can be done."""
    try:
        schedule.rules_of(data)
        alerts.rules_of(data)
    except OperationError as error:
        yield fault("settings", str(error), "mend the file")
    else:
        yield well("settings", "dossier.toml can be read" if (data / "dossier.toml").exists() else "no dossier.toml")
    read = 0
    wrong: list[str] = []
    for path, _ in zip(sorted((data / "topics").glob("*.toml")), range(MOST_TOPICS), strict=False):
        try:
            load_topic(path)
        except TopicError as error:
            wrong.append(str(error))
        read += 1
    for text in wrong:
        yield fault("topics", text, "mend the file")
    if not wrong:
        yield well("topics", f"{counted(read, 'file')} of your own" if read else "no files in its folder")


def held(data: Path, *, is_wanted: bool) -> AbstractContextManager[object]:
    """Hold the archive against crawls, where that is wanted and there is one."""
    return CrawlLock(data) if is_wanted and data.is_dir() else nullcontext()


@contextmanager
def told_progress(*, is_wanted: bool) -> Iterator[Progress]:
    """Say on a terminal what is looked at."""
    with narrated("looking ...", is_shown=is_wanted) as told:
        yield lambda what, done, total: told(f"{what} {done:,} of {total:,}" if total else f"{what} ...")


def mend(patient: Patient, found: Sequence[Diagnosis], *, as_json: bool) -> None:
    """Do what can be done, and tell each step."""
    out = console()
    try:
        for examination, did in operated(patient, found):
            if not as_json:
                line(out, "mended", "cyan", f"{examination}: {did}")
    except StoreError as error:
        raise NotStored(f"{error}; what was mended before stays mended") from error
    except OSError as error:
        raise NotStored(f"{error.filename}: {error.strerror or error}; look at the disk, and run this again") from error


def shown(found: Iterator[Diagnosis], *, silent_on_well: bool, as_json: bool) -> Iterator[Diagnosis]:
    """Print each finding as soon as it is there, and hand it on."""
    out = console()
    for one in found:
        if not as_json and not (silent_on_well and one.state == "well"):
            line(out, one.state, STYLES[one.state], f"{one.examination}: {one.what}", one.mend)
        yield one


def line(out: Console, state: str, style: str, text: str, mend: str = "") -> None:
    """Print one finding: on a terminal with its mend below it, elsewhere on one line."""
    if not out.is_terminal:
        say(out, Text(f"{state:<9}"), plain(f"{text}; {mend}" if mend else text))
        return
    table = Table.grid(padding=(0, 1))
    table.add_column(width=len("warning") + 1)
    table.add_column()
    table.add_row(Text(state, style), plain(text))
    if mend:
        table.add_row("", plain(mend, "dim"))
    out.print(table)


def compared(before: Sequence[Diagnosis], after: Sequence[Diagnosis]) -> list[Diagnosis]:
    """All that is found now, and what was found before and is not any more, as repaired."""
    still = {(one.examination, one.what) for one in after if one.state != "well"}
    mended = [one for one in before if one.is_mendable and (one.examination, one.what) not in still]
    return [*(replace(one, repaired=True) for one in mended), *after]


def left(found: Sequence[Diagnosis], state: str) -> list[Diagnosis]:
    """The findings of a state that were not repaired."""
    return [one for one in found if one.state == state and not one.repaired]


def public(one: Diagnosis) -> dict[str, object]:
    """A finding for programs."""
    return {key: value for key, value in asdict(one).items() if key != "is_mendable"}


def conclude(found: Sequence[Diagnosis], *, is_repair: bool) -> None:
    """Print the sum of it."""
    out = console()
    faults, warnings = left(found, "fault"), left(found, "warning")
    parts = [counted(len(some), noun) for some, noun in ((faults, "fault"), (warnings, "warning")) if some]
    mended = sum(one.repaired for one in found)
    told = f"{counted(mended, 'fault')} mended. " if mended else ""
    text = f"{told}{' and '.join(parts)} left" if told and parts else f"{told}{' and '.join(parts) or 'All is well'}"
    can = any(one.is_mendable for one in (*faults, *warnings)) and not is_repair
    say(out, plain(f"{text}.", "bold"), " `dossier doctor --repair` mends what it can." if can else "")
