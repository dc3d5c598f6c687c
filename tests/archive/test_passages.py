from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from archive.passages import passages
from archive.queries import Reader, open_reader
from archive.question import parse
from tests.filling import fill


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with closing(open_reader(fill(tmp_path_factory.mktemp("filled")))) as opened:
        yield opened


@pytest.mark.parametrize("typed", ["draft", "draf*", "dra* OR zither"])
def test_what_was_looked_for_is_marked_in_title_and_text(db: Reader, typed: str) -> None:
    found = passages(db, [1, 2, 3], parse(typed).words)
    assert set(found) == {1, 2}
    assert found[1]["title"] == "Doha talks end with a \x02draft\x03"
    assert "A \x02draft\x03 on the withdrawal" in found[1]["snippet"]


def test_a_beginning_is_looked_for_in_these_articles_alone(db: Reader) -> None:
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    assert passages(db, [1], parse("doh*").words)
    assert not [sql for sql in asked if "MATCH" in sql]
    passages(db, [1], parse("doha").words)
    assert [sql for sql in asked if "MATCH" in sql]
    db.set_trace_callback(None)


@pytest.mark.parametrize(("ids", "words"), [([], '"doha"'), ([1], ""), ([999], '"doha"')])
def test_nothing_is_marked_where_nothing_matches(db: Reader, ids: list[int], words: str) -> None:
    assert passages(db, ids, words) == {}
