"""An archive in full health, with real bytes of its pages in a WARC file, and ways to make it ill."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.articles import LAST
from archive.health.diagnosis import Diagnosis
from archive.health.doctor import examined
from archive.health.operation import operated
from archive.health.patient import Patient
from archive.rows import CaptureRows, DetailRows, MembershipRow, OutcomeRow
from archive.store import Archive
from archive.warc import WarcFiles
from tests.filling import ARTICLES, LATER, Filling, article_row, fill

NOW = "2026-03-01T12:00:00Z"
PAGE = 4096

ROOTS = "SELECT name, rootpage FROM sqlite_master WHERE type = 'table' AND rootpage"


def healthy(data: Path) -> Path:
    """The data folder, with an archive of six articles and the bytes of all its records."""
    fill(data)
    with closing(sqlite3.connect(data / "news.db")) as db, closing(files_of(data, db)) as files:
        for number, url, fetched in db.execute("SELECT id, url, fetched FROM records ORDER BY id").fetchall():
            body = random.Random(number).randbytes(600) + url.encode()
            row = files.append(
                url=url, fetched=fetched, status=200, headers=(("Content-Type", "text/html"),), body=body
            )
            db.execute(
                "UPDATE records SET digest = ?, warc_file = ?, warc_offset = ?, warc_length = ? WHERE id = ?",
                [row.digest, row.warc_file, row.warc_offset, row.warc_length, number],
            )
            files.sync()
            db.commit()
    return data


def files_of(data: Path, db: Any) -> WarcFiles:
    """The writer of a folder's WARC files."""

    def committed(name: str) -> int:
        return int((db.execute(LAST, [name]).fetchone() or (0,))[0])

    return WarcFiles(data / "warc", committed=committed)


def store(archive: Archive, files: WarcFiles, number: int) -> None:
    """Write one more article with its bytes, as a crawl does."""
    url, body = f"https://wire.example/{number}", f"Envoys spoke of day {number} at length, and of nothing else."
    record = files.append(url=url, fetched=LATER, status=200, headers=(), body=body.encode())
    rows = CaptureRows(
        change="new",
        article=article_row({**ARTICLES[0], "url": url, "title": f"Day {number}", "body": body, "fetched": LATER}),
        membership=MembershipRow(topic_id=1, score=0.83, verdict="keep", matched="[]"),
        outcome=OutcomeRow(candidate_id=Filling(archive, 1, 1, 1).announce(url), state="stored"),
        aliases=((url, "requested"),),
        fingerprints=tuple(range(number * 100, number * 100 + 40)),
        details=DetailRows(lines=(7, number), furniture=(7,)),
        record=record,
    )
    archive.articles.store(rows, LATER)


def patient(data: Path, *, quick: bool = False) -> Patient:
    return Patient(data=data, now=NOW, is_quick=quick)


def ills(data: Path, *, quick: bool = False, least: str = "fault") -> list[Diagnosis]:
    """The faults that are found, with `least="warning"` the warnings too."""
    states = {"fault"} if least == "fault" else {"fault", "warning"}
    return [one for one in examined(patient(data, quick=quick)) if one.state in states]


def mended(data: Path, found: list[Diagnosis] | None = None) -> list[tuple[str, str]]:
    """What a repair did about what was found."""
    return list(operated(patient(data), [*examined(patient(data))] if found is None else found))


def sql(data: Path, script: str) -> None:
    """Change the database behind everybody's back."""
    with closing(sqlite3.connect(data / "news.db", isolation_level=None)) as db:
        db.executescript(script)


def values(data: Path, query: str) -> list[Any]:
    """The first column of a query."""
    with closing(sqlite3.connect(data / "news.db")) as db:
        return [row[0] for row in db.execute(query)]


def warc_file(data: Path) -> Path:
    """The first WARC file."""
    return min((data / "warc").iterdir())


def settled(data: Path) -> None:
    """Bring all that the database's log holds into its file."""
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def overwrite(path: Path, place: int, raw: bytes) -> None:
    """Write other bytes into a file, where they do not belong."""
    with path.open("r+b") as file:
        file.seek(place)
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
