"""Who we say we are."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from scrapy.settings import BaseSettings

NAME = "Dossier"  # the name by which robots.txt speaks to us


def introduce(settings: BaseSettings) -> None:
    """Set the User-Agent from `DOSSIER_CONTACT`, unless the user has set one of their own."""
    if not settings["USER_AGENT"]:
        settings.set("USER_AGENT", user_agent(settings["DOSSIER_CONTACT"]), "cmdline")


def user_agent(contact: str) -> str:
    """Name, version, and where somebody who runs a server can write to."""
    try:
        release = version("dossier-news")
    except PackageNotFoundError:
        release = "0"
    return f"{NAME}/{release} (+{contact})" if contact else f"{NAME}/{release}"
