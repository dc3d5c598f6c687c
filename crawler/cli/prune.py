"""`dossier prune`: placeholder until the pruning noun is there."""

from __future__ import annotations

import click


@click.command("prune")
def command() -> None:
    """Take articles, or only their bytes, out of the archive."""
