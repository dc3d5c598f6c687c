"""The `dossier` command: one file a verb, loaded when it is asked for."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from crawler.cli.endings import code_of, opened, told
from crawler.cli.options import add, shown
from crawler.folders import data_folder
from crawler.manners import colour

GROUPS = {
    "Follow a topic": ("new", "crawl", "backfill"),
    "Read": ("search", "serve", "story", "diff", "why"),
    "Judge": ("review", "learn", "rescore", "reextract"),
    "Keep it running": ("schedule", "status", "sources", "watch", "doctor", "maintain"),
    "Hand it on": ("snapshot", "export", "merge", "prune"),
    "Try it": ("demo", "completion"),
}
"""The verbs, in the order in which a newcomer meets them."""
VERBS = tuple(verb for verbs in GROUPS.values() for verb in verbs)


EXAMPLES = (
    ("dossier new floods URL", "a topic from one article, or several"),
    ("dossier crawl floods", "find and store what the press writes on it; again whenever you like"),
    ("dossier serve --open", "read it in the browser: search, stories, versions"),
    ("dossier review floods", "say of doubtful articles whether they belong"),
    ("dossier watch", "what is wrong, and alerts of what is new"),
)
"""The usual way, from a link to an archive that looks after itself."""


CLAUSES = (": ", " (", "; ", ", ")
"""Where a sentence that is too long may end, the best places first."""


class Verbs(click.Group):
    """The verbs of the command, each imported only when it is used: `dossier --help` starts at once."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command and leave with its exit code; every error is one line."""
        work = partial(super().main, args, prog_name, complete_var, standalone_mode=False, **extra)
        if not standalone_mode:
            return work()
        if os.environ.get("_DOSSIER_COMPLETE"):
            import_module("crawler.cli.completion")  # knows how our script for bash hands over its line
        own = sys.stderr
        opened()
        try:
            code = code_of(work)
        finally:
            if sys.stderr is not own:
                sys.stderr.close()
            sys.stderr = own
        sys.exit(code)

    def invoke(self, ctx: click.Context) -> Any:
        """What the verb gives; faults that nobody expected are told in a line."""
        with told(ctx):
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All verbs, in the order in which a newcomer meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that verb, or None."""
        if cmd_name not in VERBS:
            return None
        command = import_module(f"crawler.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        if cmd_name not in self.commands:
            self.add_command(command, cmd_name)
            add(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that is asked for; where there is none of that name, the nearest is told."""
        if args and args[0] not in VERBS and not args[0].startswith("-") and not ctx.resilient_parsing:
            near = get_close_matches(args[0], VERBS, 1, 0.5)
            mend = f"did you mean `dossier {near[0]}`?" if near else "`dossier --help` lists them all"
            raise click.UsageError(f"{args[0][:80]} is no verb of dossier; {mend}", ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """The verbs and options that begin so; no verb is imported for it."""
        verbs = [verb for verb in VERBS if verb.startswith(incomplete)]
        return [CompletionItem(verb, help=short_of(verb, 70)) for verb in verbs] + click.Command.shell_complete(
            self, ctx, incomplete
        )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with what each says of itself, read and not imported: all that they need takes seconds."""
        longest = max(map(len, VERBS))
        width = formatter.width - 6 - longest
        for title, verbs in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(verb.ljust(longest), short_of(verb, width)) for verb in verbs])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usual way, as one would type it."""
        with formatter.section("The usual way"):
            formatter.write_dl(EXAMPLES)


def short_of(verb: str, width: int) -> str:
    """What a verb says of itself, on one line: its first sentence, as far as the clauses that fit."""
    sentence = " ".join(said_of(verb).partition("\n\n")[0].split()).partition(". ")[0].removesuffix(".")
    if len(sentence) <= width:
        return sentence
    ends = (sentence.rfind(mark, width // 4, width + 1) for mark in CLAUSES)
    end = next((end for end in ends if end > 0), 0)
    return sentence[:end] if end else f"{sentence[: width - 1].rpartition(' ')[0]}…"


def said_of(verb: str) -> str:
    """The docstring of a verb's command."""
    source = Path(__file__).with_name(f"{verb}.py").read_text("utf-8")
    functions = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    return next((ast.get_docstring(node) or "" for node in functions if node.name == "command"), "")


@click.group(
    cls=Verbs,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("--data", metavar="DIR", help="The archive's folder (else DOSSIER_DATA, else archive/data here).")
@click.version_option(package_name="dossier-news", prog_name="dossier")
@click.pass_context
def main(ctx: click.Context, data: str | None) -> None:
    """Follow a news topic: from one seed article to a searchable archive of what the press wrote on it."""
    ctx.obj = Path(data_folder(data))
    ctx.color = colour()
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    elif ctx.obj.exists() and not ctx.obj.is_dir():
        raise click.UsageError(f"{ctx.obj} is a file; name the folder of an archive with --data, or one to be made")


shown(main)
