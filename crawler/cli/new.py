"""`dossier new`: a topic file from seed articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date, datetime
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

import click

from crawler.definition import Draft, definition
from crawler.exits import Exit
from crawler.plan_text import search_plan
from crawler.seeds import SeedError, Wish, draft_from, seed_from_file, seed_from_page
from crawler.terminal import narrate, printable
from crawler.times import now
from pipelines.items import Article, Page
from pipelines.topic import PORTS, TopicError, is_topic_name, parse_topic
from pipelines.vocabulary import Kind

MOST_SEEDS = 50
SHOWN = 16
KINDS: dict[Kind, str] = {"asked": "Asked", "name": "Names", "phrase": "Phrases", "word": "Words"}
DAY = click.DateTime(["%Y-%m-%d"])
EXAMPLES = """\b
Examples:
  dossier new floods https://herald.example/2024/river-rises
  dossier new floods first.html second.txt --term "river level" --since 2024-01-01
"""


@click.command("new", epilog=EXAMPLES)
@click.argument("name")
@click.argument("seeds", nargs=-1, required=True, metavar="SEED...")
@click.option("--term", "terms", multiple=True, metavar="T", help="A word or phrase of the topic, above all others.")
@click.option("--since", type=DAY, metavar="D", help="First day of its window of time (2019-01-31).")
@click.option("--until", type=DAY, metavar="D", help="Last day of it.")
@click.option("--source", "sources", multiple=True, metavar="URL", help="A feed, a sitemap or a site to look at.")
@click.option("--allow-private", multiple=True, metavar="HOST", help="Let HOST (or HOST:PORT) be in a private network.")
@click.option("--force", is_flag=True, help="Write over a topic of that name.")
def command(
    name: str,
    seeds: tuple[str, ...],
    terms: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    sources: tuple[str, ...],
    allow_private: tuple[str, ...],
    force: bool,
) -> None:
    """Make topics/NAME.toml from seed articles: each SEED a URL, an HTML file or a text file."""
    path = _target(name, force=force)
    if len(seeds) > MOST_SEEDS:
        raise click.UsageError(f"{len(seeds)} seeds are given; {MOST_SEEDS} are enough for any topic")
    wish = Wish(terms=terms, since=_day(since), until=_day(until), sources=sources)
    try:
        articles = [_article(seed, allow_private) for seed in seeds]
        draft = draft_from(name, articles, wish, now(), seeds)
        text = definition(draft)
        topic = parse_topic(text, str(path))
    except (SeedError, TopicError) as error:
        raise click.UsageError(str(error)) from error
    _write(path, text, force=force)
    _show(draft)
    for line in search_plan(topic, now()):
        narrate(line)
    click.echo(f"\nWritten to {path}. Look it over, then: dossier crawl {name}")


def _target(name: str, *, force: bool) -> Path:
    if not is_topic_name(name):
        mend = "give lowercase letters, digits, - and _, such as heat-2024"
        raise click.BadParameter(f"{name!r} is no name for a topic; {mend}", param_hint="NAME")
    path = Path("topics") / f"{name}.toml"
    if path.exists() and not force:
        raise click.UsageError(f"{path} is there already; give another name, or --force to write over it")
    return path


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _is_url(seed: str) -> bool:
    return seed.casefold().startswith(("http://", "https://"))


def _article(seed: str, allow_private: Sequence[str]) -> Article:
    return seed_from_page(_page(seed, allow_private)) if _is_url(seed) else seed_from_file(Path(seed), now())


def _page(url: str, allow_private: Sequence[str]) -> Page:
    """The page of a seed, fetched in a process of its own: Twisted's reactor runs once in each."""
    try:
        port = urlsplit(url).port
    except ValueError as error:
        raise SeedError(f"{url}: is no address ({error}); give one such as https://example.com/story") from error
    overrides: dict[str, object] = {"DOSSIER_ALLOW_PRIVATE": list(allow_private)}
    if port:
        overrides["DOSSIER_PORTS"] = [*PORTS, port]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            page, reason = pool.submit(_fetched, url, overrides).result()
        except BrokenProcessPool:
            page, reason = None, f"{url}: the process that fetched it died"
    if page is None:
        click.echo(
            f"dossier: {reason.rstrip('.')}. Save the page as a file and give that, if a browser can read it.", err=True
        )
        raise click.exceptions.Exit(int(Exit.UNREACHABLE))
    return page


def _fetched(url: str, overrides: dict[str, object]) -> tuple[Page | None, str]:
    """The page, or the reason why there is none."""
    from crawler.process import PageLost, fetch_page  # noqa: PLC0415 - brings Scrapy, which files do not need

    try:
        return fetch_page(url, overrides), ""
    except PageLost as lost:
        return None, str(lost)


def _write(path: Path, text: str, *, force: bool) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be written ({error.strerror}); run it in a folder of yours") from error


def _show(draft: Draft) -> None:
    """Tell what the topic will follow."""
    window = f"{draft.since or 'any day'} to {draft.until or 'now on'}"
    lines = {
        "Topic": draft.title,
        **{label: _some([term.text for term in draft.terms if term.kind == kind]) for kind, label in KINDS.items()},
        "Window": window if draft.since or draft.until else "open: no seed tells its day; --since and --until set one",
        "Queries": "; ".join(draft.queries),
        "Sources": ", ".join(f"{count} {name}" for name, count in _counted(draft)),
    }
    for label, text in lines.items():
        if text:
            click.echo(f"{label + ':':9}{printable(text)}")
    click.echo()


def _counted(draft: Draft) -> list[tuple[str, int]]:
    return Counter(source.channel for source in draft.sources).most_common()


def _some(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return ", ".join(texts[:SHOWN]) + more
