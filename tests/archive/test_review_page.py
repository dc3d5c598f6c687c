"""The page of articles to review, as Datasette serves it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from archive.belonging import put_membership
from archive.queries import open_reader
from archive.reviews import to_review
from archive.store import Archive
from tests.opened import opened
from tests.reviewing import HOSTILE, REFUSED, belongs, fill, url_of

Page = Callable[[str], str]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("reviewed"), kept=1)


@contextmanager
def served(data: Path) -> Iterator[Page]:
    """Ask for pages of an archive."""
    with opened(data) as get:
        yield lambda path: get(path).text


@pytest.fixture(scope="module")
def page(data: Path) -> Iterator[Page]:
    with served(data) as asked:
        yield asked


def headlines(text: str) -> list[str]:
    return re.findall(r"<h3[^>]*><a href=\"/article/\d+\">(.*?)</a>", text)


def test_it_lists_what_waits_best_first_with_terms_reason_and_command(page: Page, data: Path) -> None:
    text = page("/news/to_review?topic=sluice")
    with closing(open_reader(data)) as db:
        expected = [one["title"] for one in to_review(db, "sluice", 50)]
    shown = headlines(text)
    assert len(shown) == len(expected) == 6
    assert [one for one in shown if "barge" not in one] == [one for one in expected if one != HOSTILE]
    assert "port amaro <b>100 %</b>" in text
    assert "between review (0.1) and keep (0.5)" in text
    assert "<code>dossier review sluice</code>" in text
    assert f'<a href="{url_of(REFUSED[0][0])}" rel="noopener noreferrer nofollow">' in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert '<input type="search" id="qp' not in text


def test_without_a_topic_it_lists_all_and_of_an_unknown_one_nothing(page: Page) -> None:
    assert len(headlines(page("/news/to_review"))) == 6
    other = page("/news/to_review?topic=%3Brm+-r+x")
    assert "Nothing waits for review." in other
    assert "rm -r" not in other.replace("%3Brm", "").partition("<main")[2].partition("SQL")[0]


@pytest.mark.parametrize("number", ["2", "1001", "99999999999999999999", "-1", "x", "1e9", "%00"])
def test_any_page_is_an_answer(page: Page, number: str) -> None:
    text = page(f"/news/to_review?topic=sluice&page={number}")
    assert "<h1>To review</h1>" in text
    assert bool(headlines(text)) == (number in {"-1", "x", "%00", "1e9"})


def test_pages_follow_each_other(tmp_path: Path) -> None:
    data = fill(tmp_path, kept=1)
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        articles = [number for (number,) in db.execute("SELECT id FROM articles").fetchall()]
        for topic in (archive.topics.ensure(f"more-{number}", "", "") for number in range(7)):
            for article in articles:
                put_membership(db, article, belongs(topic, "review"))
    with served(data) as page:
        first, second = page("/news/to_review"), page("/news/to_review?topic=&page=2")
    assert (len(headlines(first)), len(headlines(second))) == (40, 15)
    assert '<a href="/news/to_review?topic=&amp;page=2">The next</a>' in first
    assert "The next" not in second
