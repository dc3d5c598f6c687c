"""The hashes by which copies are found, against the sketches that they are the rarest of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from archive.health.diagnosis import Diagnosis, examples, mendable, well
from archive.health.patient import Patient
from archive.relations import sketch_of
from archive.stories import RAREST
from archive.wording import counted

NAME = "fingerprints"
BATCH = 200  # articles that one transaction mends
SKETCHES = f"SELECT article_id, substr(hashes, 1, {RAREST * 8}) FROM sketches WHERE article_id > ? ORDER BY article_id"
HASHES = "SELECT article_id, hash FROM fingerprints WHERE article_id > ? ORDER BY article_id, hash"
SKETCH = f"SELECT substr(hashes, 1, {RAREST * 8}) FROM sketches WHERE article_id = ?"


def examine(patient: Patient) -> Iterator[Diagnosis]:
    """Whether each article is found by the rarest hashes of its sketch, and by no others."""
    patient.progress(NAME, 0, 0)
    with patient.look() as db:
        wrong = [article for article, _ in zip(differing(db), range(1000), strict=False)]
        count = db.execute("SELECT COUNT(*) FROM sketches").fetchone()[0]
    if wrong:
        what = f"{counted(len(wrong), 'article')} with hashes that are not its own"
        yield mendable(NAME, f"{what}{examples(f'id {one}' for one in wrong)}", "writes those of its sketch")
    else:
        yield well(NAME, f"those of {counted(count, 'sketch', 'sketches')} are the rarest of it")


def differing(db: sqlite3.Connection, after: int = 0) -> Iterator[int]:
    """The articles whose hashes are not those of their sketches, ascending; both are read side by side."""
    sketches = ((int(key), rarest(packed)) for key, packed in db.execute(SKETCHES, [after]))
    rows = groupby(db.execute(HASHES, [after]), key=itemgetter(0))
    hashes = ((int(key), tuple(number for _, number in group)) for key, group in rows)
    one, two = next(sketches, None), next(hashes, None)
    while one is not None or two is not None:
        if two is None or (one is not None and one[0] < two[0]):
            assert one is not None
            if one[1]:
                yield one[0]
            one = next(sketches, None)
        elif one is None or two[0] < one[0]:
            yield two[0]
            two = next(hashes, None)
        else:
            if one[1] != two[1]:
                yield one[0]
            one, two = next(sketches, None), next(hashes, None)


def rarest(packed: bytes) -> tuple[int, ...]:
    """The hashes in the beginning of a sketch; of one that is damaged, the whole ones in their order."""
    return tuple(sorted(set(sketch_of(packed[: len(packed) // 8 * 8]))))


def mend(db: sqlite3.Connection, after: int) -> list[int]:
    """Write the hashes of the next articles behind an id anew, in the caller's transaction; which."""
    some = [article for article, _ in zip(differing(db, after), range(BATCH), strict=False)]
    for article in some:
        packed = (db.execute(SKETCH, [article]).fetchone() or (b"",))[0]
        db.execute("DELETE FROM fingerprints WHERE article_id = ?", [article])
        rows = [(number, article) for number in rarest(packed)]
        db.executemany("INSERT INTO fingerprints (hash, article_id) VALUES (?, ?)", rows)
    return some
