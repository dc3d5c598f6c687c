"""What a run says when it is over: figures that add up, and what is worth a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.wording import counted
from crawler.process import Result
from pipelines.topic import Topic

OUTCOMES = (
    ("stored", "articles stored, new or in a new version"),
    ("unchanged", "articles known, and the same as before"),
    ("gone", "articles known whose pages were not there; their texts stay"),
    ("duplicate", "other addresses of articles known"),
    ("off-topic", "read, and not on the topic"),
    ("not-an-article", "lists, walls, empty or removed pages"),
    ("refused", "kept out by robots.txt, a host or our guards"),
    ("failed", "could not be read; tried again later where that can help"),
    ("waiting", "put off: their host asked for a rest, or an archive had nothing and the page itself is next"),
)


def show(result: Result, topic: Topic, data: Path, console: Console) -> None:
    """Print the summary of a run."""
    console.print()
    console.print(Text(topic.title or topic.name, "bold"), soft_wrap=True)
    answers = result.count("sources/complete") + result.count("sources/saturated")
    console.print(
        f"{counted(result.count('announced'), 'link')} announced in {counted(answers, 'answer')}, "
        f"{result.count('found'):,} of them new; {result.count('taken'):,} asked for:",
        soft_wrap=True,
    )
    console.print(outcomes_table(result))
    for line in remarks(result):
        console.print(Text(f"• {line}"), soft_wrap=True)
    console.print(Text(f"Archive: {data}", "dim"), soft_wrap=True)


def one_line(result: Result, topic: Topic) -> str:
    """The outcomes of a run on one line."""
    counts = [
        f"{result.count(f'outcome/{state}'):,} {state}" for state, _ in OUTCOMES if result.count(f"outcome/{state}")
    ]
    return f"{topic.name}: {', '.join(counts) or 'nothing new'}"


def outcomes_table(result: Result) -> Table:
    """One row an outcome; the sum is the number of candidates asked for."""
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold")
    left = result.count("taken")
    for state, meaning in OUTCOMES:
        count = result.count(f"outcome/{state}")
        left -= count
        if count:
            table.add_row(str(count), state, Text(meaning, "dim"))
    if left > 0:
        table.add_row(str(left), "left waiting", Text("for the next run", "dim"))
    table.add_row(str(result.count("taken")), "in all", "")
    return table


def remarks(result: Result) -> Iterator[str]:
    """What to look at, one sentence each."""
    if copies := result.count("copies"):
        yield f"{counted(copies, 'article is a copy', 'articles are copies')} of stories already here"
    if met := result.count("acquaintances"):
        kept = result.count("acquaintances_kept")
        yield f"{counted(met, 'link')} known from other topics and not asked for; of this one too: {kept:,}"
    yield from of_pages(result)
    if review := result.count("review"):
        articles = counted(review, "article is", "articles are")
        yield f"{articles} marked for review: near the topic, not surely on it (`dossier review`)"
    if outlinks := result.count("outlinks"):
        links = counted(outlinks, "link in the articles is a candidate", "links in the articles are candidates")
        yield f"{links} as well"
    yield from of_looks(result)
    if silent := result.count("sources/failed") + result.count("sources/refused"):
        yield f"{counted(silent, 'question')} brought no answer that can be read: `dossier sources`, `status` say why"
    if resting := result.count("not_due"):
        yield f"{counted(resting, 'source')} not due yet, and not asked: --recheck asks at once"
    if bitten := result.stats.get("dossier/budget"):
        yield str(bitten)
    if result.count("outcome/failed") or result.count("outcome/refused"):
        yield "`dossier why URL` tells the story of any one address; `dossier status` the failures by reason"
    answers = result.count("sources/complete") + result.count("sources/saturated")
    nothing = not result.count("announced") and not result.count("taken")
    if nothing and not answers and not silent and not result.count("not_due"):
        yield "nothing was left to ask: what was answered completely is not asked again (--recheck asks anew)"
    elif nothing and not result.count("not_due"):
        yield "no source announced anything: `dossier sources check` looks at each of them"


def of_looks(result: Result) -> Iterator[str]:
    """How many known articles were asked whether they have changed, and how many had to be left."""
    if looks := result.count("looks"):
        yield f"{counted(looks, 'known article')} asked for changes"
    if left := result.count("looks_left"):
        articles = counted(left, "known article")
        yield f"{articles} due to be asked and left for the next run: new ones come first, a host is asked for few"


def of_pages(result: Result) -> Iterator[str]:
    """What has become of pages of known articles."""
    if versions := result.count("versions"):
        yield f"{counted(versions, 'article has', 'articles have')} a new version; the old text is kept"
    if removed := result.count("removed"):
        yield f"{counted(removed, 'page')} counted as gone from now on: `dossier why URL` says since when and why"
    if returned := result.count("returned"):
        yield f"{counted(returned, 'page')} that had gone answered again"


def kept_figures(result: Result, report: Mapping[str, Any]) -> dict[str, Any]:
    """How a run over kept pages ended, with its report, as machines read it."""
    unread = [{"page": page, "reason": reason} for page, reason in result.stats.get("dossier/unread_pages", ())]
    return {
        "exit": int(result.code),
        "reason": result.reason,
        "message": result.message,
        **report,
        "unread": result.count("not_reread"),
        "unread_pages": unread,
    }
