"""Addresses as a user types them."""

from __future__ import annotations

import click

from pipelines.urls import canonical


def spellings(typed: str) -> list[str]:
    """The canonical address, then those that people mean by it: the other scheme, a slash more or less.

    A usage error where it is no address of the web.
    """
    try:
        url = canonical(typed if "://" in typed else f"https://{typed}")
    except ValueError as error:
        raise click.BadParameter(f"{error}. Give an address that begins with http:// or https://") from error
    scheme, _, rest = url.partition("://")
    slashed = rest.removesuffix("/") if rest.endswith("/") else f"{rest}/"
    schemes = (scheme, "http" if scheme == "https" else "https")
    return [f"{one}://{path}" for path in (rest, slashed) for one in schemes]


def not_here(typed: str) -> click.UsageError:
    """What to raise of an address that leads to no article."""
    return click.UsageError(
        f"{typed} is no article of this archive; `dossier search WORDS` finds articles with their addresses, "
        f"`dossier why {typed}` says what became of it"
    )
