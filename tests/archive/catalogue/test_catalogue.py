from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalogue.asking import matching
from archive.catalogue.catalogue import Catalogue
from archive.catalogue.columns import Ids
from archive.catalogue.growth import Growth
from archive.catalogue.results import Order
from archive.queries import NoArchiveError, Reader, open_reader
from archive.questions.question import FIELDS, Filter, Question
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


def listed(catalogue: Catalogue, question: Question, order: Order, *, folded: bool = True) -> list[int]:
    ids = catalogue.ids(question, order=order, folded=folded)
    assert ids is not None
    return list(map(int, ids))


@settings(max_examples=20, deadline=None)
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
                    assert listed(catalogue, question, order, folded=folded) == list(results.ids)


def test_a_page_of_any_number_is_a_part_of_the_whole_list(empty: Path) -> None:
    with growing(empty, articles=70) as (data, _), closing(opened(data)) as catalogue:
        for question in (Question(), Question(words='"doha"')):
            everything = catalogue.search(question, size=1000)
            pages = [catalogue.search(question, size=7, page=page) for page in range(1, everything.listed // 7 + 3)]
            assert [one for page in pages for one in page.ids] == list(everything.ids)
            assert [one for page in pages for one in page.found] == list(everything.found)
            assert {page.pages for page in pages} == {-(-everything.listed // 7)}
            assert catalogue.search(question, page=0).ids == catalogue.search(question, page=-3).ids == ()


def test_lists_longer_than_what_is_ordered_at_once_are_whole(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way to order and to fold gives the same list, whatever the sizes from which it is taken."""
    with growing(empty, articles=60) as (data, _), closing(opened(data)) as catalogue, closing(open_reader(data)) as db:
        for first_pages, few, window in ((1_000, 1_000, 20_000), (3, 1_000, 20_000), (3, 1, 20_000), (3, 1, 5)):
            monkeypatch.setattr("archive.catalogue.ordering.FIRST_PAGES", first_pages)
            monkeypatch.setattr("archive.catalogue.folding.FEW", few)
            monkeypatch.setattr("archive.catalogue.ranking.WINDOW", window)
            monkeypatch.setattr("archive.catalogue.catalogue.MANY", few)
            for question in (Question(), Question(words='"doha" OR "talks"', unwanted='"truce"')):
                for order in ("newest", "oldest", "best"):
                    catalogue.kept.values.clear()
                    effective: Order = order if question.words or order != "best" else "newest"
                    expected = [one for one, _ in Oracle(db).listed(question, effective, folded=True)]
                    pages = [catalogue.search(question, order=order, size=4, page=page).ids for page in range(1, 20)]
                    found = [one for page in pages for one in page]
                    if effective == "best" and window == 5:
                        assert catalogue.search(question, order=order).ranked == 5
                        assert sorted(found) == sorted(listed(catalogue, question, "best"))
                        assert len(found) == len(set(found)) == len(expected)
                    else:
                        assert found == expected


def test_what_is_read_is_what_has_come_and_what_has_changed(empty: Path) -> None:
    with growing(empty, articles=200) as (data, grown), closing(opened(data)) as catalogue:
        assert catalogue.growth.rows_read == 200
        catalogue.search(Question(words='"doha"'))
        statements: list[str] = []
        catalogue.db.set_trace_callback(statements.append)
        before = catalogue.version()
        for deed, rows in (
            (grown.store, 1),
            (lambda: grown.answer([7]), 1),
            (lambda: grown.archive.db.execute("UPDATE articles SET title = title, body = body"), 0),
            (lambda: grown.rename([]), 0),
            (lambda: grown.forget([8]), 1),
        ):
            read = catalogue.growth.rows_read
            statements.clear()
            deed()
            assert catalogue.version() == before
            catalogue.refresh()
            story_of_others = 2 if rows else 0
            assert rows <= catalogue.growth.rows_read - read <= rows + story_of_others
            assert len(statements) < 15
            before = catalogue.version()
        statements.clear()
        assert catalogue.refresh() == before
        assert len(statements) == 1, "PRAGMA data_version says that nothing was committed"


def test_what_is_committed_while_all_is_read_at_first_is_not_missed(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with growing(empty, articles=3) as (data, grown):

        def slow(db: Reader) -> Growth:
            growth = Growth(db)
            grown.store(kind="list")
            return growth

        monkeypatch.setattr("archive.catalogue.catalogue.Growth", slow)
        with closing(opened(data)) as catalogue:
            before = catalogue.version()
            assert catalogue.growth.rows_read == 3
            assert catalogue.refresh() > before
            assert 4 in catalogue.growth.view.everything


def test_columns_are_read_without_the_rows_that_hold_bodies(empty: Path) -> None:
    with growing(empty, articles=3) as (data, grown), closing(sqlite3.connect(data / "news.db")) as db:
        read: list[str] = []
        db.set_authorizer(lambda action, one, two, *_: read.append(f"{one}.{two}") or 0 if action == 20 else 0)
        Growth(db)
        assert not {"articles.body", "articles.title", "articles.url"} & set(read)
        assert "articles.byline" in read
        assert grown.stored == 3


def test_an_answer_whose_time_is_over_says_so_and_the_next_one_goes_on(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.catalogue.matches.CHUNK", 8)
    monkeypatch.setattr("archive.catalogue.matches.FASTER", 1)
    question = Question(words='"doha" OR "talks" OR "draft"')
    with growing(empty, articles=40) as (data, grown), closing(opened(data, seconds=0.0)) as catalogue:
        first = catalogue.search(question, order="newest")
        assert not first.is_whole
        assert first.searched == 8
        assert first.articles == sum(count for _, count in first.months)
        seen = [first.searched]
        for step in range(10):
            if step == 1:
                grown.rewrite([35])
                grown.rewrite([2])
            seen.append(catalogue.search(question, order="newest").searched)
        assert seen == sorted(seen)
        assert seen[-1] == 40
        results = catalogue.search(question, order="newest", size=100)
        with closing(open_reader(data)) as db:
            Oracle(db).check(results, question, "newest", folded=True)


def test_what_came_last_gets_its_rank_though_nothing_more_comes(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.catalogue.ranking.SETTLED", 1e12)
    question, now = Question(words='"doha"'), time.monotonic
    with growing(empty, articles=20) as (data, grown), closing(opened(data)) as catalogue:
        catalogue.ranking.fresh = 3600.0
        before = catalogue.search(question)
        assert before.ranked == before.articles
        for _ in range(8):
            grown.store(title="doha")
        catalogue.refresh()
        waiting = catalogue.search(question)
        assert waiting.ranked == before.ranked < waiting.articles
        assert now() < waiting.until < float("inf")
        monkeypatch.setattr(time, "monotonic", lambda: now() + 3601)
        settled = catalogue.search(question)
        assert settled.ranked == settled.articles
        assert settled.until == float("inf")


def test_a_ranking_that_was_broken_off_is_tried_again(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.catalogue.asking.STEPS", 1)
    question, now = Question(words='"doha"'), time.monotonic
    with growing(empty, articles=20) as (data, _), closing(opened(data)) as catalogue:
        assert catalogue.search(question, order="newest").is_whole
        catalogue.seconds = -1.0
        broken = catalogue.search(question)
        assert (broken.ranked, broken.is_whole) == (0, True)
        catalogue.seconds = 3600.0
        monkeypatch.setattr(time, "monotonic", lambda: now() + 60)
        assert catalogue.search(question).ranked == broken.articles > 0


def test_threads_that_ask_while_articles_come_see_one_moment_each(empty: Path) -> None:
    """In every moment, each word is in one of two articles, and both never have the same outlet: no half state."""
    with growing(empty, articles=0) as (data, grown):
        for body, outlet in (("zither", "wire.example"), ("oud", "herald.example")):
            grown.capture(
                "new", grown.article(grown.stored, body=body, title="", byline="", outlet=outlet, language="en")
            )
            grown.stored += 1
        db = grown.archive.db
        with grown.archive.writing():
            db.execute("UPDATE article_topics SET verdict = 'keep'")
        swap = """UPDATE articles SET body = CASE body WHEN 'oud' THEN 'zither' ELSE 'oud' END,
            outlet_id = (SELECT MIN(outlet_id) + MAX(outlet_id) FROM articles WHERE id < 3) - outlet_id WHERE id < 3"""
        faults: list[object] = []
        seen: Counter[tuple[int, ...]] = Counter()
        stopped = threading.Event()
        with closing(opened(data, pause=0.001)) as catalogue:

            def ask() -> None:
                try:
                    while not stopped.is_set():
                        zither = catalogue.search(Question(words='"zither"'), order="newest")
                        oud = catalogue.search(
                            Question(words='"oud"', filters=(Filter(field="outlet", value=OUTLETS[1]),))
                        )
                        both = catalogue.search(Question(words='"zither" OR "oud"'), order="newest", folded=False)
                        outlets = [value.count for value in both.facets[0].values]
                        seen[zither.articles, oud.articles, both.articles, *outlets] += 1
                        seen[zither.ids] += 1
                        versions.append(catalogue.version())
                except BaseException as fault:
                    faults.append(fault)
                    raise

            versions: list[int] = []
            threads = [threading.Thread(target=ask) for _ in range(3)]
            for thread in threads:
                thread.start()
            for number in range(40):
                with grown.archive.writing():
                    db.execute(swap)
                if number % 4 == 0:
                    grown.capture("new", grown.article(grown.stored, body="talks", title="", byline=""))
                    grown.stored += 1
                time.sleep(0.005)
            stopped.set()
            for thread in threads:
                thread.join()
            assert not faults
            assert {key for key in seen if len(key) > 1} == {(1, 1, 2, 1, 1)}
            assert {(1,), (2,)} <= seen.keys(), "the threads saw several moments"


def test_two_that_ask_for_one_word_do_its_work_once(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(db: Reader, expression: str, first: int, last: int) -> Ids:
        asked.append(expression)
        time.sleep(0.01)
        return matching(db, expression, first, last)

    monkeypatch.setattr("archive.catalogue.matches.matching", counted)
    with growing(empty, articles=30) as (data, _), closing(opened(data)) as catalogue:
        threads = [threading.Thread(target=catalogue.search, args=[Question(words='"doha"')]) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert asked == ['"doha"']


def test_what_is_kept_stays_within_its_room(empty: Path) -> None:
    with growing(empty, articles=30) as (data, _), closing(opened(data)) as catalogue:
        for kept in (catalogue.kept, catalogue.matches.kept, catalogue.ranking.kept):
            kept.room = 30_000
        for word in WORDS * 3:
            catalogue.search(Question(words=f'"{word}"'))
            catalogue.search(Question(words=f'"{word}"'), order="newest")
        for kept in (catalogue.kept, catalogue.matches.kept, catalogue.ranking.kept):
            assert kept.used <= 30_000
            assert kept.used == sum(weight for _, weight in kept.values.values())


def test_answers_of_long_ago_do_not_hold_columns_of_long_ago(empty: Path) -> None:
    """A column is copied where an article changed that others see: a few copies are kept, whatever changes."""
    with growing(empty, articles=30) as (data, grown), closing(opened(data)) as catalogue:
        for number in range(40):
            catalogue.search(
                Question(words=f'"{WORDS[number % 8]}"', filters=(Filter(field="month", value=str(number)),))
            )
            with grown.archive.writing() as db:
                db.execute("UPDATE articles SET month = ? WHERE id = 3", [f"2001-{number}"])
            catalogue.refresh()
        columns = {id(value.view.month.base) for value, _ in catalogue.kept.values.values()}
        assert catalogue.growth.view.copies == 40
        assert 0 < len(columns) <= 9


def test_there_has_to_be_an_archive(tmp_path: Path) -> None:
    with pytest.raises(NoArchiveError):
        Catalogue(tmp_path)


def test_an_archive_without_articles_has_no_answers(empty: Path) -> None:
    with closing(opened(empty)) as catalogue:
        for question in (
            Question(),
            Question(words='"doha"', unwanted='"talks"'),
            Question(filters=(Filter(field="author", value="x"),)),
        ):
            results = catalogue.search(question)
            assert (results.articles, results.listed, results.ids, results.pages, results.months) == (0, 0, (), 0, ())
            assert results.is_whole
