"""The `dossier` command: one file a verb, loaded when it is asked for."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import click

from crawler.folders import data_folder

GROUPS = {
    "Follow a topic": ("new", "crawl", "backfill"),
    "Read": ("search", "serve", "story", "diff", "why"),
    "Judge": ("review", "learn", "rescore", "reextract"),
    "Keep it running": ("status", "sources"),
    "Hand it on": ("snapshot", "merge"),
    "Try it": ("demo",),
}
"""The verbs, in the order in which a newcomer meets them."""
VERBS = tuple(verb for verbs in GROUPS.values() for verb in verbs)


class Verbs(click.Group):
    """The verbs of the command, each imported only when it is used: `dossier --help` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs, in the order in which a newcomer meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that verb, or None."""
        if cmd_name not in VERBS:
            return None
        command = import_module(f"crawler.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with what each says of itself, read and not imported: all that they need takes seconds."""
        longest = max(map(len, VERBS))
        width = formatter.width - 6 - longest
        for title, verbs in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(
                    [
                        (verb.ljust(longest), click.Command(verb, help=said_of(verb)).get_short_help_str(width))
                        for verb in verbs
                    ]
                )


def said_of(verb: str) -> str:
    """The docstring of a verb's command."""
    source = Path(__file__).with_name(f"{verb}.py").read_text("utf-8")
    functions = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    return next((ast.get_docstring(node) or "" for node in functions if node.name == "command"), "")


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--data", metavar="DIR", help="The archive's folder (else DOSSIER_DATA, else archive/data here).")
@click.version_option(package_name="dossier-news", prog_name="dossier")
@click.pass_context
def main(ctx: click.Context, data: str | None) -> None:
    """Follow a news topic: from one seed article to a searchable archive of what the press wrote on it."""
    ctx.obj = Path(data_folder(data))
