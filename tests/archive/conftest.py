"""A real archive on disk, and rows to fill it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.rows import ArticleRow, CandidateRow, CaptureRows, MembershipRow, OutcomeRow
from archive.store import Archive
from archive.warc import WarcFiles
from tests.warcfolder import Committed, Opener

NOW = "2019-02-01T12:00:00Z"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive.open(tmp_path / "data")
    opened.topics.ensure("talks", "Peace talks", "")
    yield opened
    opened.close()


@pytest.fixture
def rows(archive: Archive) -> Callable[..., CaptureRows]:
    """Make the rows of one capture; keyword arguments change the article, `change` and its kin the capture."""
    source = archive.sources.ensure("feeds", "https://wire.example/feed", "wire.example")

    def make(
        number: int, *, change: str = "new", article_id: int | None = None, story_id: int | None = None, **article: Any
    ) -> CaptureRows:
        url = article.get("url", f"https://wire.example/{number}")
        archive.candidates.note(1, source, [CandidateRow(url=url, host="wire.example", score=0.5)], NOW)
        candidate = archive.db.execute("SELECT id FROM candidates WHERE url = ?", [url]).fetchone()[0]
        body = article.pop("body", f"Envoys met in the Gulf for day {number} of the talks.")
        row = ArticleRow(
            url=url, outlet="wire.example", title=f"Talks, day {number}", fetched=NOW, words=len(body.split()),
            published=f"2019-01-{number % 28 + 1:02d}T08:00:00Z", content_hash=f"c{body}", words_hash=f"w{body}",
            body_source="trafilatura", extractor="test", body=body,
        )  # fmt: skip
        return CaptureRows(
            change=change, article=replace(row, **article), article_id=article_id, story_id=story_id,
            membership=MembershipRow(topic_id=1, score=0.8, verdict="keep", matched="[]"),
            outcome=OutcomeRow(candidate_id=candidate, state="stored"), aliases=((url, "requested"),),
            fingerprints=(number * 10, number * 10 + 1),
        )  # fmt: skip

    return make


@pytest.fixture
def committed() -> Committed:
    return Committed()


@pytest.fixture
def open_files(tmp_path: Path) -> Iterator[Opener]:
    """Opens the files of the test's folder, as each process does once, and gives them all back."""
    with ExitStack() as stack:

        def opener(committed: Committed, **options: int) -> WarcFiles:
            return stack.enter_context(closing(WarcFiles(tmp_path / "warc", committed=committed.end, **options)))

        yield opener
