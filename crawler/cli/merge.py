"""`dossier merge`: other archives joined into this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, TaskID

from archive.errors import StoreError
from archive.lock import CrawlLock
from archive.merging.merge import Merged, Told, check, merge
from archive.merging.origin import Origin, OriginError, opened
from archive.queries import DATABASE
from archive.store import Archive
from archive.wording import counted
from crawler.exits import Exit, NotStored
from crawler.merging import rules
from crawler.outgoing import stoppable
from crawler.terminal import console, json_text, plain, say
from crawler.times import now, text_of

LATER = "what came in is kept, and the same command goes on from here"
AHEAD = timedelta(days=1)  # that a clock of another machine may be ahead of ours


@click.command("merge")
@click.argument("folders", nargs=-1, required=True, metavar="DIR...", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what would come in, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@click.pass_context
def command(ctx: click.Context, folders: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Join the archives in other data folders into this one: articles, versions, stories, and the bytes of pages.

    Whatever the order, and however often, the outcome is the same. The other archives are only read, and may be
    crawling meanwhile. Killed, it goes on when it is run again. Topics of one name must judge alike; they may ask
    different sources. The exit code is 7 where something was damaged there, and so did not come in.

    For example, where the folders of two more machines were copied here: dossier merge machine-b machine-c
    """
    data: Path = ctx.find_root().obj
    named_once(folders)
    try:
        with stoppable(LATER), held(data, dry=dry_run) as archive, ExitStack() as stack:
            latest = text_of(now() + AHEAD) or ""
            origins = [stack.enter_context(opened(folder, data, latest)) for folder in folders]
            found = merged(archive, origins, stack, dry=dry_run, shows=not as_json)
    except OriginError as error:
        raise click.UsageError(str(error)) from error
    except StoreError as error:
        raise NotStored(f"{error}. What came in is kept: run this again when it is mended") from error
    if as_json:
        click.echo(json_text({"dry_run": dry_run, "merged": [one.figures() for one in found]}))
    else:
        tell(console(), found, dry=dry_run)
    ctx.exit(int(Exit.DONE if all(one.is_whole for one in found) else Exit.UNWELL))


def named_once(folders: Sequence[Path]) -> None:
    """A usage error where one archive is named twice."""
    seen: dict[Path, Path] = {}
    for folder in folders:
        if (place := folder.resolve()) in seen:
            raise click.UsageError(f"{folder} is named twice; name each archive once")
        seen[place] = folder


@contextmanager
def held(data: Path, *, dry: bool) -> Iterator[Archive]:
    """The archive that is merged into, with its lock; made where there is none, but not for a look."""
    if dry and not (data / DATABASE).is_file():
        raise OriginError(f"{data} holds no archive yet: merge without --dry-run makes it")
    with CrawlLock(data), closing(Archive.open(data)) as archive:
        yield archive


def merged(
    archive: Archive, origins: Sequence[Origin], stack: ExitStack, *, dry: bool, shows: bool
) -> list[Merged]:  # fmt: skip
    """What came in from each archive; nothing does where one of them cannot be merged."""
    known = stack.enter_context(rules())
    for origin in origins:
        check(archive, origin, known)
    found = []
    for origin in origins:
        with shown(origin.folder, shows=shows) as told:
            found.append(merge(archive, origin, known, told, dry=dry))
    return found


@contextmanager
def shown(folder: Path, *, shows: bool) -> Iterator[Told]:
    """A bar for each step, on a terminal."""
    out = Console(stderr=True)
    with Progress(console=out, transient=True, disable=not (shows and out.is_terminal)) as progress:
        bars: dict[str, TaskID] = {}

        def told(step: str, more: int, of: int) -> None:
            if step not in bars:
                bars[step] = progress.add_task(f"{plain(folder.name)}: {step}", total=of or None)
            progress.advance(bars[step], more)

        yield told


def tell(out: Console, found: Sequence[Merged], *, dry: bool) -> None:
    """The report for a reader."""
    would = "would come" if dry else "came"
    for one in found:
        say(
            out, plain(str(one.folder)),
            f": {counted(one.articles, 'new article')}, {counted(one.versions, 'version')},"
            f" {counted(one.pages.copied, 'record')}, {counted(one.stories, 'story', 'stories')} {would} in;"
            f" {counted(one.changed, 'article')} {'would change' if dry else 'changed'}.",
        )  # fmt: skip
        for line in notes(one):
            say(out, plain(line, "dim"), indent=2)
    if not any(one.is_new for one in found):
        say(out, "Nothing new." if dry else "Nothing new: all of it was here.")
    elif not dry:
        say(out, "`dossier reextract` reads the texts again with what all archives know of their outlets' furniture.")


def notes(one: Merged) -> Iterator[str]:
    """What else there is to say of one archive."""
    figures: dict[str, Any] = one.figures()
    if one.united:
        yield f"{counted(one.united, 'article')} turned out to be known here under another address."
    if one.links:
        yield f"{counted(one.links, 'link')} more, with how each ended."
    if figures["records_damaged"]:
        yield f"{counted(figures['records_damaged'], 'record')} could not be copied, and the texts came without bytes:"
        yield from (f"{url}: {reason}" for url, reason in figures["damaged"])
    if one.refused:
        yield f"{counted(one.refused, 'row')} that no archive writes so was left out."
