"""Write docs/cli.md and docs/schema.md from the code: `make docs`; `--check` fails where they are out of date."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from archive.store import Archive
from crawler.cli import main as dossier

DOCS = Path(__file__).parent
NOTE = "<!-- Written by `make docs`; do not edit. -->"


def cli() -> str:
    """The help of every command, as one page."""
    parts = ["# Commands", NOTE, ""]
    for path, command in commands("dossier", dossier):
        context = click.Context(
            command, info_name=path, max_content_width=110, terminal_width=110, help_option_names=names_of(command)
        )
        parts += [f"## {path}" if " " not in path else f"### {path}", "", "```", command.get_help(context), "```", ""]
    return "\n".join(parts)


def names_of(command: click.Command) -> list[str]:
    """The help options of a command as it has them when it runs: click keeps what it makes first, whoever asks."""
    names = command.context_settings.get("help_option_names") or dossier.context_settings["help_option_names"]
    return list(names)


def commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, with their full names."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(f"{path} {name}", below)


def schema() -> str:
    """Every table, view and index of a new archive, as SQLite holds them."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.open(Path(folder))
        rows = archive.db.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        statements = [(kind, sql) for kind, name, sql in rows.fetchall() if "_fts_" not in name and name[0] != "_"]
        archive.close()
    parts = ["# Schema", NOTE, "", "What `archive/schema.py` makes of an empty file. Times are ISO 8601 UTC text.", ""]
    for wanted, heading in (("table", "Tables"), ("view", "Views"), ("index", "Indexes"), ("trigger", "Triggers")):
        parts += [
            f"## {heading}",
            "",
            "```sql",
            *(f"{sql};\n" for kind, sql in statements if kind == wanted),
            "```",
            "",
        ]
    return "\n".join(parts)


PAGES = {"cli.md": cli, "schema.md": schema}


def main(check: bool) -> int:
    """Write or compare every page; the exit code."""
    stale = [name for name, page in PAGES.items() if not current(name, page())]
    if check:
        for name in stale:
            print(f"docs/{name} is out of date: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote docs/{name}")
    return 0


def current(name: str, text: str) -> bool:
    """Whether a page says just that."""
    path = DOCS / name
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
