"""`dossier diff URL`: what two texts of an article say differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from archive.history import public, texts, wording
from archive.queries import ARTICLE_OF, Row, row
from archive.wording import counted
from crawler.asked import not_here, spellings
from crawler.cli.completing import article_urls
from crawler.reading import reader
from crawler.terminal import console, is_coloured, json_text, minute, plain, printable, say
from pipelines.difference import Difference, Paragraph, Run, difference

STYLES = {"added": "green", "removed": "red strike"}
MARKS = {"added": ("{+", "+}"), "removed": ("[-", "-]")}
AROUND = 1  # paragraphs that are shown before and after a change


@click.command("diff")
@click.argument("url", shell_complete=article_urls)
@click.option("--from", "older", type=click.IntRange(1), metavar="N", help="The text to compare with; 1 is the oldest.")
@click.option("--to", "newer", type=click.IntRange(1), metavar="N", help="The text that is compared (else the newest).")
@click.option("--json", "as_json", is_flag=True, help="The difference as one JSON object: paragraphs, each in runs.")
@click.pass_context
def command(ctx: click.Context, url: str, older: int | None, newer: int | None, as_json: bool) -> None:
    """Show what changed in an article, word by word: its last change, or from one of its texts to another.

    Removed words are red and struck, added ones green; in a pipe they stand as [-removed-] and {+added+}.
    """
    with reader(ctx.find_root().obj) as db:
        found = (row(db, ARTICLE_OF, url=spelling) for spelling in spellings(url))
        article = next((one for one in found if one is not None), None)
        if article is None:
            raise not_here(url)
        known = texts(db, article)
        pair = chosen(known, older, newer)
        told = difference(*(part for one in pair for part in wording(db, article, one))) if pair else None
    if as_json:
        click.echo(json_text(described(article, known, pair, told)))
    elif told is None:
        only = f"Only one text of it is here, of {minute(article['fetched'])}: there is nothing to compare."
        say(console(), plain(article["title"] or article["url"], "bold"))
        say(console(), plain(only), indent=2)
    else:
        tell(console(), article, known, pair, told)


def chosen(known: Sequence[Row], older: int | None, newer: int | None) -> tuple[Row, ...]:
    """The two texts to compare; none where there is one only and no other is asked for."""
    for option, number in (("--from", older), ("--to", newer)):
        if number is not None and number > len(known):
            said = f"{number}: there {'are' if len(known) > 1 else 'is'} {counted(len(known), 'text')} of it"
            raise click.BadParameter(f"{said}; give a number from 1 to {len(known)}", param_hint=option)
    if len(known) == 1:
        return ()
    to = newer or len(known)
    since = older or to - 1
    if not since:
        raise click.UsageError("--to 1 is the oldest text; name the one to compare with: --from N")
    return known[since - 1], known[to - 1]


def described(article: Row, known: Sequence[Row], pair: Sequence[Row], told: Difference | None) -> dict[str, Any]:
    """The difference as machines read it."""
    since, to = map(public, pair) if told else (None, None)
    changes = asdict(told) if told else {"title": None, "paragraphs": [], "added": 0, "removed": 0}
    return {"url": article["url"], "texts": [public(one) for one in known], "from": since, "to": to, **changes}


def tell(out: Console, article: Row, known: Sequence[Row], pair: Sequence[Row], told: Difference) -> None:
    """Print the title, which texts are compared, and the paragraphs that changed with what stands around them."""
    say(out, drawn(out, told.title.runs) if told.title.runs else plain(article["url"], "bold"))
    ends = " to ".join(f"{one['number']} ({minute(one['fetched'])})" for one in pair)
    words = f"{counted(told.added, 'word')} added, {told.removed:,} removed"
    say(out, Text(f"text {ends} of {len(known)}: {words}", "dim"), indent=2)
    if told.is_empty:
        say(out, "The two texts are the same.", indent=2)
        return
    for paragraphs, is_folded in folded(told.paragraphs):
        if is_folded:
            say(out, Text(f"… {counted(len(paragraphs), 'paragraph')} unchanged", "dim"), indent=2)
        else:
            for paragraph in paragraphs:
                say(out, drawn(out, paragraph.runs), indent=2)


def folded(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[Sequence[Paragraph], bool]]:
    """The paragraphs in stretches, and whether each stretch is far from all changes."""
    shown: set[int] = set()
    for place, paragraph in enumerate(paragraphs):
        if paragraph.said != "same":
            shown.update(range(place - AROUND, place + AROUND + 1))
    begin = 0
    for place in range(1, len(paragraphs) + 1):
        if place == len(paragraphs) or (place in shown) != (begin in shown):
            yield paragraphs[begin:place], begin not in shown
            begin = place


def drawn(out: Console, runs: Sequence[Run]) -> Text:
    """A paragraph on one line: with colours on a terminal, with marks elsewhere."""
    line = Text()
    for run in runs:
        begin, end = MARKS.get(run.said, ("", "")) if not is_coloured(out) else ("", "")
        line.append(begin + harmless(run.text) + end, STYLES.get(run.said, ""))
    return line


def harmless(text: str) -> str:
    """The text as a terminal may show it, with the gaps at its ends."""
    kept = printable(text)
    before, after = (" " if end.isspace() else "" for end in (text[:1], text[-1:]))
    return f"{before}{kept}{after}" if kept else before
