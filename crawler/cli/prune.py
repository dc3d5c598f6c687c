"""`dossier prune`: articles, a topic, or only the bytes of pages, taken out of the archive for good."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.filesize import decimal

from archive.errors import StoreError
from archive.lock import CrawlLock
from archive.pruning.prune import Pruned, prune
from archive.pruning.rule import Rule
from archive.pruning.survey import Survey, survey
from archive.queries import OUTLET_NAMED, Reader, row
from archive.questions.values import UnclearValueError, first, meant
from archive.wording import counted
from crawler.exits import NotStored
from crawler.outgoing import shown, stoppable
from crawler.reading import followed, reader, updated
from crawler.terminal import console, json_text, plain, printable, say
from crawler.times import now

AGE = re.compile(r"([0-9]{1,5})([dy])")
LATER = "what was taken out is out, and the same command goes on with the rest"
MOST_DAYS = 365_000
OUTLETS = 8  # that are told
EXAMPLES = """\b
Examples:
  dossier prune --older 2y --bytes-only --dry-run
  dossier prune --topic floods --yes
"""


@click.command("prune", epilog=EXAMPLES)
@click.option("--topic", default="", metavar="T", help="The articles of that topic that no other topic keeps.")
@click.option("--older", default="", metavar="WHEN", help="Published before a year, month or day, or 90d or 2y ago.")
@click.option("--outlet", default="", metavar="DOMAIN", help="Of all that, only what is of that outlet.")
@click.option("--bytes-only", is_flag=True, help="Only the bytes of the pages; the texts stay.")
@click.option("--keep-definition", is_flag=True, help="Empty the topic, and go on following it.")
@click.option("--dry-run", is_flag=True, help="Tell what would go, write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Take articles out of the archive for good: those of a topic, or older than a day; or only the bytes of pages.

    What is said of articles all has to hold. --topic T alone takes out the topic too, with its links. Links to pruned
    articles are remembered, so that no later crawl fetches them again: `dossier why URL` tells when and by which rule.
    It can be stopped at any time; the same command goes on with the rest.
    """
    data: Path = ctx.find_root().obj
    if not (options["topic"] or options["older"] or options["bytes_only"]):
        raise click.UsageError("say what is to go: --topic T, --older WHEN or --bytes-only (--dry-run tells more)")
    updated(data)
    with reader(data) as db:
        rule = ruled(db, options)
        found = survey(db, rule)
    as_json, out = options["as_json"], console()
    if not as_json:
        tell_survey(out, found)
    if options["dry_run"]:
        if as_json:
            click.echo(json_text({"dry_run": True, **asdict(found)}))
        return
    agree(found, is_sure=options["yes"], as_json=as_json)
    done = carried_out(data, rule, found)
    if as_json:
        click.echo(json_text({"dry_run": False, **asdict(found), "done": asdict(done)}))
    else:
        tell_done(out, done)


def ruled(db: Reader, options: Mapping[str, Any]) -> Rule:
    """The rule that the options make; a usage error where one means nothing here."""
    topic, older, outlet = options["topic"], options["older"], options["outlet"]
    if outlet:
        outlet = meant_by("outlet", outlet, "--outlet")
        if row(db, OUTLET_NAMED, domain=outlet) is None:
            mend = "give its domain, such as courier.example"
            raise click.BadParameter(f"{printable(outlet)} is no outlet of this archive; {mend}", param_hint="--outlet")
    if options["keep_definition"] and not topic:
        raise click.UsageError("--keep-definition goes with --topic")
    if age := AGE.fullmatch(older):
        days = int(age[1]) * (365 if age[2] == "y" else 1)
        older = f"{now() - timedelta(days=min(days, MOST_DAYS)):%Y-%m-%d}"
    return Rule(
        topic=followed(db, topic) if topic else "",
        older=first(meant_by("since", older, "--older")) if older else "",
        outlet=outlet,
        is_bytes_only=options["bytes_only"],
        keeps_definition=options["keep_definition"],
    )


def meant_by(field: str, value: str, option: str) -> str:
    """The value as the archive writes it; a usage error where it means nothing."""
    try:
        return meant(field, value)
    except UnclearValueError as error:
        said = str(error).replace(f"{field}:", "").partition(". Write")[0]
        mend = "; write 2019, 2019-02, 2019-02-12, 90d or 2y" if option == "--older" else ""
        raise click.BadParameter(f"{printable(value)}: {said}{mend}", param_hint=option) from error


def agree(found: Survey, *, is_sure: bool, as_json: bool) -> None:
    """Return where it is to be done: nobody is asked who is sure, and nothing is done in a pipe without that word."""
    if is_sure:
        return
    if as_json or not sys.stdin.isatty():
        raise click.UsageError("nothing was done: give --yes where nobody can be asked")
    if not click.confirm("Take that out for good?" if not found.is_nothing else "Free what an earlier prune left?"):
        raise click.exceptions.Exit(0)


def carried_out(data: Path, rule: Rule, found: Survey) -> Pruned:
    """Do it, while no crawl runs."""
    total = found.articles + found.leaving
    try:
        with CrawlLock(data), stoppable(LATER), shown(lambda: total) as progress:
            return prune(data, rule, now(), progress.reached)
    except StoreError as error:
        raise NotStored(f"{error}; {LATER}") from error


def tell_survey(out: Console, found: Survey) -> None:
    """Print what goes, and what it is like."""
    say(out, plain(heading(found), "bold"))
    for line in lines(found):
        say(out, plain(line), indent=2)
    outlets = [f"{one['outlet']} {one['articles']:,}" for one in found.outlets[:OUTLETS]]
    if more := len(found.outlets) - OUTLETS:
        outlets += [f"and {counted(more, 'outlet')} more"] if more > 0 else []
    if outlets:
        say(out, plain(f"by outlet: {', '.join(outlets)}"), indent=2)
        years = ", ".join(f"{one['year']} {one['articles']:,}" for one in found.years)
        say(out, plain(f"by year: {years}"), indent=2)
        say(out, "for example:", indent=2)
    for one in found.examples:
        say(
            out,
            plain(f"{(one['published'] or 'undated')[:10]} {one['outlet']}: {one['title'] or one['url']}"),
            indent=4,
        )


def heading(found: Survey) -> str:
    """What goes, in one line."""
    if found.is_nothing:
        return f"Nothing in the archive is what prune {found.rule} takes out"
    if found.is_bytes_only:
        pages = counted(found.records, "kept page")
        return f"To go: {pages} of {counted(found.articles, 'article')}: {decimal(found.bytes)}; the texts stay"
    topic = f", and the topic itself with {counted(found.links, 'link')}" if found.takes_topic else ""
    return f"To go: {counted(found.articles, 'article')}{topic}"


def lines(found: Survey) -> list[str]:
    """What goes with the articles, and what does not go."""
    told = []
    if found.articles and not found.is_bytes_only:
        texts = f"{found.characters:,} characters of text, {counted(found.versions, 'earlier text')}"
        told.append(f"{texts}, {counted(found.records, 'kept page')}: {decimal(found.bytes)}")
        smaller = f"; {found.stories_left_smaller:,} smaller, and stay" if found.stories_left_smaller else ""
        told.append(f"{counted(found.stories, 'story', 'stories')} as a whole{smaller}")
    if found.leaving:
        told.append(f"{counted(found.leaving, 'article')} that another topic keeps, which leave this one only")
    if found.undated:
        told.append(f"{counted(found.undated, 'article')} without a date: no rule by time takes any")
    return told


def tell_done(out: Console, done: Pruned) -> None:
    """Print what was done, and what the disk has of it."""
    topic = f", and the topic {done.topic}" if done.topic else ""
    say(out, plain(f"Taken out: {counted(done.articles, 'article')}, {counted(done.records, 'kept page')}{topic}"))
    room = done.room
    freed = f"{decimal(done.bytes_of_pages)} of pages, {decimal(room.freed)} of the database"
    say(out, f"Freed: {freed}", indent=2)
    if room.why:
        say(out, plain(f"{decimal(room.kept)} stay in the database for what comes: {room.why}"), indent=2)
