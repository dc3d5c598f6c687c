"""`dossier demo`: the default topic on the press that ships, crawled on two days, then served."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

import click

from archive.lock import CrawlLock
from crawler.cli.serve import command as serving
from crawler.exits import Exit
from crawler.folders import DEFAULT_TOPIC, PACKAGED_TOPICS, data_folder
from crawler.manners import manners
from crawler.press.outlets import OUTLETS
from crawler.press.pieces import CHANGED, DAYS, GONE, pieces
from crawler.press.server import Press
from crawler.press.topic import demo_topic
from crawler.terminal import narrate

MARKER = ".dossier-demo"
"""The file that says that a folder is a demo's, and may be made anew."""
PACE = (
    # The press is on this machine and does not mind; its Crawl-delays are kept all the same.
    "DOWNLOAD_DELAY=0.05",
    "AUTOTHROTTLE_ENABLED=False",
    # The hostile outlet has a page that never ends and one that is too deep to be read.
    "DOSSIER_DEADLINE=3",
    "DOSSIER_EXTRACT_DEADLINE=5",
    "RETRY_TIMES=1",
)
SEARCHES = (
    ("ceasefire", "who asked for one, and who would not"),
    ('"135 days"', "a phrase, from the news of it to the day it was void"),
    ("women rights", "both words, wherever they stand"),
)


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="End after the summary.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Busy: the next free one.")
@click.option("--open", "opens", is_flag=True, help="Open the archive in a browser.")
@click.pass_context
def command(ctx: click.Context, no_serve: bool, port: int, opens: bool) -> None:
    """Crawl a small invented press on this machine, twice, and serve what was found."""
    data = demo_folder(ctx)
    topic = prepared(data)
    if code := crawled(data, topic):
        click.echo(f"dossier: the demo ends here (exit code {code}); {data / 'crawl.log'} says more", err=True)
        ctx.exit(code)
    suggest(data)
    if not no_serve:
        serve(ctx, data, port, opens)


def demo_folder(ctx: click.Context) -> Path:
    """The folder that the user names, else `demo` beside the default archive."""
    root = ctx.find_root()
    if root.params.get("data") or os.environ.get("DOSSIER_DATA"):
        return Path(root.obj)
    usual = data_folder(None, {})
    return usual.with_name("demo") if usual.name == "data" else usual / "demo"


def prepared(data: Path) -> Path:
    """The demo's topic file in an otherwise empty folder; whatever is no demo's is left alone."""
    if data.exists() and not (data / MARKER).is_file() and (not data.is_dir() or any(data.iterdir())):
        raise click.UsageError(
            f"{data} holds something that is not a demo; name an empty folder: dossier --data DIR demo"
        )
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / MARKER).write_text("dossier demo makes this folder anew each time\n", encoding="utf-8")
        emptied(data)
        topic = data / "topics" / f"{DEFAULT_TOPIC}.toml"
        topic.parent.mkdir()
        shipped = (PACKAGED_TOPICS / topic.name).read_text(encoding="utf-8")
        topic.write_text(demo_topic(shipped), encoding="utf-8")
    except OSError as error:
        click.echo(f"dossier: {data} cannot be written ({error.strerror}); name another: --data DIR", err=True)
        raise click.exceptions.Exit(int(Exit.NOT_STORED)) from error
    return topic


def emptied(data: Path) -> None:
    """Clear a demo's folder, unless a crawl is at work in it."""
    with CrawlLock(data) as lock:
        for path in data.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name not in {MARKER, lock.path.name}:
                path.unlink()


def crawled(data: Path, topic: Path) -> int:
    """The exit code of the two crawls: that of the first one that fails, else 0."""
    say(f"{len(OUTLETS)} invented newspapers open on this machine, behind a proxy of their own.")
    say("Nothing leaves the machine. One of the papers is hostile.")
    with Press(log_file=data / "press.jsonl") as press:
        environ = environment(os.environ, press.proxy_url, press.ca_file)
        for day, moment in DAYS.items():
            press.day = day
            narrate()
            name = "one" if day == 1 else "two"
            say(f"Day {name}, {moment.day} {moment:%B %Y}: {len(pieces(day))} articles in print.", bold=True)
            say(DAY_TEXTS[day])
            if code := crawl(data, topic, environ, recheck=day > 1):
                return code
    return 0


DAY_TEXTS = {
    1: "An envoy has an agreement in principle. Every feed and sitemap is read, every link on the topic fetched.",
    2: "A month on, the talks are dead. The same questions again: what is new, and which texts have changed since? "
    "Known articles are asked only whether they are still the same.",
}


def say(text: str, *, bold: bool = False) -> None:
    """One line of the story, for those who want to hear it."""
    if manners().quiet:
        return
    click.secho(text, bold=bold)
    sys.stdout.flush()


def environment(environ: Mapping[str, str], proxy: str, authority: Path) -> dict[str, str]:
    """An environment for a crawl that sees the press and nothing else."""
    names = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")
    kept = {name: value for name, value in environ.items() if name.lower() not in names}
    return {**kept, "http_proxy": proxy, "https_proxy": proxy, "SSL_CERT_FILE": str(authority)}


def crawl(data: Path, topic: Path, environ: Mapping[str, str], *, recheck: bool) -> int:
    """Run one crawl to its end, in a process of its own since Twisted's reactor runs once; its exit code."""
    command_line = [sys.executable, "-m", "crawler.cli", *manners().options(), "--data", str(data), "crawl", str(topic)]
    command_line += ["--allow-private", ".example", *(["--recheck"] if recheck else [])]
    for setting in PACE:
        command_line += ["-s", setting]
    # In a group of its own, so that a Ctrl-C comes to it once, from us: a second one would cut its clean stop short.
    with subprocess.Popen(command_line, env=dict(environ), process_group=0) as running:  # noqa: S603 - our own command
        code = waited(running)
    return code if code >= 0 else int(Exit.FAULT)


def waited(running: subprocess.Popen[bytes]) -> int:
    """How a process ended; signals to stop are passed on to it meanwhile."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        running.send_signal(number)

    before = [(number, signal.signal(number, pass_on)) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    try:
        return running.wait()
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def suggest(data: Path) -> None:
    """What a visitor can try now."""
    if manners().quiet:
        return
    click.echo()
    say(f"The archive is in {data}. Try:", bold=True)
    start = f"{typed('dossier', sys.executable)} --data {shlex.quote(nearest(data))}"
    for query, why in SEARCHES:
        click.echo(f"  {start} search '{query}'    # {why}")
    urls = {piece.manuscript.slug: piece.url for piece in pieces(2) if piece.origin is None}
    click.echo(f"  {start} why {urls[GONE]}    # an article that its paper took down")
    click.echo(f"  {start} diff {urls[CHANGED]}    # what a paper changed of an article")
    click.echo(f"  {start} review    # the doubtful articles: yes or no")


def typed(command_name: str, python: str) -> str:
    """What to type for a command that is installed beside an interpreter: its name where the shell finds just that."""
    beside = Path(python).with_name(command_name)
    return command_name if shutil.which(command_name) == str(beside) else shlex.quote(nearest(beside))


def nearest(path: Path) -> str:
    """A path as one types it from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def serve(ctx: click.Context, data: Path, port: int, opens: bool) -> None:
    """Serve the archive until interrupted; where the port is busy, at the next free one."""
    ctx.find_root().obj = data
    ctx.invoke(serving, port=port, open_browser=opens)
