"""Repairs that are killed: whatever they were about, the next one ends it, and nothing is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from archive.health.doctor import examined
from archive.health.operation import operated
from tests.ailing import PAGE, ills, mended, overwrite, patient, settled, sql, values, warc_file

ILL = """
DROP TRIGGER articles_au; DROP INDEX records_file; UPDATE stories SET size = 9; UPDATE articles SET month = '2001-01';
UPDATE articles SET body = body || ' zither' WHERE id = 4; DELETE FROM aliases WHERE article_id = 3;
DELETE FROM furniture; DELETE FROM fingerprints WHERE article_id = 2; UPDATE articles SET story_id = NULL WHERE id = 5;
INSERT INTO fingerprints VALUES (1, 900); DELETE FROM stories WHERE id = 2;
UPDATE records SET digest = 'sha1:none' WHERE id = 5;
"""


def killed(data: Path, seconds: float) -> bool:
    """Whether a repair was killed before it was done."""
    child = os.fork()
    if child == 0:
        try:
            list(operated(patient(data), [*examined(patient(data))]))
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def check(whole: Path, folder: Path, seed: int) -> None:
    data = shutil.copytree(whole, folder / "data")
    draw = random.Random(seed)
    sql(data, ILL)
    settled(data)
    if seed % 2:
        overwrite(data / "news.db", draw.randrange(1, 40) * PAGE, draw.randbytes(PAGE))
    texts = values(data, "SELECT url FROM articles ORDER BY id") if seed % 2 == 0 else []
    bytes_before = warc_file(data).read_bytes()
    for _ in range(draw.randint(1, 4)):
        killed(data, draw.random() * 0.12)
    mended(data)
    mended(data)
    assert ills(data) == [], seed
    if texts:
        assert values(data, "SELECT url FROM articles ORDER BY id") == texts
    assert warc_file(data).read_bytes() == bytes_before
    assert not (data / ".salvage").exists()
    assert mended(data) == []


@pytest.mark.parametrize("seed", range(2))
def test_a_repair_that_is_killed_is_ended_by_the_next(whole: Path, tmp_path: Path, seed: int) -> None:
    check(whole, tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 400))
def test_many_repairs_that_are_killed_are_ended_by_the_next(whole: Path, tmp_path: Path, seed: int) -> None:
    check(whole, tmp_path, seed)


def test_a_repair_is_told_step_by_step(whole: Path, tmp_path: Path) -> None:
    data = shutil.copytree(whole, tmp_path / "data")
    sql(data, ILL)
    told = mended(data)
    assert [name for name, _ in told] == sorted((name for name, _ in told), key=[name for name, _ in told].index)
    assert ("schema", "made again: articles_au, records_file") in told
    assert ("kept bytes", "1 record without bytes let go of; the articles stay") in told
    assert ("full text", "the full-text index written anew") in told
