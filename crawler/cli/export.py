"""`dossier export`: the articles of a question in the forms that other programs read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from archive.errors import StoreError
from archive.exports.forms import FORMS, LIMITS, PACKED, TEXTS, Form, form_of, packed, pieces, write, write_database
from archive.exports.pages import LOST
from archive.exports.parquet import MissingExtraError
from archive.exports.progress import Progress
from archive.exports.selection import ORDERS, Order, Selection
from archive.exports.target import write_file
from archive.queries import OUTLET_NAMED, Reader, row
from archive.questions.question import Question, adding, parse
from archive.questions.values import VERDICTS, UnclearValueError, meant
from archive.wording import counted
from crawler.exits import Exit, NotStored
from crawler.outgoing import shown, stoppable, to_stdout
from crawler.reading import followed, reader
from crawler.terminal import printable

DATE = "D"
WHOLE = "it is the whole archive: leave out QUERY and its filters, or choose another --format"
EXAMPLES = """\b
Examples:
  dossier export 'ceasefire lang:en' > ceasefire.csv
  dossier export --topic talks --copies none -o talks.jsonl.gz
  dossier export --format markdown --since 2019-02 -o notes
  dossier export --format sqlite --public -o talks.db
"""
OUT_OF_ORDER = "utlet:"  # what is left of `-outlet:wire.example` behind the option -o


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for: the form, and where to."""

    form: Form
    path: Path | None
    is_packed: bool
    is_for_spreadsheets: bool
    is_public: bool
    is_forced: bool


@click.command("export", epilog=EXAMPLES)
@click.argument("query", nargs=-1)
@click.option(
    "--format", "form", type=click.Choice(FORMS), help="The form (else by the ending of FILE; csv where it has none)."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where to (else standard output)."
)
@click.option("--topic", "topics", multiple=True, metavar="T", help="Only articles of that topic.")
@click.option("--outlet", "outlets", multiple=True, metavar="DOMAIN", help="Only articles of that outlet.")
@click.option("--since", metavar=DATE, help="Published since that year, month or day.")
@click.option("--until", metavar=DATE, help="Published until then, that day included.")
@click.option(
    "--verdict", "verdicts", multiple=True, type=click.Choice(VERDICTS), help="Only so judged (else not drop)."
)
@click.option("--copies", type=click.Choice(["all", "none"]), default="all", show_default=True,
              help="Copies of a story too, or one article of each.")  # fmt: skip
@click.option("--bodies/--no-bodies", default=True, show_default=True, help="The full texts too.")
@click.option("--order", type=click.Choice(ORDERS), default="newest", show_default=True, help="Which comes first.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most the first N (atom: 100 if not said).")
@click.option("--spreadsheet", is_flag=True, help="CSV in which no cell can begin a formula.")
@click.option("--gzip", "is_packed", is_flag=True, help="Packed; so is a FILE whose name ends with .gz.")
@click.option("--public", "is_public", is_flag=True, help="sqlite: without what is the operator's alone.")
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@click.pass_context
def command(ctx: click.Context, /, query: tuple[str, ...], **options: Any) -> None:
    """Hand on the articles of QUERY: csv, jsonl, parquet, atom, markdown, bibtex, ris, warc or sqlite.

    QUERY is what the search box takes: words, "phrases", title:word, outlet:wire.example, -without; all articles
    where there is none. Options add filters to it. Put -- before a QUERY that begins with a dash. FILE gets its
    name when all is written, and is never replaced without --force. The exit code is 7 where kept pages are lost.
    """
    data: Path = ctx.find_root().obj
    wish = wished(query, options)
    with reader(data) as db, stoppable(f"nothing was written to {printable(str(wish.path))}" if wish.path else ""):
        question = asked(db, " ".join(query), options)
        for sentence in parse(" ".join(query)).unclear:
            click.echo(printable(sentence), err=True)
        chosen = selection(db, question, wish.form, options)
        try:
            progress = fulfil(chosen, wish, data)
        except StoreError as error:
            raise NotStored(str(error)) from error
        except MissingExtraError as error:
            raise click.UsageError(str(error)) from error
    if progress is not None:
        tell(progress, wish)
        ctx.exit(int(Exit.UNWELL if LOST in progress.notes else Exit.DONE))


def wished(query: tuple[str, ...], options: dict[str, Any]) -> Wish:
    """The form and where it goes; a usage error where they do not go together."""
    path: Path | None = options["output"] if str(options["output"]) != "-" else None
    if path is not None and str(path).startswith(OUT_OF_ORDER):
        raise click.UsageError("-outlet: was read as the option -o; put -- before a QUERY that begins with a dash")
    form: Form | None = options["form"] or (form_of(path) if path else "csv")
    if form is None and path is not None and path.suffix:
        raise click.UsageError(f"{path.name} tells no form by its ending; say which with --format")
    form = form or "csv"
    if path is None and form not in TEXTS:
        raise click.UsageError(f"{form} cannot go to standard output; name a {place_of(form)} with -o")
    if options["spreadsheet"] and form != "csv":
        raise click.UsageError("--spreadsheet is for --format csv")
    if options["is_packed"] and form not in TEXTS:
        raise click.UsageError(f"{form} is not packed with --gzip: it is packed as it is, or a program reads it so")
    if options["is_public"] and form != "sqlite":
        raise click.UsageError("--public is for --format sqlite; all other forms hold what the pages show")
    filters = ("topics", "outlets", "since", "until", "verdicts", "limit")
    is_narrowed = query or any(options[name] for name in filters) or options["copies"] == "none"
    if form == "sqlite" and (is_narrowed or not options["bodies"]):
        raise click.UsageError(f"sqlite: {WHOLE}")
    return Wish(
        form=form,
        path=path,
        is_packed=form in TEXTS and (options["is_packed"] or (path is not None and path.name.endswith(PACKED))),
        is_for_spreadsheets=options["spreadsheet"],
        is_public=options["is_public"],
        is_forced=options["force"],
    )


def place_of(form: Form) -> str:
    """What a form is written to."""
    return "folder" if form == "markdown" else "file"


def asked(db: Reader, typed: str, options: dict[str, Any]) -> Question:
    """The question with the options as its filters; a usage error where a value means nothing here."""
    for name in options["topics"]:
        typed = filtered(typed, "topic", followed(db, name))
    for domain in options["outlets"]:
        typed = filtered(typed, "outlet", domain)
        if row(db, OUTLET_NAMED, domain=meant("outlet", domain)) is None:
            mend = "give its domain, such as courier.example"
            raise click.BadParameter(f"{printable(domain)} is no outlet of this archive; {mend}", param_hint="--outlet")
    for verdict in options["verdicts"]:
        typed = filtered(typed, "verdict", verdict)
    for field in ("since", "until"):
        if options[field]:
            typed = filtered(typed, field, options[field])
    return parse(typed)


def filtered(typed: str, field: str, value: str) -> str:
    """What to type for the same question with one more filter; a usage error where the value means nothing."""
    try:
        meaning = meant(field, value)
    except UnclearValueError as error:
        raise click.BadParameter(f"{printable(value)}: {error}", param_hint=f"--{field}") from error
    more = adding(typed, field, value)
    question = parse(more)
    if not getattr(question, field, "") and (field, meaning) not in [
        (one.field, one.value) for one in question.filters
    ]:
        raise click.UsageError(f"there is no room for --{field} beside QUERY, which is full: shorten it")
    return more


def selection(db: Reader, question: Question, form: Form, options: dict[str, Any]) -> Selection:
    """The articles of a question in the order that is wanted."""
    usual, most = LIMITS.get(form, (0, 0))
    limit = options["limit"] or usual
    if most and limit > most:
        raise click.BadParameter(f"{form} takes {most:,} articles at most", param_hint="--limit")
    order: Order = options["order"]
    return Selection(
        db=db,
        question=question,
        order=order,
        has_copies=options["copies"] == "all",
        has_bodies=options["bodies"],
        limit=limit,
    )


def fulfil(chosen: Selection, wish: Wish, data: Path) -> Progress | None:
    """Write what was wished for; what was done, or None where the reader of a pipe had enough."""
    with shown(chosen.count, is_shown=wish.path is not None and wish.form != "sqlite") as progress:
        if wish.form == "sqlite":
            assert wish.path is not None, "a database has a file"
            write_database(progress, data, wish.path, is_public=wish.is_public, is_forced=wish.is_forced)
        elif wish.form not in TEXTS:
            assert wish.path is not None, "what is no text has a file"
            write(wish.form, chosen, progress, data, wish.path, is_forced=wish.is_forced)
        else:
            some = pieces(wish.form, chosen, progress, is_for_spreadsheets=wish.is_for_spreadsheets)
            some = packed(some) if wish.is_packed else some
            if wish.path is None:
                return progress if to_stdout(some, is_text=not wish.is_packed) else None
            write_file(wish.path, some, is_forced=wish.is_forced)
    return progress


def tell(progress: Progress, wish: Wish) -> None:
    """Say on standard error what was written where, and what was left out."""
    if wish.path is not None:
        pages = f", {counted(progress.notes['pages'], 'page')}," if "pages" in progress.notes else ""
        click.echo(f"{counted(progress.articles, 'article')}{pages} in {printable(str(wish.path))}", err=True)
    for what, count in progress.notes.items():
        if what != "pages":
            click.echo(f"{count:,} {what}", err=True)
