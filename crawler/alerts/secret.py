"""A password or token: named in the file, read where it lies when it is needed, shown nowhere."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from crawler.alerts.way import NotSent
from crawler.table import Table

MOST = 10_000  # bytes
SHORTEST = 4  # characters; what is shorter stands in every sentence and hides nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a secret lies: in an environment variable, or in a file; nowhere where there is none."""

    env: str = ""
    file: str = ""

    def __bool__(self) -> bool:
        return bool(self.env or self.file)

    def read(self, environ: Mapping[str, str] = os.environ) -> str:
        """The secret on one line; NotSent says where it should lie."""
        if self.env:
            found, place = environ.get(self.env, ""), f"the environment variable {self.env}"
        else:
            place = self.file
            try:
                with Path(self.file).expanduser().open("rb") as file:
                    found = file.read(MOST).decode()
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "no UTF-8"
                raise NotSent(f"{place} cannot be read ({reason}); put the secret there") from error
        found = found.strip()
        if not found or not found.isprintable():
            raise NotSent(f"{place} holds no secret; put one line there")
        return found


def secret(table: Table, name: str) -> Secret:
    """The secret that a table names by `NAME_env` or `NAME_file`."""
    env, file = f"{name}_env", f"{name}_file"
    found = Secret(
        env=table.text(env, "give the name of an environment variable"),
        file=table.text(file, "give the path of a file that holds it"),
    )
    if found.env and found.file:
        raise table.fault(env, f"stands beside {file}", "give one of them")
    return found


def without(text: str, secrets: Iterable[str]) -> str:
    """A text in which no secret stands, as it is or as the protocols encode it: a server may send back what it got."""
    for one in secrets:
        if len(one) < SHORTEST:
            continue
        for spelling in (one, b64encode(one.encode()).decode()):
            text = text.replace(spelling, "***")
    return text
