from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.results import Order
from archive.queries import open_reader
from archive.question import FIELDS, Filter, Question
from archive.store import Archive
from tests.archive.catalogue.growing import KINDS, LANGUAGES, OUTLETS, WORDS, Growing
from tests.archive.catalogue.oracle import Oracle

VALUES = {
    "outlet": (*OUTLETS, "nobody.example"),
    "month": ("2019-03", "2018-11", "1800-01"),
    "language": LANGUAGES[:-1],
    "author": ("Mina Rahimi", "jo berg", "Nobody"),
    "topic": ("talks", "heat", "none"),
    "kind": KINDS,
    "verdict": ("keep", "review", "drop"),
}
assert VALUES.keys() == set(FIELDS)
FILTERS = st.sampled_from(FIELDS).flatmap(
    lambda field: st.builds(
        Filter,
        field=st.just(field),
        value=st.sampled_from(VALUES[field]),
        is_without=st.sampled_from((False,) * 3 + (True,)),
    )
)
BOUNDS = st.sampled_from(("", "", "", "2019-03-13T00:00:00Z", "2019-01-01T00:00:00Z", "1960-01-01T00:00:00Z"))
TERMS = st.sampled_from(
    [f'"{word}"' for word in WORDS] + ['"doha" OR "truce"', '"dra" *', '"talks" NOT "doha"', '"nowhere"']
)
QUESTIONS = st.builds(
    Question,
    words=st.one_of(st.just(""), TERMS),
    unwanted=st.one_of(st.just(""), st.just(""), TERMS),
    filters=st.lists(FILTERS, max_size=4).map(tuple),
    since=BOUNDS,
    until=BOUNDS,
)
ASKED = st.tuples(QUESTIONS, st.sampled_from(("best", "newest", "oldest")), st.booleans())
STEPS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.lists(ASKED, min_size=1, max_size=3)), min_size=2, max_size=4
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive without articles, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    Archive.open(folder).close()
    return folder


@contextmanager
def growing(empty: Path, seed: int = 1, articles: int = 0) -> Iterator[tuple[Path, Growing]]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(empty, folder, dirs_exist_ok=True)
        with closing(Growing(Path(folder), seed)) as grown:
            for _ in range(articles):
                grown.store()
            yield Path(folder), grown


def opened(data: Path, **options: float) -> Catalogue:
    catalogue = Catalogue(data, **{"pause": 3600.0, **options})
    catalogue.ranking.fresh = 0.0
    return catalogue


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), steps=STEPS)
def test_whatever_happens_to_an_archive_every_answer_is_what_its_articles_say(
    empty: Path, seed: int, steps: list[tuple[int, int, list[tuple[Question, Order, bool]]]]
) -> None:
    with growing(empty, seed, articles=6) as (data, grown), closing(opened(data)) as catalogue:
        repeated = []
        for stored, changes, asked in steps:
            for _ in range(stored):
                grown.store()
            for _ in range(changes):
                grown.change()
            catalogue.refresh()
            repeated += asked
            with closing(open_reader(data)) as db:
                oracle = Oracle(db)
                for question, order, folded in repeated:
                    effective: Order = order if question.words or order != "best" else "newest"
                    results = catalogue.search(question, order=order, size=10_000, folded=folded)
                    oracle.check(results, question, effective, folded=folded)
                    assert catalogue.ids(question, order=order, folded=folded).tolist() == list(results.ids)
