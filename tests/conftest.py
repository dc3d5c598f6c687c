"""What every test may ask for, and the order of all: the journeys begin, since they are long and wait."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start commands come first: what is short fills the gaps behind them, and no core waits at the end."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)
