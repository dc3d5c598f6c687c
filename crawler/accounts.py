"""The accounts of `dossier serve`: from a terminal, the environment or a file; only hashes stay in memory."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from archive.serving.logins import AccountsError, accounts_in, algorithm, hashed, is_hash

VARIABLE = "DOSSIER_PASSWORD"
SHORTEST = 8  # characters of a password


def accounts_of(user: str | None, file: Path | None) -> dict[str, str]:
    """Names and hashes, as asked for; empty where neither a user nor a file is named."""
    try:
        accounts = accounts_of_file(file) if file else {}
        if user is not None:
            accounts[named(user)] = hash_of(user)
    except AccountsError as error:
        raise click.ClickException(str(error)) from error
    return accounts


def named(user: str) -> str:
    """A name as somebody can type it."""
    if not user.strip() or ":" in user or not user.isprintable():
        raise click.UsageError("--auth USER: give a name without a colon")
    return user.strip()


def accounts_of_file(file: Path) -> dict[str, str]:
    """The accounts in a file; a file that others can read is told."""
    try:
        text = file.read_text(encoding="utf-8")
        is_shared = file.stat().st_mode & 0o044
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no UTF-8"
        raise click.UsageError(
            f"--auth-file {file} cannot be read ({why}); name a file of lines NAME:HASH, or use --auth NAME"
        ) from error
    if is_shared:
        click.echo(f"Warning: others on this machine can read {file}; `chmod 600 {file}` mends it.", err=True)
    try:
        accounts = accounts_in(text)
    except AccountsError as error:
        raise click.UsageError(f"--auth-file {file}: {error}") from error
    algorithm()  # says where the extra is missing
    return accounts


def hash_of(user: str) -> str:
    """The hash of a password, or one that stands in the environment already."""
    given = os.environ.get(VARIABLE, "")
    if is_hash(given):
        algorithm()  # says where the extra is missing
        return given
    if not given:
        if not sys.stdin.isatty():
            raise click.UsageError(f"there is no terminal to type the password of {user} in: set {VARIABLE}")
        given = click.prompt(f"A password for {user}", hide_input=True, confirmation_prompt=True)
    if len(given) < SHORTEST:
        raise click.UsageError(f"that password is too short: {SHORTEST} characters at least")
    return hashed(given)
