"""The options that every verb has, before it or behind it."""

from __future__ import annotations

from typing import Any

import click

from crawler.manners import FORMATS, manners_of


def speaking(*, hidden: bool = False) -> list[click.Option]:
    """`--quiet`, `--verbose` and `--log-format`; hidden ones are read as well and stand in no help."""
    return [
        click.Option(
            ["-q", "--quiet"], is_flag=True, expose_value=False, callback=quiet, hidden=hidden,
            help="Only results and errors: no progress, no hints.",
        ),
        click.Option(
            ["-v", "--verbose"], is_flag=True, expose_value=False, callback=verbose, hidden=hidden,
            help="A log of every request, and of a fault its traceback.",
        ),
        click.Option(
            ["--log-format"], type=click.Choice(FORMATS), expose_value=False, callback=log_format, hidden=hidden,
            envvar=None if hidden else "DOSSIER_LOG_FORMAT",
            help="Log and errors as lines for people or for programs (else DOSSIER_LOG_FORMAT).",
        ),
    ]  # fmt: skip


def quiet(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    """Note that it was asked for."""
    manners_of(ctx).quiet |= value


def verbose(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    """Note that it was asked for."""
    manners_of(ctx).verbose |= value


def log_format(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    """Note which one was asked for."""
    if value:
        manners_of(ctx).log_format = value
        if value == "json":
            from crawler.logs import speak_json  # noqa: PLC0415 - only where it is asked for: help starts at once

            speak_json()


def add(command: click.Command) -> None:
    """Let a verb, and all below it, read these options as well, but for those whose names it uses itself."""
    taken = {name for param in command.params for name in param.opts}
    command.params += [option for option in speaking(hidden=True) if not taken & set(option.opts)]
    if isinstance(command, click.Group):
        own = command.get_command

        def below(ctx: click.Context, cmd_name: str) -> click.Command | None:
            found = own(ctx, cmd_name)
            if found is not None:
                add(found)
            return found

        command.get_command = below  # type: ignore[method-assign]  # groups may load what is below them when it is used


def shown(command: Any) -> None:
    """Add them to the command itself, where its help shows them."""
    command.params += speaking()
