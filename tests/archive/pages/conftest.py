"""One archive of hostile places, for all tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.opened import Get, opened
from tests.placed import place


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    with opened(place(tmp_path_factory.mktemp("placed"))) as asked:
        yield asked
