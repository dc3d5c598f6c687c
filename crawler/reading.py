"""The archive opened for a command that reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path

import click

from archive.errors import StoreError, told
from archive.queries import DATABASE, NoArchiveError, Reader, none_in, open_reader
from archive.reviews import names
from crawler.exits import Exit, NotStored
from crawler.folders import DEFAULT_TOPIC, topic_folders
from crawler.terminal import printable

MOST = 200  # topic files that are looked at


class NoArchive(click.ClickException):
    """There is no archive to read; the message says what to do."""

    exit_code = int(Exit.USAGE)


def own_topic(data: Path) -> str:
    """The topic meant where none is named: the only one of the archive, else the only file here, else the first.

    The first topic counts wherever the archive follows it. A usage error names them where several could be meant.
    """
    try:
        with told(data / DATABASE), closing(open_reader(data)) as db:
            known = set(names(db))
    except StoreError:  # there is none yet, or whoever opens it next says what is wrong with it
        known = set()
    here, own, _packaged = topic_folders(data)
    return chosen(sorted(known | files_in(own)) or sorted(files_in(here)) or [DEFAULT_TOPIC])


def files_in(folder: Path) -> set[str]:
    """The names of the topics in a folder; none where it cannot be read."""
    with suppress(OSError):
        return {path.stem for path in islice(folder.glob("*.toml"), MOST)}
    return set()


def chosen(known: Sequence[str]) -> str:
    """The first topic where it is among them, else the only one; a usage error that names them, else."""
    if DEFAULT_TOPIC in known:
        return DEFAULT_TOPIC
    if len(known) == 1:
        return known[0]
    several = f"several topics could be meant: name {' or '.join(map(printable, known))}"
    raise click.UsageError(several if known else "this archive follows no topic: name one")


@contextmanager
def reader(data: Path) -> Iterator[Reader]:
    """A read-only connection to the archive in a data folder; a clear line and an exit code where there is none."""
    try:
        with told(data / DATABASE):
            db = open_reader(data)
            try:
                yield db
            finally:
                db.close()
    except NoArchiveError as error:
        raise NoArchive(str(error)) from error
    except StoreError as error:
        # To read takes some room, and rights, too.
        kind = NotStored if error.kind in {"full", "readonly"} else click.ClickException
        raise kind(str(error)) from error


def updated(data: Path) -> None:
    """Bring an archive of an older release up to date before it is read; NoArchive where there is none."""
    if not (data / DATABASE).is_file():
        raise NoArchive(none_in(data))
    from archive.store import Archive  # noqa: PLC0415 - most commands only read, and begin at once

    Archive.open(data).close()


def followed(db: Reader, asked: str) -> str:
    """The name under which an archive follows a topic: the first topic, or its only one, where none is named."""
    known = names(db)
    name = Path(asked).stem if asked.endswith(".toml") else asked
    if not name:
        name = DEFAULT_TOPIC if DEFAULT_TOPIC in known or len(known) != 1 else known[0]
    if name not in known:
        mend = f"name one of {', '.join(known)}" if known else "`dossier crawl` fills it"
        raise click.UsageError(f"{printable(name)}: this archive follows no such topic; {mend}")
    return name
