"""`dossier watch`: look at the archive, say what is wrong, and send alerts of what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from archive.errors import StoreError, told
from archive.queries import DATABASE, NoArchiveError, open_reader
from archive.wording import counted
from crawler.alerts.faults import MOST
from crawler.alerts.look import Look, Sent, look, trials
from crawler.alerts.rules import Rules, rules_of
from crawler.alerts.wording import harmless, plain_values
from crawler.exits import Busy, Exit
from crawler.operation import NAME, OperationError
from crawler.reading import NoArchive
from crawler.terminal import console, json_text, minute, plain, say
from crawler.times import now
from crawler.watching.finding import Finding
from crawler.watching.findings import findings
from crawler.watching.silence import by_days


@click.command("watch")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--dry-run", is_flag=True, help="Say which alerts would be sent; send none, remember nothing.")
@click.option("--test", "is_test", is_flag=True, help="Send one test alert on every way, and say how each went.")
@click.pass_context
def command(ctx: click.Context, as_json: bool, dry_run: bool, is_test: bool) -> None:
    """Look at the archive, say what is wrong, and send alerts of what is new.

    Alerts go by a command, an e-mail or a webhook, as [alerts] in dossier.toml of the archive's folder says. Each fault
    is told once, again where it lasts, and once more when it is over. The exit code is 7 where something is wrong, 4
    where an alert could not be sent (the next look sends it), 3 where what was sent could not be remembered.
    """
    if dry_run and is_test:
        raise click.UsageError("--test sends alerts and --dry-run sends none; give one of them")
    data: Path = ctx.find_root().obj
    at = now()
    try:
        rules = rules_of(data)
    except OperationError as error:
        raise click.UsageError(str(error)) from error
    if is_test:
        tested(ctx, data, at, rules, as_json=as_json)
        return
    found, is_whole = seen(data, at, rules)
    wrong = [harmless(one) for one in found[:MOST]]
    looked = look(data, wrong, at, rules, dry=dry_run, whole=is_whole)
    if as_json:
        click.echo(json_text(described(wrong, looked)))
    else:
        tell(console(), wrong, looked, rules, dry=dry_run)
    ctx.exit(int(code_of(wrong, looked)))


def seen(data: Path, at: datetime, rules: Rules) -> tuple[list[Finding], bool]:
    """What is wrong, and whether all could be looked at: a damaged archive is what is wrong then."""
    try:
        with told(data / DATABASE):
            db = open_reader(data)
            try:
                return by_days(findings(db, data, at), db, at, rules.no_news_days), True
            finally:
                db.close()
    except NoArchiveError as error:
        raise NoArchive(str(error)) from error
    except StoreError as error:
        if error.kind == "locked":
            raise Busy(str(error)) from error
        unwell = Finding(
            kind="archive unwell", topic="", subject=DATABASE, since="", text=str(error),
            advice="`dossier doctor` says what is left of it",
        )  # fmt: skip
        return [unwell], False


def tested(ctx: click.Context, data: Path, at: datetime, rules: Rules, *, as_json: bool) -> None:
    """Send the test alerts, and leave with how they went."""
    if not rules.ways:
        raise click.UsageError(f"{data / NAME}: [alerts] names no way to send one; add command, email or webhook to it")
    looked = trials(data, at, rules)
    if as_json:
        click.echo(json_text(described([], looked)))
    else:
        out = console()
        for one in looked.sent:
            told = f"not sent: {one.failed}" if one.failed else "sent"
            say(out, plain(f"{one.label}: {told}", "red" if one.failed else "green"))
    ctx.exit(int(code_of([], looked)))


def code_of(wrong: Sequence[Finding], looked: Look) -> Exit:
    """The exit code of a look; what keeps a person from hearing of it comes first."""
    if looked.unkept:
        return Exit.NOT_STORED
    if looked.failed:
        return Exit.UNREACHABLE
    return Exit.UNWELL if wrong else Exit.DONE


def described(wrong: Sequence[Finding], looked: Look) -> dict[str, Any]:
    """A look as machines read it."""
    sent = [{**asdict(one), "states": dict(one.states)} for one in looked.sent]
    return {"wrong": [plain_values(one) for one in wrong], "sent": sent, "remarks": list(looked.remarks)}


def tell(out: Console, wrong: Sequence[Finding], looked: Look, rules: Rules, *, dry: bool) -> None:
    """Print what is wrong, and what was told."""
    for one in wrong:
        tell_finding(out, one)
    say(out, plain(f"{counted(len(wrong), 'fault')}." if wrong else "Nothing is wrong.", "bold"))
    for sent in looked.sent:
        say(out, plain(line_of(sent, dry=dry), "red" if sent.failed else "dim"))
    for remark in looked.remarks:
        say(out, plain(remark, "yellow"))
    if wrong and not rules.ways:
        say(out, plain(f"Nobody is told: [alerts] in {NAME} names no command, email or webhook.", "dim"))


def tell_finding(out: Console, one: Finding) -> None:
    """Print one fault, and what to do about it."""
    about = Text(" ").append_text(plain(one.topic, "cyan")) if one.topic else ""
    since = Text(f" since {minute(one.since)}", "dim") if one.since else ""
    say(out, plain(one.kind, "bold red"), about, since)
    say(out, plain(one.text), indent=2)
    if one.advice:
        say(out, plain(one.advice, "green"), indent=2)


def line_of(sent: Sent, *, dry: bool) -> str:
    """What one way told, or would tell."""
    parts = [f"{sent.states[state]} {name}" for state, name in STATES.items() if sent.states[state]]
    if sent.failed:
        return f"{sent.label}: not sent: {sent.failed} (tried again by the next look)"
    if not parts:
        return f"{sent.label}: nothing new to tell"
    return f"{sent.label}: {'would tell' if dry else 'told'} {', '.join(parts)}"


STATES = {"new": "new", "still": "that last", "well": "well again"}
