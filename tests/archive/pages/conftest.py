"""Archives for all tests that only look at them: one of hostile places, one that is stocked for searches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.opened import Get, opened
from tests.placed import place
from tests.stocked import stock


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    with opened(place(tmp_path_factory.mktemp("placed"))) as asked:
        yield asked


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """The same of a stocked archive, for tests of searches."""
    with opened(stock(tmp_path_factory.mktemp("stocked"))) as asked:
        yield asked
