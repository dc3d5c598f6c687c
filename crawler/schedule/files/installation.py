"""What a scheduler is to start: this `dossier`, on one archive, for its topics."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import StoreError, told
from archive.queries import DATABASE, NoArchiveError, open_reader
from archive.reviews import names
from crawler.folders import DEFAULT_TOPIC, PACKAGED_TOPICS, topic_folders
from crawler.schedule.files.quoting import FileRefused, one_line
from crawler.schedule.files.wishes import Wishes, wishes
from pipelines.topic import find_topic, load_topic

MOST_TOPICS = 60  # one a minute of the hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A topic to be crawled: its name, and what to type for it wherever the command is started from."""

    name: str
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The words that start this `dossier`, the archive's folder, its topics, and what its dossier.toml wishes."""

    program: tuple[str, ...]
    data: Path
    topics: tuple[Followed, ...]
    wishes: Wishes = field(default_factory=Wishes)

    def __post_init__(self) -> None:
        for word in self.program:
            one_line(word, "the program")
        one_line(str(self.data), "the data folder")
        for topic in self.topics:
            one_line(topic.typed, "the topic file")
        for word in self.wishes.crawl_options:
            one_line(word, "the crawl option")

    @property
    def mark(self) -> str:
        """Eight characters that are this archive's own."""
        return hashlib.sha256(os.fsencode(self.data)).hexdigest()[:8]

    def command(self, *words: str) -> tuple[str, ...]:
        """The words of a command on this archive."""
        return (*self.program, "--data", str(self.data), *words)

    def crawl(self, topic: Followed) -> tuple[str, ...]:
        """The words that crawl a topic."""
        return self.command("crawl", topic.typed, *self.wishes.crawl_options)

    def nightly(self) -> tuple[tuple[str, ...], ...]:
        """The words of each command of the night, in their order."""
        return tuple(self.command(*words) for words in self.wishes.nightly)


def installation(data: Path, asked: Sequence[str] = (), program: Sequence[str] | None = None) -> Installation:
    """The running `dossier` on an archive, for these topics, else those of dossier.toml, else all that are there.

    TopicError and OperationError for a file that cannot be read, FileRefused for what no scheduler's file can hold.
    """
    wished = wishes(data)
    names = tuple(dict.fromkeys(asked or wished.topics)) or own_topics(data)
    if len(names) > MOST_TOPICS:
        raise FileRefused(f"{len(names)} topics are to be crawled; name the {MOST_TOPICS} that matter most")
    return Installation(
        program=tuple(program or this_program(sys.argv[0], sys.executable)),
        data=data,
        topics=tuple(followed(name, data) for name in names),
        wishes=wished,
    )


def this_program(typed: str, python: str) -> tuple[str, ...]:
    """The absolute path of the running `dossier`, links kept (they outlive an upgrade); else Python and the module."""
    for path in (Path(typed).absolute(), Path(python).with_name("dossier")):
        if path.name == "dossier" and os.access(path, os.X_OK) and path.is_file():
            return (str(path),)
    return (python, "-m", "crawler.cli")


def own_topics(data: Path) -> tuple[str, ...]:
    """The topic files of the data folder, else the topics that its archive follows, else the one that ships."""
    if files := sorted((data / "topics").glob("*.toml")):
        return tuple(map(str, files))
    with suppress(NoArchiveError, StoreError), told(data / DATABASE), closing(open_reader(data)) as db:
        return tuple(names(db)) or (DEFAULT_TOPIC,)
    return (DEFAULT_TOPIC,)


def followed(name: str, data: Path) -> Followed:
    """A topic as it is typed from anywhere: its file's whole path, or the name of one that ships with Dossier."""
    path = find_topic(name, topic_folders(data)).absolute()
    topic = load_topic(path)
    return Followed(name=topic.name, typed=topic.name if path.parent == PACKAGED_TOPICS else str(path))
