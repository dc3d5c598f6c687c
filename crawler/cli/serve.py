"""`dossier serve`: the archive in the browser."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import click

from archive.serve import ServeError, application, is_loopback_only, listener, serve
from archive.serving.doorkeeper import Rules
from crawler.accounts import accounts_of
from crawler.reading import reader
from pipelines.difference import difference

PUBLIC = (
    "other machines can reach this address. Everyone who does can read the archive, and what it holds belongs to its "
    "publishers. `--host 127.0.0.1` keeps it to this machine, `--auth USER` asks for a password."
)
PLAIN = (
    "passwords reach this address as plain text. Put a server with HTTPS before it, and leave it on `--host 127.0.0.1`."
)
ALONE = (
    "--private answers questions in SQL, with which anybody could keep this machine busy for as long as he likes; so "
    "it listens on this machine only. Leave --host out, and reach it from elsewhere with "
    "`ssh -L 8001:127.0.0.1:8001 HOST`."
)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Busy: the next free one.")
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
@click.option("--private", is_flag=True, help="For yourself, on this machine only: SQL, CSV streams, internal tables.")
@click.option("--auth", "user", metavar="USER", help="Ask for a password first: typed now, or DOSSIER_PASSWORD.")
@click.option("--auth-file", type=click.Path(path_type=Path), metavar="FILE", help="Accounts, one a line: NAME:HASH.")
@click.pass_context
def command(
    ctx: click.Context,
    host: str,
    port: int,
    open_browser: bool,
    private: bool,
    user: str | None,
    auth_file: Path | None,
) -> None:
    """Serve the archive with Datasette: search, facets, stories, every article; ends with Ctrl-C."""
    data: Path = ctx.find_root().obj
    if private and not is_loopback_only(host):
        raise click.UsageError(ALONE)
    with reader(data):
        pass  # says what is wrong with the archive before anything is opened
    rules = Rules(is_private=private, accounts=accounts_of(user, auth_file))
    try:
        app, bound = application(data, difference, rules), listener(host, port)
    except ServeError as error:
        raise click.ClickException(str(error)) from error
    used = bound.getsockname()[1]
    if port and used != port:
        click.echo(f"Port {port} is busy; using {used}.")
    for warning in warnings_for(bound, has_accounts=bool(rules.accounts)):
        click.echo(f"Warning: {warning}", err=True)
    url = f"http://{f'[{host}]' if ':' in host else host}:{used}/"

    def ready() -> None:
        click.echo(f"The archive in {data} is at {url}  (Ctrl-C ends)")
        if open_browser:
            # Some browsers keep their caller waiting until they end.
            Thread(target=webbrowser.open, args=[url], daemon=True).start()

    serve(app, bound, ready)


def warnings_for(bound: socket.socket, *, has_accounts: bool) -> Iterator[str]:
    """What an owner should know before other machines reach the archive."""
    if not ip_address(bound.getsockname()[0]).is_loopback:
        yield PLAIN if has_accounts else PUBLIC
