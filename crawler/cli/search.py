"""`dossier search`: full-text search in the terminal."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from archive.queries import TOTALS, WINDOW, row
from archive.search import END, START, Answer, Found, search, unmarked
from crawler.reading import reader
from crawler.terminal import console, counted, json_text, plain, printable, say

HINT = 'try fewer words, "a phrase", one OR another, -without, or a beginning*'

# -h is left to the query: `-hostages` leaves a word out.
LENIENT = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.command("search", context_settings=LENIENT)
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, metavar="N", help="At most N.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.pass_context
def command(ctx: click.Context, query: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Search the archive: words, "phrases", one OR another, -without, beginnings*. Best first, copies folded."""
    typed = " ".join(query)
    with reader(ctx.find_root().obj) as db:
        answer = search(db, typed, limit)
        total = (row(db, TOTALS) or {})["articles"]
    if as_json:
        click.echo(json_text([described(found) for found in answer.found]))
        return
    out = console()
    for found in answer.found:
        show(out, found)
    say(out, Text(conclusion(answer, typed, total, limit), "dim"))


def show(out: Console, found: Found) -> None:
    """Print one answer: title, where and when, the passage, the address."""
    copies = f"  +{counted(found.copies, 'copy', 'copies')}" if found.copies else ""
    say(out, marked(found.marked_title or found.url, "bold"))
    place = plain(found.outlet_name or found.outlet, "cyan")
    say(out, Text((found.published or "")[:10] or "undated"), "  ", place, Text(copies, "yellow"), indent=2)
    if found.snippet:
        say(out, marked(found.snippet), indent=2)
    say(out, plain(found.url, "dim"), indent=2)
    out.print()


def marked(text: str, style: str = "") -> Text:
    """Hostile text with what was looked for in reverse."""
    line = Text(style=style)
    for number, part in enumerate(text.replace(END, START).split(START)):
        # A gap beside a mark belongs to the line; printable() trims it with all others.
        lead = " " if part[:1].isspace() and line.plain else ""
        trail = " " if part[-1:].isspace() and part.strip() else ""
        line.append(lead + printable(part) + trail, "reverse" if number % 2 else "")
    return line


def conclusion(answer: Answer, typed: str, total: int, limit: int) -> str:
    """The last line: how much was found, and what to do where it was nothing."""
    if answer.is_empty:
        return f"Nothing to look for in {printable(typed)!r}: name at least one word that you want."
    if not total:
        return "The archive is empty: `dossier crawl` fills it, `dossier status` says how the last run went."
    if not answer.found:
        return f"No article among {total:,} matches {printable(typed)!r}: {HINT}."
    told = f"{counted(len(answer.found), 'story', 'stories')} in {counted(answer.matches, 'matching article')}"
    if answer.is_cut:
        told = f"{told} or more; ranked are the {WINDOW:,} that arrived last"
    return f"{told}. `--limit N` shows more." if len(answer.found) == limit else f"{told}."


def described(found: Found) -> dict[str, Any]:
    """One answer as machines read it: without the archive's own id, the passage without marks."""
    row = asdict(found)
    del row["id"], row["marked_title"]
    return {**row, "snippet": unmarked(found.snippet)}
