"""The archive opened for a command that only reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from archive.errors import StoreError, told
from archive.queries import DATABASE, NoArchiveError, Reader, open_reader
from crawler.exits import Exit


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
        raise click.ClickException(str(error)) from error
