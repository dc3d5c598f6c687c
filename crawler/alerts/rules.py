"""The table `[alerts]` of `dossier.toml`: who is told of what, and how often."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from crawler.alerts.command import Command
from crawler.alerts.mail import PORTS, Mail
from crawler.alerts.secret import Secret, secret
from crawler.alerts.way import Way
from crawler.alerts.webhook import Webhook, fault_of_url
from crawler.operation import operation
from crawler.table import Table, is_word
from crawler.watching.finding import Kind

KINDS: tuple[str, ...] = get_args(Kind)

KEYS = ("command", "email", "webhook", "kinds", "no_news_days", "remind", "settle", "most")
EMAIL = ("to", "from", "host", "port", "tls", "user", "password_env", "password_file")
WEBHOOK = ("url", "url_env", "url_file", "headers_env", "allow_private", "format")

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
_HOST = re.compile(r"[A-Za-z0-9.:-]{1,255}")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,100}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,100}")
_OWN = {"host", "content-length", "content-type", "transfer-encoding", "connection"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How alerts are sent. `remind` is days, `settle` hours; `most` are sent one by one, more become one digest.

    `no_news_days` counts a topic as without news after so many days, and not by its own rhythm.
    """

    ways: tuple[Way, ...] = ()
    kinds: tuple[str, ...] = KINDS
    no_news_days: float | None = None
    remind: float = 7.0
    settle: float = 6.0
    most: int = 5


def rules_of(data: Path) -> Rules:
    """The rules of the archive in a data folder; OperationError in words."""
    return rules(data, operation(data)["alerts"])


def rules(data: Path, values: Mapping[str, Any]) -> Rules:
    """The rules that a table spells."""
    table = Table(data, "alerts", values, KEYS)
    kinds = table.texts("kinds", f"give a list of some of {', '.join(KINDS)}")
    for kind in kinds:
        if kind not in KINDS:
            raise table.fault("kinds", f"names {kind!r}", f"choose of {', '.join(KINDS)}")
    return Rules(
        ways=tuple(way for way in (command(table), mail(table), webhook(table)) if way is not None),
        kinds=kinds or KINDS,
        no_news_days=table.number("no_news_days", 0, least=1, most=3_650) if "no_news_days" in values else None,
        remind=table.number("remind", 7.0, least=0.1, most=3_650),
        settle=table.number("settle", 6.0, least=0, most=720),
        most=table.whole("most", 5, least=1, most=50),
    )


def command(table: Table) -> Command | None:
    """The command, None where none is named."""
    mend = 'give a list of words, such as ["notify-send", "Dossier", "{text}"]'
    words = table.texts("command", mend, fits=is_word)
    return Command(words=words) if words else None


def mail(table: Table) -> Mail | None:
    """The e-mail, None where none is wanted."""
    own = table.table("email", EMAIL)
    if own is None:
        return None
    one = isinstance(own.values.get("to"), str)
    mend = "give an address such as you@your.example, or a list of them"
    to = (own.text("to", mend),) if one else own.texts("to", mend, most=20)
    sender, host = own.text("from", mend), own.text("host", "give the name of your mail server")
    for key, given in (("to", to), ("from", (sender,))):
        if not given or not all(map(_ADDRESS.fullmatch, given)):
            raise own.wrong(key, mend) if key in own.values else own.fault(key, "is missing", mend)
    if not _HOST.fullmatch(host):
        raise own.fault("host", "is no server's name" if host else "is missing", "give the name of your mail server")
    tls = own.one_of("tls", PORTS, "starttls")
    user, password = own.text("user", "give the name to log in with"), secret(own, "password")
    if bool(user) != bool(password):
        raise own.fault("user", "and password go together", "give both user and password_env (or password_file)")
    if user and tls == "none":
        raise own.fault("tls", 'is "none", and passwords are not sent in the open', 'set "starttls" or "tls"')
    return Mail(
        to=to, sender=sender, host=host, tls=tls, user=user, password=password,
        port=own.whole("port", PORTS[tls], least=1, most=65_535),
    )  # fmt: skip


def webhook(table: Table) -> Webhook | None:
    """The webhook, None where none is wanted."""
    own = table.table("webhook", WEBHOOK)
    if own is None:
        return None
    url, hidden, allow = own.text("url", "give a URL"), secret(own, "url"), own.flag("allow_private")
    if bool(url) == bool(hidden):
        raise own.fault("url", "stands beside url_env" if url else "is missing", "give url, url_env or url_file")
    if url and (fault := fault_of_url(url, allow_private=allow)):
        raise own.fault("url", "cannot be asked", fault)
    return Webhook(
        url=url, secret_url=hidden, headers=headers(own), allow_private=allow,
        form=own.one_of("format", ("json", "slack", "text"), "json"),
    )  # fmt: skip


def headers(own: Table) -> dict[str, Secret]:
    """The headers whose values lie in environment variables."""
    named = own.values.get("headers_env", {})
    mend = 'name a variable for each, such as {Authorization = "HOOK_TOKEN"}'
    if not isinstance(named, dict) or len(named) > 20:
        raise own.wrong("headers_env", mend)
    for header, variable in named.items():
        if not _HEADER.fullmatch(header) or header.lower() in _OWN or not isinstance(variable, str):
            raise own.wrong("headers_env", mend)
        if not _VARIABLE.fullmatch(variable):
            raise own.wrong("headers_env", mend)
    return {header: Secret(env=variable) for header, variable in named.items()}
