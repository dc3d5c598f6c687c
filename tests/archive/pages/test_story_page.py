from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest
from lxml import html

from archive.pages.story import COMPARED, SHOWN
from archive.store import Archive
from tests.filling import HOSTILE, fill
from tests.opened import Get, opened
from tests.serving import scripts

ADD = """
INSERT INTO articles (url, outlet_id, story_id, story_relation, story_similarity, title, published, published_precision,
    fetched, words, content_hash, month, body)
VALUES (?, 1, 1, 'syndicated', 0.9, ?, '2019-03-20T00:00:00Z', 'day', '2019-03-21T00:00:00Z', 9, '', '2019-03', ?)
"""


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    with opened(fill(tmp_path_factory.mktemp("story"))) as asked:
        yield asked


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """A story of very many copies, hostile ones, one of them very long."""
    data = fill(tmp_path_factory.mktemp("wide"))
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        for number in range(SHOWN + 60):
            body = "\n".join("ab" * 5000) if not number else f"Copy {number} of the text."
            db.execute(ADD, [f"https://tal.example/{number}", HOSTILE, body])
        db.execute("UPDATE stories SET size = ? WHERE id = 1", [SHOWN + 62])
    with opened(data) as asked:
        yield asked


def words(page: html.HtmlElement, path: str) -> str:
    return " | ".join(" ".join(one.text_content().split()) for one in page.xpath(path))


def test_a_story_says_who_came_first_and_what_each_copy_is(get: Get) -> None:
    page = html.fromstring(get("/story/1").text)
    assert words(page, "//h1") == "Doha talks end with a draft"
    assert words(page, "//p[@class='lead']") == (
        "First carried by Gulf Wire on 12 March 2019, 09:30 UTC; 2 articles in 2 outlets."
    )
    assert words(page, "//ol[@class='timeline']/li/p[@class='at']") == (
        "12 March 2019, 09:30 UTC | 12 March 2019, 11:00 UTC +1 h 30 min"
    )
    copy = words(page, "//ol[@class='timeline']/li[2]")
    assert "syndicated, 97 % of it is in the originalcredited to AFP" in copy
    assert "+2 words added −17 removed" in copy
    assert "Credited to AFP in 1 of them." in words(page, "//p[@class='told']")


def test_what_a_copy_changed_is_shown_word_by_word(get: Get) -> None:
    link = html.fromstring(get("/story/1").text).xpath("//a[.='what it changed']/@href")[0]
    page = html.fromstring(get(link).text)
    assert words(page, "//h1") == "What The Herald changed"
    assert page.xpath("//h2[@class='headline']//ins")
    assert "negotiations began" in page.xpath("string(//div[contains(@class, 'differences')]/p/del)")


@pytest.mark.parametrize("query", ["?article=3", "?article=99", "?article=x", "?article=²", "?article=" + "9" * 30])
def test_what_is_no_copy_of_it_is_not_found(get: Get, query: str) -> None:
    assert get(f"/story/1/changes{query}").status_code == 404


def test_a_story_of_one_article_says_so(get: Get) -> None:
    assert "Only one article carries this text so far." in get("/story/2").text


def test_a_story_that_is_gone_is_told_with_what_to_do(get: Get) -> None:
    answer = get("/story/99")
    assert answer.status_code == 404
    assert "become one, and the number of the smaller one goes" in answer.text
    assert get("/story/99.json").status_code == 404
    assert get("/story/99/changes?article=1").status_code == 404


def test_its_json_says_the_same_by_addresses(get: Get) -> None:
    told = json.loads(get("/story/1.json").text)
    assert told["said"].startswith("First carried by Gulf Wire")
    assert [one["address"] for one in told["articles"]] == ["article/1", "article/2"]
    assert told["representative"] == "article/1"
    assert told["credits"] == [{"agency": "AFP", "articles": 1}]


def test_of_very_many_copies_the_first_are_shown_and_a_few_compared(wide: Get) -> None:
    answer = wide("/story/1")
    page = html.fromstring(answer.text)
    assert len(page.xpath("//ol[@class='timeline']/li")) == SHOWN
    assert len(page.xpath("//ol[@class='timeline']//span[@class='came']")) < COMPARED
    assert f"The first {SHOWN} of {SHOWN + 62}" in answer.text
    assert not scripts(answer.text)
    assert not {"\x1b", "\u202e"} & set(answer.text)
    assert "too long and too different" in wide("/story/1/changes?article=7").text
    assert len(json.loads(wide("/story/1.json").text)["articles"]) == SHOWN


def test_beside_an_article_of_a_wide_story_stand_the_first_copies_and_itself(wide: Get) -> None:
    page = html.fromstring(wide("/article/200").text)
    listed = page.xpath("//ol[@class='copies']/li")
    assert len(listed) == 13
    assert listed[-1].get("aria-current") == "true"
    assert words(page, "//p[@class='more']/a") == f"All {SHOWN + 62} of the story"
