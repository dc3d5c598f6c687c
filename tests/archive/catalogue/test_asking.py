from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import numpy as np
import pytest

from archive.catalogue.asking import matching, matching_apart, matching_of
from archive.queries import open_reader
from archive.rows import CaptureRows
from archive.store import Archive

NOW = "2019-02-01T12:00:00Z"
EXPRESSIONS = (
    '"talk"', '"nego" *', '"day 7"', 'title : "talks" *', '("gulf" OR "day") NOT "1" *', '"resume"',
    'body : "talks" * AND "envoys"', '"none"',
)  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_however_articles_are_asked_the_same_ones_match(
    archive: Archive, rows: Callable[..., CaptureRows], expression: str
) -> None:
    for number in range(1, 31):
        body = {"body": f"They négotiated, résumé {number}"} if number % 3 else {}
        archive.articles.store(rows(number, **body), NOW)
    with closing(open_reader(archive.folder)) as db:
        found = matching(db, expression, 1, 30).tolist()
        some = np.arange(2, 31, 2)
        among = [one for one in found if one % 2 == 0]
        for ask in (matching_of, matching_apart):
            assert ask(db, expression, some).tolist() == among
            assert ask(db, expression, some[:0]).tolist() == []
        assert matching(db, expression, 9, 8).tolist() == []
        assert matching(db, expression, 5, 9).tolist() == [one for one in found if 5 <= one <= 9]
