"""`dossier story`: the articles that carry one text, and what to do where the grouping is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from archive.history import story
from archive.queries import ARTICLE_OF, Row, row
from archive.rows import KnownArticle
from archive.store import Archive, StoreError
from archive.wording import counted
from crawler.asked import not_here, spellings
from crawler.cli.completing import article_urls
from crawler.exits import Exit
from crawler.reading import reader
from crawler.terminal import console, json_text, plain, published, ruling_of, say
from crawler.times import now, text_of

PATIENCE = 10.0  # seconds; a crawl holds the database for moments only
NAMED = 2  # rulings on an article that are told
FORMS = "[show] URL | split URL [URL...] | merge URL URL [URL...]"


class Forms(click.Group):
    """The forms of the command; `show` is what it does with an address alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with `show` before them where no form is named."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group("story", cls=Forms, subcommand_metavar=FORMS)
def command() -> None:
    """Show who carries an article's text; split a story, or merge several, by hand.

    What is split or merged by hand stays so: no later copy, version, crawl or `reextract` undoes it. A copy of both
    sides of a split joins the one that it is nearer to. The newest ruling counts: `merge` undoes `split`, and the
    reverse. A crawl may be running meanwhile.
    """


as_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object.")


@command.command("show")
@click.argument("url", shell_complete=article_urls)
@as_json_option
@click.pass_context
def show(ctx: click.Context, url: str, as_json: bool) -> None:
    """Show all articles of a story; the word may be left out."""
    with reader(ctx.find_root().obj) as db:
        found = (row(db, ARTICLE_OF, url=spelling) for spelling in spellings(url))
        article = next((one for one in found if one is not None), None)
        if article is None:
            raise not_here(url)
        told = story(db, article["story_id"])
    if as_json:
        click.echo(json_text(told))
    else:
        tell(console(), told)


@command.command("split")
@click.argument("urls", nargs=-1, required=True, metavar="URL [URL...]", shell_complete=article_urls)
@as_json_option
@click.pass_context
def split(ctx: click.Context, urls: tuple[str, ...], as_json: bool) -> None:
    """Give these articles a story of their own, together."""

    def rule(archive: Archive) -> list[int]:
        chosen = articles(archive, urls)
        story_id, others = archive.rulings.around(chosen[0].id)
        for asked, one in zip(urls, chosen, strict=True):
            if one.story_id != story_id:
                raise click.UsageError(f"{asked} is in another story than {urls[0]}; split them one story at a time")
        ids = list(dict.fromkeys(one.id for one in chosen))
        if len(ids) > others:
            raise click.UsageError(
                "nothing would be left of the story: name some of its articles, not all; `dossier story URL` lists them"
            )
        return [archive.rulings.split(ids, text_of(now()) or ""), story_id]

    report(ruled(ctx, rule), ctx, "Kept apart from now on.", as_json=as_json)


@command.command("merge")
@click.argument("urls", nargs=-1, required=True, metavar="URL URL [URL...]", shell_complete=article_urls)
@as_json_option
@click.pass_context
def merge(ctx: click.Context, urls: tuple[str, ...], as_json: bool) -> None:
    """Make one story of the stories of these articles."""

    def rule(archive: Archive) -> list[int]:
        ids = list(dict.fromkeys(one.id for one in articles(archive, urls)))
        if len(ids) < 2:
            raise click.UsageError("merge takes the addresses of two different articles or more")
        return [archive.rulings.merge(ids, text_of(now()) or "")]

    report(ruled(ctx, rule), ctx, "One story from now on.", as_json=as_json)


def articles(archive: Archive, urls: Sequence[str]) -> list[KnownArticle]:
    """The articles at these addresses, in their order; a usage error where one leads to none."""
    found = [(url, archive.articles.known(spellings(url))) for url in urls]
    for url, one in found:
        if one is None:
            raise not_here(url)
    return [one for _, one in found if one is not None]


def ruled(ctx: click.Context, rule: Callable[[Archive], list[int]]) -> list[int]:
    """The stories that a ruling made, in one transaction; a clear line and an exit code where it could not be written.

    The lock of crawls is not needed: a crawl looks for an article's story and stores it in one turn, with SQLite's own
    right to write in its hand, and this waits for that right as the crawl's other writers do.
    """
    data: Path = ctx.find_root().obj
    with reader(data):  # says so where there is no archive, before one is made
        pass
    try:
        return asyncio.run(at_once(data, rule))
    except StoreError as error:
        busy = error.kind == "locked"
        told = f"{data} is being written by another program; nothing was changed: try again in a moment"
        click.echo(f"dossier: {told if busy else error}", err=True)
        ctx.exit(int(Exit.BUSY if busy else Exit.NOT_STORED))


async def at_once(data: Path, rule: Callable[[Archive], list[int]]) -> list[int]:
    """What a ruling gives, that looks and writes while no other program can write between the two."""
    archive = Archive.open(data)
    try:
        await archive.writable(PATIENCE, lambda: False)
        return rule(archive)
    finally:
        archive.close()


def report(stories: Sequence[int], ctx: click.Context, conclusion: str, *, as_json: bool) -> None:
    """Show the stories as they are now."""
    with reader(ctx.find_root().obj) as db:
        told = [story(db, one) for one in stories]
    if as_json:
        click.echo(json_text({"stories": told}))
        return
    out = console()
    for one in told:
        tell(out, one)
        out.print()
    say(out, Text(conclusion, "dim"))


def tell(out: Console, told: Row) -> None:
    """Print a story: who stands for it, then each article that carries it."""
    members = told["articles"]
    size = f"{counted(told['size'], 'article')} of {counted(told['outlets'], 'outlet')}"
    say(out, plain(members[0]["title"] or "(no title)", "bold cyan"))
    say(out, size if told["size"] > 1 else f"{size}: no copy of it is known", indent=2)
    for one in members:
        tell_member(out, one)
    if told["size"] > len(members):
        say(out, f"and {told['size'] - len(members):,} more", indent=2)


def tell_member(out: Console, one: Row) -> None:
    """Print an article of a story: its relation to the one that stands for it, where and when, and rulings on it."""
    # Of what was grouped by an older release, it is not known.
    jaccard = f", Jaccard {one['story_jaccard']:.2f}" if one["story_jaccard"] else ""
    share = f", {one['story_similarity']:.0%} of it shared{jaccard}"
    is_original = one["story_relation"] == "original"
    wire = f", credited to {one['wire']}" if one["wire"] and not one["is_agency"] else ""
    place = f"{one['outlet_name'] or one['outlet']}, {published(one)}, {counted(one['words'], 'word')}{wire}"
    say(out, Text(one["story_relation"], "green" if is_original else "yellow"), "" if is_original else share, ": ",
        plain(place), indent=2)  # fmt: skip
    say(out, plain(one["url"], "dim"), indent=4)
    for ruling in one["rulings"][:NAMED]:
        say(out, plain(ruling_of(ruling)), indent=4)
    if (more := len(one["rulings"]) - NAMED) > 0:
        say(out, f"and {counted(more, 'other ruling')}: `--json` lists them", indent=4)
