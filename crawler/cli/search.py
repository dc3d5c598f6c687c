"""`dossier search`: full-text search in the terminal."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from archive.catalogue.results import ORDERS, Order
from archive.pieces import END, START, unmarked
from archive.queries import TOTALS, WINDOW, Row, row
from archive.search import Answer, Found, search
from archive.wording import counted
from crawler.reading import reader
from crawler.terminal import console, hint, json_text, plain, printable, say

HINT = 'try fewer words, "a phrase", one OR another, -without, or a beginning*'

# -h is left to the query: `-hostages` leaves a word out.
LENIENT = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.command("search", context_settings=LENIENT)
@click.argument("query", nargs=-1, required=True)
@click.option("--order", type=click.Choice(ORDERS), help="Best first where words are looked for, else newest.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, metavar="N", help="At most N.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list.")
@click.pass_context
def command(ctx: click.Context, query: tuple[str, ...], order: Order | None, limit: int, as_json: bool) -> None:
    """Search the archive: words, "phrases", one OR another, -without, beginnings*, title:word.

    Filters stand beside words or alone: outlet:wire.example, author:"Mina Rahimi", lang:en, topic:NAME, kind:video,
    verdict:review, month:2019-02, since:2019-02-12, until:2019-03. What has a dash before it is left out. In a
    shell, put all of it between single quotes. Copies of a story are one answer.
    """
    typed = " ".join(query)
    with reader(ctx.find_root().obj) as db:
        answer = search(db, typed, limit, order)
        totals = row(db, TOTALS) or {}
    for word in query:
        if word.startswith("--") and len(word) > 2:
            click.echo(f"{printable(word)} is no option: what has a dash before it is left out.", err=True)
    for sentence in answer.question.unclear:
        click.echo(printable(sentence), err=True)
    if as_json:
        click.echo(json_text([described(found) for found in answer.found]))
        return
    out = console()
    for found in answer.found:
        show(out, found)
    for line in conclusion(answer, totals, limit):
        (hint if answer.found else say)(out, Text(line, "dim"))


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


def conclusion(answer: Answer, totals: Row, limit: int) -> list[str]:
    """The last lines: how much was found, and what to do where it was nothing."""
    if not totals["articles"]:
        return ["The archive is empty: `dossier crawl` fills it, `dossier status` says how the last run went."]
    if not answer.found:
        return nothing_found(answer, totals)
    told = f"{counted(len(answer.found), 'story', 'stories')} in {counted(answer.matches, 'matching article')}"
    if answer.is_cut:
        told = f"{told}; ranked are the {WINDOW:,} that arrived last"
    return [f"{told}. `--limit N` shows more." if len(answer.found) == limit else f"{told}."]


def nothing_found(answer: Answer, totals: Row) -> list[str]:
    """That nothing was found, and which part of the question is in the way."""
    question = answer.question
    told = f"No article among {totals['articles']:,} matches {printable(question.typed)!r}"
    if not answer.without:
        lines = [f"{told}: {HINT}."]
    else:
        lines = [f"{told}."]
        lines += [f"Without {printable(part)} there would be {count:,}." for part, count in answer.without]
    if "://" in question.typed:
        lines.append("`dossier why URL` tells the story of an address.")
    if (question.since or question.until) and totals["first"]:
        lines.append(f"What is here was published from {totals['first'][:10]} to {totals['last'][:10]}.")
    return lines


def described(found: Found) -> dict[str, Any]:
    """One answer as machines read it: without the archive's own id, the passage without marks."""
    row = asdict(found)
    del row["id"], row["marked_title"]
    return {**row, "snippet": unmarked(found.snippet)}
