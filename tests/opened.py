"""An archive served in this process, for tests of its pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.serve import application
from pipelines.difference import difference

Get = Callable[..., Any]


@contextmanager
def opened(data: Path) -> Iterator[Get]:
    """A function that gives the answer of the served archive to an address."""
    app = application(data, difference)
    with asyncio.Runner() as runner:
        yield lambda path, method="GET", **more: runner.run(app.client.request(method, path, **more))
    app.executor.shutdown()
    for database in app.databases.values():
        database.close()
    app.dossier.close()
