"""What a shell may complete behind a verb: names of topics, and addresses of articles."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from pathlib import Path

import click

from archive.errors import StoreError
from archive.queries import open_reader
from archive.suggestions import addresses
from crawler.folders import data_folder, topic_folders
from crawler.terminal import printable

MOST = 200  # topics that are looked at


def topic_names(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The topics of these folders that begin so."""
    names: set[str] = set()
    for folder in topic_folders(folder_of(ctx)):
        with suppress(OSError):
            names.update(path.stem for path in islice(folder.glob("*.toml"), MOST))
    return sorted(name for name in names if name.startswith(incomplete) and printable(name) == name)


def article_urls(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The articles whose addresses begin so; none where there is no archive that can be read."""
    try:
        db = open_reader(folder_of(ctx))
    except StoreError:
        return []
    try:
        return [url for url in addresses(db, incomplete) if printable(url) == url]
    finally:
        db.close()


def folder_of(ctx: click.Context) -> Path:
    """The data folder, as the words typed so far name it."""
    return data_folder(ctx.find_root().params.get("data"))
