"""What every test may ask for, and the order of all: the journeys begin, since they are long and wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# No test asserts a time: a busy machine is no fault of the code.
hypothesis.settings.register_profile("dossier", deadline=None)
hypothesis.settings.load_profile("dossier")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start commands come first: what is short fills the gaps behind them, and no core waits at the end."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive that ails nothing; for copies, nobody writes into it."""
    from tests.ailing import healthy

    return healthy(tmp_path_factory.mktemp("whole") / "data")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for the tests of a file: while it is open, its loop is the thread's, and others could start none."""
    from tests.browsing import launched

    with launched() as browser:
        yield browser
