from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.queries import Reader, open_reader
from archive.store import Archive
from crawler.watching.finding import Finding
from crawler.watching.silence import by_days
from tests.filling import fill

# The last article of the archive is of 13 March 2019, and three have no day that counts before it.
FAILED = Finding(kind="run failed", topic="talks", subject="x", since="", text="", advice="")
OWN = Finding(kind="no news", topic="talks", subject="talks", since="", text="by its own rhythm", advice="")
DEAD = Finding(kind="source died", topic="talks", subject="y", since="", text="", advice="")
TOPIC = '[terms]\n"peace talks" = 3\n[[sources]]\nchannel = "feeds"\nurl = "https://wire.example/feed.xml"\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    fill(tmp_path)
    with closing(Archive.open(tmp_path)) as archive, archive.writing():
        archive.topics.ensure("talks", "Peace talks", TOPIC)
        archive.topics.ensure("empty", "", TOPIC)
        archive.topics.ensure("over", "", f'[window]\nuntil = "2019-01-01"\n{TOPIC}')
    return tmp_path


def found(db: Reader, day: int, days: float | None) -> list[str]:
    return [
        f"{one.kind}: {one.text}" if one.kind == "no news" else one.kind
        for one in by_days([FAILED, OWN, DEAD], db, datetime(2019, 3, day, 12, tzinfo=UTC), days)
    ]


def test_a_topic_is_without_news_after_the_days_that_are_set(data: Path) -> None:
    with closing(open_reader(data)) as db:
        assert found(db, 15, None) == ["run failed", "no news: by its own rhythm", "source died"]
        assert found(db, 15, 3) == ["run failed", "source died"]
        assert found(db, 17, 3) == [
            "run failed", "no news: No article of talks since 2019-03-13; no_news_days allows 3 days.", "source died",
        ]  # fmt: skip
