"""A crawl of recorded real pages, through a replay proxy: what is stored, and that a second crawl changes nothing.

    python -m benchmarks.replay --replay replay_web.py --only feeds --out predictions.jsonl PAGES_DIR...

The replay plays recorded pages back as live sites, http and https; a page folder holds manifest.jsonl (id, url and the
gold fields) and pages/. The topic keeps everything, and its sources are the feeds (or news sitemaps) of all hosts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines.urls import canonical

ROOT = Path(__file__).parent.parent
PATHS = {"feeds": "/feed.xml", "sitemaps": "/sitemap-news.xml"}
STEADY = ("articles", "versions", "stories", "fingerprints")


def manifest(folders: Sequence[Path]) -> list[dict[str, Any]]:
    """All recorded pages."""
    return [json.loads(line) for folder in folders for line in (folder / "manifest.jsonl").open(encoding="utf-8")]


def write_topic(path: Path, pages: Sequence[dict[str, Any]], channel: str) -> None:
    """A topic that keeps everything, with one source a host."""
    origins = sorted({f"{urlsplit(page['url']).scheme}://{urlsplit(page['url']).hostname}" for page in pages})
    sources = "".join(f'[[sources]]\nchannel = "{channel}"\nurl = "{origin}{PATHS[channel]}"\n' for origin in origins)
    terms = '[terms]\n"news" = 1.0\n'
    thresholds = "[thresholds]\nkeep = 0.0\nreview = 0.0\n"
    path.write_text(f'title = "Replay"\nlanguage = "en"\n{thresholds}{terms}{sources}', encoding="utf-8")


@contextmanager
def replayed(script: Path, folders: Sequence[Path], work: Path) -> Iterator[dict[str, str]]:
    """The replay's proxy in a process of its own; the environment that points a client at it."""
    ca, log = work / "ca.pem", work / "requests.jsonl"
    command = [sys.executable, str(script), "--port", "0", "--ca-file", str(ca), "--log", str(log), *map(str, folders)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        proxy = server.stdout.readline().split()[-1]
        try:
            yield {**os.environ, "http_proxy": proxy, "https_proxy": proxy, "SSL_CERT_FILE": str(ca)}
        finally:
            server.send_signal(signal.SIGTERM)


def crawl(work: Path, environment: dict[str, str], *options: str) -> dict[str, Any]:
    """One `dossier crawl`; its figures."""
    command = [sys.executable, "-m", "crawler.cli", "--data", str(work / "data"), "crawl", str(work / "replay.toml")]
    done = subprocess.run(
        [*command, "--json", *options],
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=False,
    )
    figures: dict[str, Any] = json.loads(done.stdout or b"{}")
    figures["exit"] = done.returncode
    return figures


def stored(work: Path, pages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One prediction a page that is in the archive: id, text, title, authors, date, language, outlet."""
    database = sqlite3.connect(work / "data" / "news.db")
    database.row_factory = sqlite3.Row
    found = []
    query = """
        SELECT articles.*, outlets.domain AS outlet FROM articles JOIN outlets ON outlets.id = outlet_id
        WHERE articles.url = :url OR articles.id IN (SELECT article_id FROM aliases WHERE url = :url)"""
    for page in pages:
        row = database.execute(query, {"url": canonical(page["url"])}).fetchone()
        if row is not None:
            authors = [name for name in (row["byline"] or "").split(", ") if name]
            found.append({
                "id": page["id"], "text": row["body"], "title": row["title"], "authors": authors,
                "date": row["published"], "language": row["language"], "outlet": row["outlet"],
            })  # fmt: skip
    database.close()
    return found


def fingerprint(work: Path) -> dict[str, str]:
    """A digest of each steady table and of the WARC files."""
    database = sqlite3.connect(work / "data" / "news.db")
    digests = {}
    for table in STEADY:
        rows = database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
        digests[table] = hashlib.sha256(repr(rows).encode()).hexdigest()
    database.close()
    files = sorted((work / "data" / "warc").glob("*"))
    digests["warc"] = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    return digests


def second_crawl(work: Path, environment: dict[str, str], pages: Sequence[dict[str, Any]]) -> None:
    """Crawl again with --recheck; say what changed and what the server's log shows."""
    before, log = fingerprint(work), work / "requests.jsonl"
    lines = len(log.read_text(encoding="utf-8").splitlines())
    figures = crawl(work, environment, "--recheck")
    after = fingerprint(work)
    urls = {page["url"] for page in pages}
    answers = Counter(
        ("article" if row["url"] in urls else "other", row["status"], bool(row["if_none_match"]))
        for row in map(json.loads, log.read_text(encoding="utf-8").splitlines()[lines:])
    )
    print(f"second crawl: {json.dumps(figures)}")
    for (what, status, conditional), count in sorted(answers.items()):
        print(f"  {count:5d} {what:8s} {status} {'conditional' if conditional else 'in full'}")
    print("  unchanged:", ", ".join(name for name in before if before[name] == after[name]) or "nothing")
    print("  changed:", ", ".join(name for name in before if before[name] != after[name]) or "nothing")


def main() -> None:
    """Crawl, count, write predictions, crawl again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--replay", type=Path, required=True)
    parser.add_argument("--only", choices=sorted(PATHS), default="feeds")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    pages = manifest(options.folders)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        write_topic(work / "replay.toml", pages, options.only)
        with replayed(options.replay, options.folders, work) as environment:
            print(f"first crawl: {json.dumps(crawl(work, environment))}")
            found = stored(work, pages)
            whole = [row for row in found if row["title"] and row["date"] and row["outlet"] and row["text"]]
            print(f"{len(pages)} pages, {len(found)} stored, {len(whole)} with title, date, outlet and text "
                  f"({100 * len(whole) / len(pages):.1f} %)")  # fmt: skip
            have = {row["id"] for row in whole}
            for page in pages:
                if page["id"] not in have:
                    print(f"  missing: {page['id']} {page['url']}")
            if options.out:
                options.out.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
            second_crawl(work, environment, pages)


if __name__ == "__main__":
    main()
