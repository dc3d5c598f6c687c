"""The archive opened for a command that reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from archive.errors import StoreError, told
from archive.queries import DATABASE, NoArchiveError, Reader, none_in, open_reader
from archive.reviews import names
from crawler.exits import Exit, NotStored
from crawler.folders import DEFAULT_TOPIC
from crawler.terminal import printable


class NoArchive(click.ClickException):
    """There is no archive to read; the message says what to do."""

    exit_code = int(Exit.USAGE)


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
