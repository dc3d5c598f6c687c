"""`make bench`: every benchmark, figures into benchmarks/results/ and a table on the terminal."""

from __future__ import annotations

import argparse
import json
import os
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"
BENCHMARKS = ("crawl", "serve", "snapshot")


def main() -> None:
    """Run the benchmarks that are asked for, all by default."""
    parser = argparse.ArgumentParser(description="Run benchmarks; absolute figures mean an idle machine.")
    parser.add_argument("names", nargs="*", default=list(BENCHMARKS), help=f"of {', '.join(BENCHMARKS)}")
    console = Console()
    RESULTS.mkdir(exist_ok=True)
    for name in parser.parse_args().names:
        console.print(f"[bold]{name}[/] on {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        figures = import_module(f"benchmarks.{name}").bench()
        table = Table.grid(padding=(0, 2))
        for key, value in figures.items():
            table.add_row(key.replace("_", " "), f"{value:,.2f}")
        console.print(table)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        (RESULTS / f"{name}-{stamp}.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
