"""`dossier sources`: the places a topic asks, and how each of them is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.queries import DATABASE, Reader
from archive.wording import counted
from crawler.cli.running import log_file
from crawler.exits import Exit
from crawler.folders import topic_folders
from crawler.process import run
from crawler.reading import own_topic, reader
from crawler.terminal import console, json_text, plain, say
from crawler.times import now
from crawler.verdicts import WORDS
from crawler.watching.health import Health, Wards, lately
from crawler.watching.source_table import show
from pipelines.keys import ADDRESSED
from pipelines.topic import Topic, TopicError, find_topic, load_topic


@click.group("sources", invoke_without_command=True)
@click.option("--topic", default="", metavar="T", help="The topic, a name or a file (else the archive's only one).")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.pass_context
def command(ctx: click.Context, topic: str, as_json: bool) -> None:
    """List a topic's sources: a verdict on each, how often it is asked, what it gives, what to do where it is not well.

    `new` is what a source listed for the first time on its last whole day, and in brackets what is usual on such a day
    (from its 28 days before); `kept` how many of its pages of 28 days became articles of the topic. A source is silent
    once it has listed nothing new for up to twice its longest pause, weekdays on which it rests left out.
    """
    data: Path = ctx.find_root().obj
    topic = topic or own_topic(data)
    ctx.meta["topic"] = topic
    ctx.meta["as_json"] = as_json
    if ctx.invoked_subcommand is None:
        report(load(data, topic), data, as_json)


@command.command("check", short_help="Ask every source once, and say how it answered.")
@click.option("--allow-private", multiple=True, metavar="HOST", help="Let HOST (or HOST:PORT) be in a private network.")
@click.pass_context
def check(ctx: click.Context, allow_private: tuple[str, ...]) -> None:
    """Ask every source once, fetch no article, and give a verdict and advice on each.

    Also those that rest are asked; services (gdelt, wayback and the like) are not. The exit code is 0 when all were
    asked, however they answered.
    """
    data: Path = ctx.find_root().obj
    topic = ctx.meta["topic"]
    loaded = load(data, topic)
    overrides: dict[str, Any] = {
        "DOSSIER_DATA": str(data),
        "DOSSIER_MAX_PAGES": 0,
        "DOSSIER_ALL_DUE": True,
        "DOSSIER_CHANNELS": list(ADDRESSED),
        "DOSSIER_ALLOW_PRIVATE": list(allow_private),
        "LOG_FILE": str(log_file(data)),
    }
    result = run("topic", overrides, topic=topic)
    if result.code is not Exit.DONE:
        click.echo(f"dossier: {result.message}", err=True)
        ctx.exit(int(result.code))
    report(loaded, data, ctx.meta["as_json"])


def load(data: Path, topic: str) -> Topic:
    """The topic, or a usage error in its own words."""
    try:
        return load_topic(find_topic(topic, topic_folders(data)))
    except TopicError as error:
        raise click.UsageError(str(error)) from error


def report(topic: Topic, data: Path, as_json: bool) -> None:
    """Print one line a source, those that are well first, and how many there are of each verdict."""
    at = now()
    with known(data) as db:
        found = Wards(db, at).of(topic)
    if as_json:
        click.echo(json_text([described(one) for one in found]))
        return
    out = console()
    show(out, sorted(found, key=lambda one: WORDS.index(one.verdict.word)), at)
    tally = Counter(one.verdict.word for one in found)
    told = ", ".join(f"{tally[word]} {word}" for word in WORDS if tally[word])
    say(out, plain(f"{counted(len(found), 'source', 'sources')} of {topic.title or topic.name}: {told or 'none'}."))
    if tally["not asked"]:
        say(out, plain("`dossier sources check` asks each of them once.", "dim"))
    shown = {one.source.channel for one in found}
    if services := [source.channel for source in topic.sources if source.channel not in {*shown, *ADDRESSED}]:
        told = f"Beside them {', '.join(services)}: `dossier status` says what was asked and how it was answered."
        say(out, plain(told, "dim"))


@contextmanager
def known(data: Path) -> Iterator[Reader | None]:
    """The archive that knows how the sources are; None where there is none yet."""
    if not (data / DATABASE).exists():
        yield None
        return
    with reader(data) as db:
        yield db


def described(one: Health) -> dict[str, Any]:
    """One source as `--json` lists it: the verdict on it, its last answer, its pace, and what its days tell."""
    row, source, gave = one.row, one.source, lately(one.days)
    return {
        "verdict": one.verdict.word,
        "advice": one.verdict.advice,
        "channel": source.channel,
        "url": source.url,
        "outlet": source.outlet,
        "status": row.get("last_status") or ("complete" if source.verified else "unverified"),
        "reason": row.get("last_reason") or "",
        "items": row.get("items", 0),
        "documents": row.get("documents", []),
        "newest": row.get("newest"),
        "new_items": row.get("new_items", 0),
        "failures": row.get("failures", 0),
        "seconds": row.get("seconds"),
        "moved_to": row.get("moved_to") or "",
        "last_asked": row.get("last_asked"),
        "last_success": row.get("last_success"),
        "next_ask": row.get("next_ask"),
        "pause_minutes": row.get("pause_minutes"),
        "last_28_days": {name: value for name, value in asdict(gave).items() if name not in {"day", "reason"}},
        "volume": told_volume(one),
        "rhythm": {
            "last_news": one.rhythm.last and str(one.rhythm.last),
            "silent_days": one.rhythm.silent,
            "longest_pause_days": one.rhythm.usual,
            "dead_after_days": one.rhythm.limit,
            "resting_weekdays": list(one.rhythm.resting),
        },
        "changed": None if one.change is None else asdict(one.change),
        "days": [asdict(day) for day in one.days[-28:]],
    }


def told_volume(one: Health) -> dict[str, Any] | None:
    """The news of a source's last whole day against its band, None where that is not known yet."""
    told = one.volume
    return None if told is None else {**asdict(told), "day": str(told.day), "standing": told.standing}
