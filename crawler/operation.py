"""`dossier.toml` in the data folder: how an archive is run when nobody looks.

Each table of it is read by its own noun.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAME = "dossier.toml"
TABLES = ("schedule", "alerts")
MOST = 100_000  # bytes


class OperationError(Exception):
    """The file says something that cannot be done; the message names file, key, fault and mend."""


def operation(data: Path) -> dict[str, Mapping[str, Any]]:
    """The tables of an archive's `dossier.toml`, each empty where there is none; OperationError in words."""
    path = data / NAME
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise OperationError(f"{path}: it is no file; take it away")
    try:
        with path.open("rb") as file:
            text = file.read(MOST + 1)
    except FileNotFoundError:
        text = b""
    except OSError as error:
        raise OperationError(f"{path}: {error.strerror or error}; make it readable, or take it away") from error
    if len(text) > MOST:
        raise OperationError(f"{path}: longer than {MOST:,} bytes; look at it: it should be a page at most")
    try:
        found = tomllib.loads(text.decode())
    except (ValueError, RecursionError) as error:
        raise OperationError(f"{path}: {error}; mend the file") from error
    for name, table in found.items():
        if name not in TABLES:
            raise OperationError(f"{path}: {name!r} is no table of it; it may have [{'] and ['.join(TABLES)}]")
        if not isinstance(table, dict):
            raise OperationError(f"{path}: {name} is no table; write [{name}] above its keys")
    return {name: found.get(name, {}) for name in TABLES}
