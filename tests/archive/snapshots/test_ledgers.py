"""The coverage of a snapshot counts as the pages do."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

from archive.months import months
from archive.queries import open_reader
from archive.rows import QuestionRow
from archive.snapshots.ledgers import COVERAGE
from archive.store import Archive

NOW = "2019-03-12T18:00:00Z"
WINDOWS = [
    ("2018-11-20T00:00:00Z", "2019-02-01T00:00:00Z", "complete", 5),
    ("2019-01-01T00:00:00Z", "2019-01-01T00:00:00Z", "failed", 0),
    ("2019-02-03T04:00:00Z", "2019-03-01T00:00:00Z", "saturated", 250),
    ("2019-02-03T04:00:00Z", "2019-03-01T05:00:00Z", "complete", 7),
    ("2018-12-31T00:00:00Z", "2019-01-01T00:00:00Z", "complete", 1),
    (None, None, "complete", 3),
]


def test_a_question_counts_in_every_month_that_its_window_touches(tmp_path: Path) -> None:
    with closing(Archive.open(tmp_path)) as archive:
        topic = archive.topics.ensure("talks", "Peace talks", "")
        run = archive.runs.start(topic, NOW)
        for channel in ("gdelt", "wayback"):
            source = archive.sources.ensure(channel, f"https://{channel}.example/", "")
            for number, (since, until, status, found) in enumerate(WINDOWS):
                question = QuestionRow(
                    place="", query=f"q{number}", since=since, until=until, status=status, asked=NOW, found=found
                )
                archive.coverage.note(run, source, question)
    with closing(open_reader(tmp_path)) as db:
        found = [
            tuple(row)
            for row in db.execute(COVERAGE.values("topic", "channel", "month", "status", "questions", "found"))
        ]
        counted: Counter[tuple[str, str, str, str]] = Counter()
        links: Counter[str] = Counter()
        for month in months(db, "talks", "2018-10", "2019-04"):
            links[month.month] = month.found
            for channel, statuses in month.channels.items():
                for status, questions in statuses.items():
                    counted["talks", channel, month.month, status] = questions
    told = {row[:4]: row[4] for row in found if "2018-10" <= (row[2] or "") <= "2019-04"}
    assert told == dict(counted)
    for month, number in links.items():
        assert sum(row[5] for row in found if row[2] == month) == number
