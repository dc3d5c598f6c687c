"""`dossier review`: the articles that may belong to a topic, for its user to say."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from archive.answers import Answer
from archive.history import public
from archive.queries import Reader, Row
from archive.reviews import answered, at_address, to_review, waiting
from archive.store import Archive, StoreError
from archive.wording import counted
from crawler.asked import spellings
from crawler.by_meaning import reordered
from crawler.cli.completing import topic_names
from crawler.exits import Busy, NotStored
from crawler.reading import followed, reader
from crawler.terminal import console, hint, json_text, minute, plain, printable, published, say
from crawler.times import now, text_of
from pipelines.meaning import MeaningMissing

TERMS = 8  # matched terms that are named
KEYS = ("y", "n", "s", "o", "q")
QUESTION = "On the topic? y(es), n(o), s(kip), o(pen: print its address), q(uit)"
SAID: dict[str, Answer] = {"y": "yes", "n": "no"}

Ask = Callable[[], str]
Give = Callable[[Row, Answer], None]


@click.command("review")
@click.argument("topic", default="", metavar="[TOPIC]", shell_complete=topic_names)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, metavar="N", help="At most N.")
@click.option("--by-meaning", "meant", is_flag=True, help="Order them by meaning too (the extra `semantic`).")
@click.option("--answered", "past", is_flag=True, help="List what was said so far.")
@click.option("--yes", "on", multiple=True, metavar="URL", help="It is on the topic; no question. May be repeated.")
@click.option("--no", "off", multiple=True, metavar="URL", help="It is not; no question. May be repeated.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list, and no question.")
@click.pass_context
def command(
    ctx: click.Context,
    topic: str,
    limit: int,
    meant: bool,
    past: bool,
    on: tuple[str, ...],
    off: tuple[str, ...],
    as_json: bool,
) -> None:
    """Go through the articles that may belong to TOPIC, best score first, and say of each whether it does.

    Best first, since those are the likeliest to belong. An answer is kept at once and holds, however the article is
    judged later: yes keeps it, no takes it off the topic's lists and leaves it in the archive. Any article of the topic
    can be answered by its address, also anew. In a pipe it only lists. `dossier learn` puts answers into the topic.
    """
    data: Path = ctx.find_root().obj
    with reader(data) as db:
        topic = followed(db, topic)
        given = [*both(found(db, topic, on), "yes"), *both(found(db, topic, off), "no")]
        if not given:
            listed = answered(db, topic, limit) if past else chosen(db, topic, limit, meant=meant)
            count = waiting(db, topic)
    if given:
        answer_all(data, given, as_json=as_json)
    elif as_json:
        click.echo(json_text([described(one) for one in listed]))
    elif past or not (sys.stdin.isatty() and sys.stdout.isatty()):
        show_all(console(), listed, conclusion(topic, listed, count, past=past))
    else:
        walk_with(data, topic, listed, count)


def chosen(db: Reader, topic: str, limit: int, *, meant: bool) -> list[Row]:
    """The articles that wait for an answer, in the order that was asked for."""
    if not meant:
        return to_review(db, topic, limit)
    try:
        return reordered(db, topic, limit)
    except MeaningMissing as error:
        raise click.UsageError(str(error)) from error


def found(db: Reader, topic: str, urls: Sequence[str]) -> list[Row]:
    """The topic's articles at these addresses; a usage error where there is none."""
    articles = []
    for url in urls:
        article = next(filter(None, (at_address(db, topic, one) for one in spellings(url))), None)
        if article is None:
            raise click.UsageError(
                f"{printable(url)}: no article of {topic} is there; `dossier why URL` says what became of it"
            )
        articles.append(article)
    return articles


def both(articles: Sequence[Row], answer: Answer) -> list[tuple[Row, Answer]]:
    """Each article with that answer."""
    return [(one, answer) for one in articles]


def answer_all(data: Path, given: Sequence[tuple[Row, Answer]], *, as_json: bool) -> None:
    """Write answers that were given on the command line, each at once, and say so."""
    with closing(opened(data)) as archive:
        for one, answer in given:
            give(archive, one, answer)
    if as_json:
        click.echo(json_text([{"url": one["url"], "answer": answer} for one, answer in given]))
        return
    out = console()
    for one, answer in given:
        changed = f" (was {one['answer']})" if one["answer"] not in {"", answer} else ""
        say(out, plain(f"{answer}{changed}: {one['title'] or one['url']}"))


def opened(data: Path) -> Archive:
    """The archive to write into; a clear line and an exit code where that cannot be."""
    try:
        return Archive.open(data)
    except StoreError as error:
        raise NotStored(str(error)) from error


def give(archive: Archive, one: Row, answer: Answer) -> None:
    """Write one answer."""
    try:
        archive.answers.give(one["id"], one["topic_id"], answer, text_of(now()) or "")
    except StoreError as error:
        busy = f"{archive.path} is being written by another program; answer {one['url']} again in a moment"
        raise (Busy(printable(busy)) if error.kind == "locked" else NotStored(str(error))) from error


def walk_with(data: Path, topic: str, listed: Sequence[Row], count: int) -> None:
    """Ask for each article on this terminal."""
    out = console()
    if not listed:
        say(out, conclusion(topic, listed, count, past=False))
        return
    with closing(opened(data)) as archive:
        said = walk(out, listed, ask_here, lambda one, answer: give(archive, one, answer))
    left = counted(count - said.total(), "article")
    say(out, plain(f"{said['yes']} yes, {said['no']} no; {left} still to review."))
    if said:
        hint(out, f"`dossier learn {topic}` shows what the answers teach.")


def ask_here() -> str:
    """What the user types; the end of input is a wish to stop."""
    try:
        return str(click.prompt(QUESTION, type=click.Choice(KEYS, case_sensitive=False), show_choices=False))
    except click.Abort:
        return "q"


def walk(out: Console, listed: Sequence[Row], ask: Ask, answer: Give) -> Counter[str]:
    """Show one article after the other and hand on what is said of it; how often each answer was given."""
    said: Counter[str] = Counter()
    for number, one in enumerate(listed, 1):
        say(out, plain(f"{number} of {len(listed)}", "dim"))
        show(out, one)
        while (key := ask()) == "o":
            say(out, plain(one["url"]), indent=2)
        if key == "q":
            break
        if key in SAID:
            answer(one, SAID[key])
            said[SAID[key]] += 1
        out.print()
    return said


def show_all(out: Console, listed: Sequence[Row], told: str) -> None:
    """Print a list of articles, and what to do with it."""
    for one in listed:
        show(out, one)
        say(out, plain(one["url"], "dim"), indent=2)
        out.print()
    (hint if listed else say)(out, plain(told, "dim"))


def show(out: Console, one: Row) -> None:
    """Print one article: headline, where and when, how it was judged and why, how it begins."""
    say(out, plain(one["title"] or "(no title)", "bold"))
    place = plain(one["outlet_name"] or one["outlet"], "cyan")
    say(out, published(one), "  ", place, f"  score {one['score']:.2f}{nearness(one)}", indent=2)
    if terms := matched(one):
        say(out, "from ", plain(terms, "green"), indent=2)
    if one["reason"]:
        say(out, plain(one["reason"], "dim"), indent=2)
    if one["answer"]:
        say(out, plain(f"you said {one['answer']} on {minute(one['answered'])}", "yellow"), indent=2)
    if lead := one["summary"] or one["lead"]:
        say(out, plain(lead[:400]), indent=2)


def nearness(one: Row) -> str:
    """How near an article is in meaning to what surely belongs, where that was asked for."""
    return f", meaning {one['nearness']:.2f}" if "nearness" in one else ""


def matched(one: Row) -> str:
    """The terms that made the score, with their shares."""
    pairs = [(term, share) for term, share in one["matched"][:TERMS] if isinstance(share, float | int)]
    return ", ".join(f"{term} {share:.0%}" for term, share in pairs)


def conclusion(topic: str, listed: Sequence[Row], count: int, *, past: bool) -> str:
    """The last line: how much there is, and how to answer it."""
    if past:
        return f"{counted(len(listed), 'answer')} on {topic}. --yes URL and --no URL change one."
    if not listed:
        return f"Nothing of {topic} waits for review."
    first = "Shown" if len(listed) == count else f"{len(listed)} of them shown"
    return (
        f"{counted(count, 'article')} of {topic} to review. {first} by score. Answer on a terminal, or with "
        "--yes URL and --no URL."
    )


def described(one: Row) -> dict[str, Any]:
    """One article as machines read it."""
    return {key: value for key, value in public(one).items() if key != "topic_title"}
