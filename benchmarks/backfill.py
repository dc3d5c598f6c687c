"""A backfill from one large WARC file: how fast it is scanned and read, in how much memory, and what kills cost.

    python -m benchmarks.backfill --off-topic 20000 --kills 2 PAGES_DIR

PAGES_DIR has folders with manifest.jsonl (id, url) and pages/ID.html.gz. Their pages are shuffled among made-up ones of
usual sizes, whose words are none of the topic's. The topic's terms are words of the real pages' titles, so that each
of them promises something; it keeps everything. `--scan` measures the channel alone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.crawl import Peak
from benchmarks.warcfile import MadeUp, Real, real_pages, shuffled, write_warc
from crawler.channels.ask import Ask
from crawler.channels.ccnews import LARGEST, CcNews
from crawler.local_warcs import path_of, read_range, warc_url
from pipelines.items import Page
from pipelines.topic import Source, load_topic
from pipelines.words import words_of

ROOT = Path(__file__).parent.parent


def terms_of(pages: Sequence[Real], most: int = 1500, each: int = 3) -> list[str]:
    """Words such that most titles hold three: the commonest first, as long as a title needs them."""
    words = [set(re.findall(r"[^\W\d_]{4,20}", page.title.casefold())) for page in pages]
    counts = Counter(word for title in words for word in title)
    needs, terms = Counter(dict.fromkeys(range(len(words)), each)), []
    for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        reached = [number for number, title in enumerate(words) if needs[number] > 0 and word in title]
        if reached and len(words_of(word)) == 1:
            terms.append(word)
            needs.subtract(reached)
    return terms[:most]


def write_topic(path: Path, terms: Sequence[str], language: str) -> None:
    """A topic that keeps whatever its terms lead to."""
    lines = "".join(f'"{term}" = 1.0\n' for term in terms)
    head = f'title = "Backfill"\nlanguage = "{language}"\n[window]\nsince = 1990-01-01\n'
    path.write_text(f"{head}[thresholds]\nkeep = 0.0\nreview = 0.0\n[terms]\n{lines}", encoding="utf-8")


def scan(warc: Path, topic: Path) -> dict[str, Any]:
    """The channel alone over a whole file, in this process: rates, candidates, and the growth of its memory."""
    channel, known, now = CcNews(), load_topic(topic), datetime.now(UTC)
    sources = (Source(channel="ccnews", url=warc_url(warc)),)
    (ask,) = channel.asks(replace(known, sources=sources), now)
    before, began = peak(), time.perf_counter()
    candidates, steps, following = [], 0, [ask]
    while following:
        (ask,) = following
        answer = channel.read(ask, range_of(ask), known, now)
        candidates += [candidate.url for candidate in answer.candidates]
        following, steps = list(answer.asks), steps + 1
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds, "steps": steps, "status": answer.status, "reason": answer.reason,
        "candidates": candidates, "memory_mb": (peak() - before) / 1024,
        "mb": warc.stat().st_size / 1e6,
    }  # fmt: skip


def peak() -> int:
    """The most memory that this process ever had, in KB (Linux)."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) if found else 0


def range_of(ask: Ask) -> Page:
    """The answer to an ask for a range of a local file."""
    first, _, last = dict(ask.headers)["Range"].removeprefix("bytes=").partition("-")
    body, size = read_range(path_of(ask.url), int(first), int(last), LARGEST)
    given = (("Content-Range", f"bytes {first}-{int(first) + len(body) - 1}/{size}"),)
    return Page(url=ask.url, status=206 if body else 416, headers=given, body=body, fetched=datetime.now(UTC))


def command_of(data: Path, topic: Path, warc: Path) -> list[str]:
    most = ["--max-pages", "1000000", "--max-pages-per-host", "1000000"]
    return [
        sys.executable, "-m", "crawler.cli", "--data", str(data), "backfill", str(topic), "--warc", str(warc), "--json",
        *most,
    ]  # fmt: skip


def backfill(data: Path, topic: Path, warc: Path, kill_after: float | None = None) -> dict[str, Any]:
    """One run of the command: its figures, wall clock and peak memory; killed after so many seconds where told."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command_of(data, topic, warc),
        cwd=data.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    watch = Peak(process.pid)
    try:
        out, _ = process.communicate(timeout=kill_after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, _ = process.communicate()
    figures: dict[str, Any] = json.loads(out) if out.strip() else {}
    return {
        "exit": process.returncode, "seconds": time.perf_counter() - began, "peak_mb": watch.peak,
        "cpu": sum(watch.cpu.values()), "summary": figures,
    }  # fmt: skip


def archived(data: Path) -> dict[str, Any]:
    """What an archive holds: article URLs, candidates by state, records by URL, the ledger's last words."""
    database = sqlite3.connect(data / "news.db")

    def every(query: str) -> list[Any]:
        return database.execute(query).fetchall()

    found = {
        "urls": {url for (url,) in every("SELECT url FROM articles")},
        "states": dict(every("SELECT state, count(*) FROM candidates GROUP BY state")),
        "candidates": {url for (url,) in every("SELECT url FROM candidates")},
        "twice": every("SELECT url, count(*) FROM records GROUP BY url HAVING count(*) > 1"),
        "versions": every("SELECT count(*) FROM versions")[0][0],
        "ledger": every("SELECT last_status, last_reason FROM sources"),
    }
    database.close()
    return found


def judged(calm: dict[str, Any], killed: dict[str, Any], promised: set[str]) -> dict[str, bool]:
    """What must hold of an archive that was killed and went on, beside one that was left in peace."""
    return {
        "every promising record is a candidate": promised == calm["candidates"] == killed["candidates"],
        "the same articles": calm["urls"] == killed["urls"],
        "the same outcomes": calm["states"] == killed["states"],
        "nothing waits": not calm["states"].get("waiting") and not killed["states"].get("waiting"),
        "no page stored twice": not calm["twice"] and not killed["twice"] and not killed["versions"],
        "the ledger is complete": {status for status, _ in [*calm["ledger"], *killed["ledger"]]} == {"complete"},
    }


def main() -> None:
    """Build the file, scan it, read it in peace, read it with kills, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--off-topic", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--scan", action="store_true", help="measure the channel alone")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(Path(folder), options)
    table = Table.grid(padding=(0, 2))
    for name, value in figures.items():
        table.add_row(name.replace("_", " "), f"{value:,.2f}" if isinstance(value, float) else str(value))
    Console().print(table)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if not all(value for value in figures.values() if isinstance(value, bool)):
        raise SystemExit("backfill: what must hold does not")


def measured(work: Path, options: argparse.Namespace) -> dict[str, Any]:
    """All figures, by name."""
    real = real_pages(options.pages)
    terms = terms_of(real)
    warc, topic = work / "bench.warc.gz", work / "bench.toml"
    language = Counter(page.language for page in real).most_common(1)[0][0]
    write_topic(topic, terms, language)
    records, size = write_warc(warc, shuffled(real, MadeUp(terms), options.off_topic))
    with get_context("spawn").Pool(1) as pool:
        scanned = pool.apply(scan, (warc, topic))
    promised = set(scanned["candidates"])
    figures: dict[str, Any] = {
        "real_pages": len(real),
        "of_the_language": sum(page.language in {language, ""} for page in real),
        "records": records,
        "file_mb": scanned["mb"],
        "pages_mb": size / 1e6,
        "scan_records_per_s": records / scanned["seconds"],
        "scan_mb_per_s": scanned["mb"] / scanned["seconds"],
        "scan_memory_mb": scanned["memory_mb"],
        "promising": len(promised),
        "promising_made_up": sum(".example/" in url for url in promised),
        "share_parsed": len(promised) / (len(real) + options.off_topic),
    }
    return figures if options.scan else figures | both_ways(work, topic, warc, records, promised, options.kills)


def both_ways(work: Path, topic: Path, warc: Path, records: int, promised: set[str], kills: int) -> dict[str, Any]:
    """The command in peace, and with kills at random moments; what must hold."""
    calm = backfill(work / "calm", topic, warc)
    if calm["exit"]:
        raise SystemExit(f"backfill: the command ended with {calm['exit']}")
    chance = random.Random(7)
    moments = [*(chance.uniform(0.3, 0.8) * calm["seconds"] for _ in range(kills)), None]
    tries = [backfill(work / "killed", topic, warc, moment) for moment in moments]
    first, second = archived(work / "calm"), archived(work / "killed")
    return {
        "seconds": calm["seconds"], "cpu_seconds": calm["cpu"], "records_per_s": records / calm["seconds"],
        "pages_per_s": len(first["candidates"]) / calm["seconds"], "peak_mb": calm["peak_mb"],
        "stored": len(first["urls"]), "outcomes": json.dumps(first["states"]),
        "killed_after_s": ", ".join(f"{one['seconds']:.1f}" for one in tries[:-1]),
        "seconds_after_the_kills": tries[-1]["seconds"],
    } | judged(first, second, promised)  # fmt: skip


if __name__ == "__main__":
    main()
