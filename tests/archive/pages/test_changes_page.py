from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from lxml import html

from archive.pages.changes import chosen
from archive.store import Archive
from tests.filling import HOSTILE, fill
from tests.opened import Get, opened
from tests.serving import scripts

TEXTS = [{"number": number} for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    data = fill(tmp_path_factory.mktemp("changed"))
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        add = "INSERT INTO versions (article_id, fetched, title, body, content_hash) VALUES (?, ?, ?, ?, '')"
        db.execute(add, [5, "2019-03-01T00:00:00Z", "Quiet", "<b>One</b>\n\u202eword"])
        db.execute(add, [5, "2019-03-02T00:00:00Z", "Quiet", "<b>Two</b>\nword"])
        db.execute(add, [6, "2019-03-02T00:00:00Z", "a", "\n".join("ab" * 5000)])
    with opened(data) as asked:
        yield asked


def test_the_last_change_is_shown_word_by_word_with_what_was_said_of_it(get: Get) -> None:
    page = html.fromstring(get("/article/4/changes").text)
    assert page.xpath("//h1/text()") == ["What changed"]
    assert page.xpath("//ins/text()") == ["By evening it was open too."]
    assert not page.xpath("//del")
    assert "+6 words added" in page.xpath("string(//p[@class='counted'])")
    assert "the page says that it was corrected" in page.xpath("string(//ul[@class='events'])")
    texts = " ".join(page.xpath("string(//p[@class='told'])").split())
    assert texts.startswith("Version 1, fetched 12 March 2019, 18:00 UTC")
    assert "and version 2 of 2, fetched 13 March 2019, 18:00 UTC" in texts
    assert "/article/4/kept?text=1" in page.xpath("//p[@class='told']/a/@href")
    assert not page.xpath("//main//form")


def test_of_more_than_two_texts_any_two_are_compared(get: Get) -> None:
    page = html.fromstring(get("/article/5/changes?from=1&to=2").text)
    assert (page.xpath("string(//del)"), page.xpath("string(//ins)")) == ("One", "Two")
    assert page.xpath("//form//option[@selected]/@value") == ["1", "2"]
    assert page.xpath("//form//select/@name") == ["from", "to"]
    swapped = html.fromstring(get("/article/5/changes?from=2&to=1").text)
    assert swapped.xpath("//form//option[@selected]/@value") == ["1", "2"]


def test_a_headline_that_changed_is_marked_and_hostile_text_is_text(get: Get) -> None:
    answer = get("/article/5/changes?from=1&to=3").text
    page = html.fromstring(answer)
    assert "Quiet" in page.xpath("string(//h2[@class='headline']/del)")
    assert "<script>alert(1)</script>" in HOSTILE
    assert not scripts(answer)
    assert not {"\u202e", "\x1b"} & set(answer)


def test_of_one_text_only_that_is_said(get: Get) -> None:
    assert "Only one version of it is here, of 12 March 2019, 18:00 UTC" in get("/article/1/changes").text


def test_texts_that_would_take_too_long_are_not_compared(get: Get) -> None:
    answer = get("/article/6/changes")
    assert answer.status_code == 200
    assert "too long and too different" in answer.text


@pytest.mark.parametrize(
    ("args", "pair"),
    [
        ({}, (2, 3)), ({"to": "2"}, (1, 2)), ({"from": "1"}, (1, 3)), ({"from": "1", "to": "2"}, (1, 2)),
        ({"from": "3", "to": "1"}, (1, 3)), ({"from": "2", "to": "2"}, (1, 2)), ({"to": "1"}, (2, 3)),
        ({"from": "1", "to": "1"}, (2, 3)), ({"from": "x", "to": "99"}, (2, 3)), ({"from": "-1", "to": ""}, (2, 3)),
    ],
)  # fmt: skip
def test_what_is_no_text_leads_to_the_last_change(args: dict[str, str], pair: tuple[int, int]) -> None:
    assert tuple(one["number"] for one in chosen(TEXTS, args)) == pair
