"""`dossier learn`: what was said of articles goes into the topic's file, shown first."""

from __future__ import annotations

import difflib
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.wording import counted
from crawler.cli.completing import topic_names
from crawler.exits import NotStored
from crawler.folders import PACKAGED_TOPICS, topic_folders
from crawler.lesson import Lesson, changed, effects, lesson
from crawler.reading import followed, reader
from crawler.terminal import console, json_text, plain, printable, say
from crawler.times import now
from crawler.topic_file import write
from pipelines.effects import Effects, Move
from pipelines.learning import Change
from pipelines.topic import Topic, TopicError, find_topic, load_topic, parse_topic

EXAMPLES = 5  # articles that are named, up and down
STYLES = {"+": "green", "-": "red", "@": "cyan"}


@click.command("learn")
@click.argument("topic", default="", metavar="[TOPIC]", shell_complete=topic_names)
@click.option("--write", "unasked", is_flag=True, help="Write the change without asking (for scripts).")
@click.option("--json", "as_json", is_flag=True, help="The change as one JSON object; writes nothing without --write.")
@click.pass_context
def command(ctx: click.Context, topic: str, unasked: bool, as_json: bool) -> None:
    """Show what your answers teach TOPIC, as a change of its file, and write it if you agree.

    Confirmed articles become seeds: they add terms and raise weights, never above the heaviest, and lower none. A
    phrase that several refused articles hold and no kept one becomes a `never` phrase. Comments and order of the file
    stay; its former text is kept beside it, as NAME.toml.bak. In a pipe nothing is written without --write.
    """
    data: Path = ctx.find_root().obj
    try:
        with reader(data) as db:
            loaded = load_topic(find_topic(topic or followed(db, ""), topic_folders(data)))
            followed(db, loaded.name)
            learnt = lesson(db, loaded)
            target = target_of(loaded, data)
            text = changed(loaded, learnt, now().date())
            after = parse_topic(text, str(target))
            found = Effects(before=loaded, after=after) if learnt.is_empty else effects(db, loaded, after)
    except TopicError as error:
        raise click.UsageError(str(error)) from error
    diff = difference(loaded, text, target)
    if as_json:
        click.echo(json_text(described(learnt, found, target, diff)))
    else:
        show(console(), learnt, found, diff)
    if not learnt.is_empty and (unasked or (not as_json and agreed(target))):
        save(loaded, target, text, quiet=as_json)


def target_of(topic: Topic, data: Path) -> Path:
    """The file to write: the topic's own, or, for one that is packaged, one that is found before it."""
    path = Path(topic.file)
    if path.resolve().parent != PACKAGED_TOPICS.resolve():
        return path
    here = Path.cwd() / "topics"
    return (here if here.is_dir() else data / "topics") / path.name


def difference(topic: Topic, text: str, target: Path) -> list[str]:
    """The change of the file as a unified diff."""
    lines = difflib.unified_diff(
        topic.definition.splitlines(), text.splitlines(), topic.file, str(target), n=1, lineterm=""
    )
    return list(lines)


def show(out: Console, learnt: Lesson, found: Effects, diff: list[str]) -> None:
    """Print what is to change, why, and what that does to stored articles."""
    if learnt.is_empty:
        say(out, "Nothing new to learn. `dossier review` asks for answers.")
        return
    for line in diff:
        say(out, plain_line(line))
    if found.before.file != found.after.file:
        out.print()
        say(
            out,
            plain(f"{found.before.name} came with Dossier. Its changed copy is found before it: {found.after.file}"),
        )
    if learnt.terms:
        out.print()
        show_terms(out, learnt)
    for one in learnt.never:
        told = f"in {counted(one.refused, 'refused article')}; drops {one.drops:,} stored, none of them kept"
        say(out, "never ", plain(one.text, "bold"), f": {told}")
    out.print()
    show_effects(out, found)


def plain_line(line: str) -> Text:
    """A line of a diff, harmless, with the gaps that its file has."""
    return Text(" ".join(printable(part) for part in line.split(" ")), STYLES.get(line[:1], ""))


def show_terms(out: Console, learnt: Lesson) -> None:
    """Print the weights that change, with how many articles hold each term."""
    table = Table.grid(padding=(0, 2))
    table.add_row(*(Text(head, "dim") for head in ("term", "weight", "confirmed", "refused")))
    for change in learnt.terms:
        table.add_row(plain(change.text), weights(change), str(change.confirmed), str(change.refused))
    out.print(table)


def weights(change: Change) -> str:
    """A weight before and after."""
    return f"{change.before:g} -> {change.after:g}" if change.before else f"new: {change.after:g}"


def show_effects(out: Console, found: Effects) -> None:
    """Print how many verdicts would change, with examples."""
    say(out, f"Of {counted(found.read, 'stored article')} judged again, {len(found.moves):,} would change verdict.")
    if found.answers:
        before, after = found.agreed["before"], found.agreed["after"]
        say(out, f"Of {counted(found.answers, 'answer')}, the judge itself agrees with {after:,} (before: {before:,}).")
    for up in (True, False):
        for move in found.examples(up=up, most=EXAMPLES):
            show_move(out, move)


def show_move(out: Console, move: Move) -> None:
    """Print one article whose verdict would change."""
    told = f"{move.before} {move.score_before:.2f} -> {move.after} {move.score_after:.2f}  "
    say(out, plain(told, "green" if move.is_up else "yellow"), plain(move.title or move.url), indent=2)


def agreed(target: Path) -> bool:
    """Whether the user wants the change; in a pipe nobody is asked, and nothing is written."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo("Nothing is written: --write does.")
        return False
    return click.confirm(f"Write this to {printable(str(target))}?")


def save(topic: Topic, target: Path, text: str, *, quiet: bool) -> None:
    """Write the file, and say where the former one is."""
    try:
        if not target.exists():
            # A packaged topic is copied first, so that its change has a former text like any other.
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(topic.definition, encoding="utf-8", newline="")
        elif load_topic(target).definition != topic.definition:
            raise click.UsageError(f"{target}: was changed meanwhile; nothing is written, run it again")
        backup = write(target, text)
    except OSError as error:
        raise NotStored(f"{target}: cannot be written ({error.strerror}); nothing has changed") from error
    if not quiet:
        click.echo(f"Written to {target}; the former text is in {backup}. The next crawl judges by it.")


def described(learnt: Lesson, found: Effects, target: Path, diff: list[str]) -> dict[str, Any]:
    """The change as machines read it."""
    moves = [asdict(move) for up in (True, False) for move in found.examples(up=up, most=EXAMPLES)]
    return {
        "file": str(target),
        **asdict(learnt),
        "judged": found.read,
        "verdicts_changed": len(found.moves),
        "answers": found.answers,
        "agreed_before": found.agreed["before"],
        "agreed_after": found.agreed["after"],
        "examples": moves,
        "diff": diff,
    }
