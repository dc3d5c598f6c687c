"""`dossier schedule`: keep an archive going, by a daemon of ours or by the machine's own scheduler."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import click

COMMANDS = {
    "run": "crawler.cli.schedule_run:run",
    "status": "crawler.cli.schedule_status:status",
    "cron": "crawler.cli.schedule_files:cron",
    "systemd": "crawler.cli.schedule_files:systemd",
    "github": "crawler.cli.schedule_files:github",
}
"""Where each command is; it is imported when it is used."""


class Commands(click.Group):
    """The commands of COMMANDS."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order of the table."""
        return [name for name, place in COMMANDS.items() if find_spec(place.partition(":")[0]) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        assert isinstance(found, click.Command)
        return found


@click.group("schedule", cls=Commands)
def command() -> None:
    """Keep the archive going: crawl each topic at its own pace, ask about its past, and tidy up at night.

    What is done when stands in dossier.toml in the archive's folder, in the table [schedule]; without it, all topics
    there are followed.
    """
