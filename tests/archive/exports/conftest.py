"""What the tests of exports share: one archive that no test changes, one that each may change, and hostile texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.exports.progress import Progress
from archive.exports.selection import Selection
from archive.queries import open_reader
from archive.questions.question import parse
from archive.store import Archive
from tests.filling import fill

Choose = Callable[..., Selection]


@pytest.fixture(scope="package")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that no test changes."""
    return fill(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="package")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive whose first article says what a test wants."""
    with closing(Archive.open(fill(tmp_path_factory.mktemp("changing")))) as archive:
        archive.db.execute("PRAGMA synchronous = OFF")
        yield archive


@pytest.fixture
def choose(kept: Path) -> Iterator[Choose]:
    """The articles of a question in the archive that no test changes."""
    with closing(open_reader(kept)) as db:
        yield lambda typed="", **more: Selection(db=db, question=parse(typed), **more)


@pytest.fixture
def progress() -> Progress:
    return Progress()


@pytest.fixture
def saying(changing: Archive) -> Callable[..., Any]:
    """What a form makes of the first article, once its columns are those that are given."""

    def said(form: Callable[[Selection, Progress], Any], **columns: Any) -> Any:
        with changing.writing() as db:
            sets = ", ".join(f"{name} = ?" for name in columns)
            db.execute(f"UPDATE articles SET {sets} WHERE id = 1", list(columns.values()))
        with closing(open_reader(changing.folder)) as db:
            wanted = Selection(db=db, question=parse("outlet:wire.example since:2019-03"), limit=1)
            return form(wanted, Progress())

    return said
