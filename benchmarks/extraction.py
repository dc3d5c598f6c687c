"""What extraction makes of recorded pages, for a scorer.

    python -m benchmarks.extraction PAGES_DIR [--datasets a,b] [--again] --out predictions.jsonl

Writes {id, text, title, authors, date, language, ms} for every page of PAGES_DIR/<set>/manifest.jsonl, in the order in
which a crawl would have met them: each outlet's pages by date, so that what it puts under all of them is learnt on the
way, in a real archive. With --again every page is read a second time, when all are known, as `dossier reextract` does.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archive.furniture import learn
from archive.sources import outlet_id
from archive.store import Archive
from pipelines.body.furniture import without_furniture
from pipelines.extraction import extract
from pipelines.items import Article, Rejected
from pipelines.urls import canonical, outlet_of

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One recorded page: its bytes, its address, and the day by which it is put in order (empty: not known)."""

    id: str
    url: str
    outlet: str
    day: str
    body: bytes = field(repr=False)


def recorded(pages: Path, datasets: Sequence[str] = ()) -> list[Recorded]:
    """The pages of all sets, or of these, each outlet's by date, those without a date last."""
    found = [page for manifest in sorted(pages.glob("*/manifest.jsonl")) for page in _set(manifest, datasets)]
    return sorted(found, key=lambda page: (page.outlet, page.day or "9"))


def _set(manifest: Path, datasets: Sequence[str]) -> Iterator[Recorded]:
    folder = manifest.parent
    if datasets and folder.name not in datasets:
        return
    for text in manifest.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        body = gzip.decompress((folder / "pages" / f"{line['id']}.html.gz").read_bytes())
        outlet = _outlet(line["url"]) or str(line.get("domain") or line["id"])
        yield Recorded(id=line["id"], url=line["url"], outlet=outlet, day=str(line.get("date") or ""), body=body)


def _outlet(url: str) -> str:
    try:
        return outlet_of(canonical(url))
    except ValueError:  # some addresses of test pages are none
        return ""


def predictions(pages: Iterable[Recorded], archive: Archive, *, again: bool = False) -> Iterator[Line]:
    """What each page says, as a crawl would store it; with `again`, as it is stored once all pages are known."""
    numbered = list(enumerate(pages, 1))
    if again:
        for number, page in numbered:
            _read(archive, number, page)
    for number, page in numbered:
        yield _read(archive, number, page)


def _read(archive: Archive, number: int, page: Recorded) -> Line:
    start = time.process_time()
    try:
        read = extract(page.body, page.url, with_links=False)
    except Rejected as rejected:
        return {"id": page.id, "text": "", "rejected": rejected.reason, "ms": (time.process_time() - start) * 1000}
    article = without_furniture(read, archive.furniture.shared(page.outlet, read.lines, number))
    spent = time.process_time() - start
    with archive.writing() as db:
        learn(db, number, outlet_id(db, page.outlet), article.lines, article.furniture)
    return {"id": page.id, **_fields(article), "ms": spent * 1000}


def _fields(article: Article) -> Line:
    return {
        "text": article.body,
        "title": article.title,
        "authors": list(article.authors),
        "date": date_of(article),
        "language": article.language,
    }


def date_of(article: Article) -> str | None:
    """The date of publication as ISO 8601 with the page's own offset; a bare day where no time is known."""
    at = article.published
    if at is None:
        return None
    if article.published_precision == "day":
        return f"{at:%Y-%m-%d}"
    return at.astimezone(timezone(timedelta(minutes=article.published_offset or 0))).isoformat()


def main() -> None:
    """Read the pages, write the predictions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, metavar="PAGES_DIR", help="a folder with a folder for each set of pages")
    parser.add_argument("--datasets", default="", metavar="A,B", help="only these sets")
    parser.add_argument("--again", action="store_true", help="read every page again when all are known")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="predictions, .jsonl")
    asked = parser.parse_args()
    pages = recorded(asked.pages, [name for name in asked.datasets.split(",") if name])
    with TemporaryDirectory() as folder, asked.out.open("w", encoding="utf-8") as out:
        archive = Archive.open(Path(folder))
        archive.db.execute("PRAGMA foreign_keys = OFF")  # lines are counted, articles are not stored
        for line in predictions(pages, archive, again=asked.again):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        archive.close()


if __name__ == "__main__":
    main()
