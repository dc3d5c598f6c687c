"""`dossier schedule cron|systemd|github`: files for the user's own scheduler."""

from __future__ import annotations

import os
import pwd
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from crawler.operation import OperationError
from crawler.schedule.files import github as workflow
from crawler.schedule.files import systemd as units
from crawler.schedule.files.clock import PERIODS
from crawler.schedule.files.cron import crontab
from crawler.schedule.files.cron import hint as cron_hint
from crawler.schedule.files.installation import installation
from crawler.schedule.files.quoting import FileRefused
from crawler.schedule.files.sealing import place, prospect, sealed
from pipelines.topic import TopicError

F = TypeVar("F", bound=Callable[..., Any])


def every(default: str) -> Callable[[F], F]:
    """The option that says how often."""
    return click.option(
        "--every", type=click.Choice(list(PERIODS)), default=default, show_default=True, help="How often to crawl."
    )


def writing(where: str) -> Callable[[F], F]:
    """The options of a command that shows files or writes them."""
    options = (
        click.option("--write", "folder", is_flag=False, flag_value="", metavar="[DIR]", help=where),
        click.option("--dry-run", is_flag=True, help="Write nothing: say what --write would do."),
        click.option("--force", is_flag=True, help="Write over a file that is not Dossier's own, or was changed."),
    )

    def with_options(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return with_options


@click.command("cron", short_help="Lines for cron.")
@click.argument("topics", nargs=-1, metavar="[TOPIC]...")
@every("1h")
@writing("Write dossier.cron into the data folder, or into DIR, instead of showing it.")
@click.pass_context
def cron(ctx: click.Context, /, topics: tuple[str, ...], every: str, folder: str | None, **how: bool) -> None:
    """Lines for cron: a crawl of each TOPIC, the snapshot and the maintenance of the night, and the watch.

    The topics are those that [schedule] of dossier.toml names, else all that are there.
    """
    with told():
        here = installation(ctx.find_root().obj, topics)
        file = target(folder, here.data) / "dossier.cron"
        again = here.command("schedule", "cron", *topics, "--every", every)
        files = {file: sealed(crontab(here, PERIODS[every]), f"{here.data}")}
        deliver(files, cron_hint(here, again if folder is None else ("cat", str(file))), folder, **how)


@click.command("systemd", short_help="A service, or timers, for systemd.")
@click.argument("topics", nargs=-1, metavar="[TOPIC]...")
@click.option("--timers", is_flag=True, help="A timer for each topic and one for the night, instead of the daemon.")
@every("1h")
@click.option("--system", is_flag=True, help="Units of the system, which run as the owner of the data folder.")
@click.option("--name", default="dossier", show_default=True, help="What the names of the units begin with.")
@writing("Write the units into systemd's folder, or into DIR, instead of showing them.")
@click.pass_context
def systemd(
    ctx: click.Context,
    /,
    topics: tuple[str, ...],
    timers: bool,
    every: str,
    system: bool,
    name: str,
    folder: str | None,
    **how: bool,
) -> None:
    """Units for systemd: a service that runs `dossier schedule run`, or timers that crawl each TOPIC."""
    if topics and not timers:
        mend = "give --timers, or leave them out and name them in dossier.toml: [schedule] topics = [...]"
        raise click.UsageError(f"the daemon takes no topics from its command line; {mend}")
    with told():
        here = installation(ctx.find_root().obj, topics)
        owner = units.Place(name=name, account=account_of(here.data) if system else "", folder=Path.cwd())
        made = units.timer_units(here, owner, PERIODS[every]) if timers else units.daemon_units(here, owner)
        usual = Path("/etc/systemd/system") if system else user_units(os.environ)
        home = target(folder, usual)
        files = {home / unit: sealed(text, f"{here.data}") for unit, text in made.items()}
        chosen = ["--timers", "--every", every] if timers else []
        again = here.command("schedule", "systemd", *topics, *chosen, *(["--system"] if system else []), "--name", name)
        before = placing(list(files), usual, again if folder is None else (), with_sudo=system)
        hint = units.hint([usual / unit for unit in made], owner, here, before)
        deliver(files, hint, folder, **how)


def placing(files: Sequence[Path], usual: Path, again: Sequence[str], *, with_sudo: bool) -> str:
    """The command that puts units where systemd looks: `again` with --write, or a copy; empty if they are there."""
    sudo = ["sudo"] if with_sudo else []
    if again:
        return shlex.join([*sudo, *again, "--write"])
    there = files[0].parent == usual
    return "" if there else shlex.join([*sudo, "install", "-D", "-m", "644", "-t", str(usual), *map(str, files)])


@click.command("github", short_help="A workflow for GitHub Actions.")
@click.argument("topic", required=False, metavar="[TOPIC]")
@every("6h")
@click.option(
    "--minutes", type=click.IntRange(1, 300), default=40, show_default=True, help="How long a crawl may take."
)
@click.option("--max-pages", type=click.IntRange(1, 100_000), default=500, show_default=True, help="Pages of a crawl.")
@click.option("--install", "requirement", metavar="WHAT", help="What pip installs there: a wheel, a git+https address.")
@writing("Write it into the repository here, or in DIR, instead of showing it.")
@click.pass_context
def github(
    ctx: click.Context,
    /,
    topic: str | None,
    every: str,
    minutes: int,
    max_pages: int,
    requirement: str | None,
    folder: str | None,
    **how: bool,
) -> None:
    """A workflow for GitHub Actions: crawl TOPIC, commit its snapshot, publish the archive with a release."""
    with told():
        here = installation(ctx.find_root().obj, (topic,) if topic else ())
        repository = target(folder, Path.cwd())
        budget = workflow.Budget(period=PERIODS[every], minutes=minutes, pages=max_pages)
        text = workflow.workflow(here, budget, requirement or workflow.requirement_of(repository))
        file = repository / ".github" / "workflows" / f"dossier-{here.topics[0].name}.yml"
        deliver({file: sealed(text, here.topics[0].name)}, workflow.hint(here, file, repository), folder, **how)


@contextmanager
def told() -> Iterator[None]:
    """Whatever is wrong with topics, dossier.toml or the files becomes a line that says what to mend."""
    try:
        yield
    except (FileRefused, OperationError, TopicError) as error:
        raise click.UsageError(str(error)) from error


def target(folder: str | None, usual: Path) -> Path:
    """The folder that the user names, which has to be there: a topic's name is easily taken for one; else the usual."""
    if not folder:
        return usual
    if not Path(folder).is_dir():
        raise click.UsageError(f"--write {folder}: there is no such folder; make it, or leave DIR out")
    return Path(folder).absolute()


def user_units(environ: Mapping[str, str]) -> Path:
    """Where systemd looks for the units of the user."""
    configured = environ.get("XDG_CONFIG_HOME", "")
    return (Path(configured) if Path(configured).is_absolute() else Path.home() / ".config") / "systemd" / "user"


def account_of(data: Path) -> str:
    """The name of the account that owns the data folder, or would if it were made now."""
    nearest = next(path for path in (data, *data.parents) if path.exists())
    try:
        name = pwd.getpwuid(nearest.stat().st_uid).pw_name
    except (OSError, KeyError) as error:
        raise FileRefused(f"nobody known owns {nearest}; give it to an account: chown") from error
    if name == "root":
        raise FileRefused(f"{nearest} belongs to root, which should not crawl; give it to an account: chown")
    return name


WOULD = {
    "new": "would be new",
    "unchanged": "is there already",
    "updated": "would be updated",
    "taken": "would be refused without --force",
}
"""What a dry run says of a file."""


def deliver(files: Mapping[Path, str], hint: str, folder: str | None, *, dry_run: bool, force: bool) -> None:
    """Show the files, or write them and say so; then how to use them, apart from what a pipe takes."""
    if dry_run:
        for path, text in files.items():
            click.echo(f"{WOULD[prospect(path, text)]}: {path}")
    elif folder is None:
        for path, text in files.items():
            click.echo(f"# {path}\n{text}" if len(files) > 1 else text, nl=len(files) > 1)
    else:
        for path, state in place(files, force=force).items():
            click.echo(f"{state}: {path}")
    click.echo(hint if folder is not None or dry_run else f"\n{hint}", err=True)
