from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from archive.pages.search_json import placed
from archive.questions.question import FIELDS
from tests.filling import HOSTILE
from tests.opened import Get


@pytest.fixture
def get(stocked: Get) -> Get:
    return stocked


def test_the_answer_says_how_the_question_was_understood(get: Get) -> None:
    answer = get("/search.json?q=truce+language:de+since:2018-02&order=oldest").json()
    assert answer["question"]["filters"] == [{"field": "language", "value": "de", "is_without": False}]
    assert answer["question"]["words"] == '"truce"'
    assert answer["question"]["since"].startswith("2018-02")
    assert answer["question"]["until"] is None
    assert (answer["order"], answer["copies"]) == ("oldest", "folded")


def test_counts_and_results_are_those_of_the_page(get: Get) -> None:
    answer = get("/search.json?q=truce").json()
    assert (answer["articles"], answer["listed"], answer["page"], answer["pages"]) == (45, 41, 1, 3)
    assert len(answer["results"]) == answer["page_size"] == 20
    assert sum(one["found"] for one in answer["results"]) >= 20
    languages = {one["value"]: one["articles"] for one in answer["facets"]["language"]["values"]}
    assert languages == {"en": 40, "de": 5}
    assert sum(one["articles"] for one in answer["months"]) == 45


def test_addresses_lead_to_pages_and_carry_all_filters(get: Get) -> None:
    query = "q=truce+language:en&order=oldest&copies=all"
    answer = get(f"/search.json?{query}").json()
    assert {name: answer[name] for name in ("html", "csv", "atom", "next", "previous")} == {
        "html": f"/search?{query}", "csv": f"/search.csv?{query}", "atom": f"/search.atom?{query}",
        "next": f"/search.json?{query}&page=2", "previous": None,
    }  # fmt: skip
    answer = get(answer["next"]).json()
    one = answer["results"][0]
    assert one["article"] == f"/article/{one['id']}"
    assert get(answer["previous"]).json()["results"]


def test_pages_list_everything_once(get: Get) -> None:
    found, address = [], "/search.json?q=truce&copies=all"
    while address:
        answer = get(address).json()
        found += [one["id"] for one in answer["results"]]
        address = answer["next"]
        assert not address or urlsplit(address).path == "/search.json"
    assert len(found) == len(set(found)) == 45


def test_hostile_text_comes_as_it_is_and_as_data(get: Get) -> None:
    answer = get("/search.json?q=script")
    assert answer.headers["content-type"].startswith("application/json")
    assert [one["title"] for one in answer.json()["results"]] == [HOSTILE]


def test_marks_are_places_in_the_snippet(get: Get) -> None:
    one = get("/search.json?q=unique003").json()["results"][0]
    assert [one["snippet"][start:end] for start, end in one["marks"]] == ["Unique003"]
    assert placed("a\x02b\x03c\x02d\x03") == ("abcd", [[1, 2], [3, 4]])
    assert placed("") == ("", [])


def test_its_keys_are_those_that_are_documented(get: Get) -> None:
    answer = get("/search.json?q=truce").json()
    assert set(answer) == {
        "question", "order", "copies", "articles", "listed", "ranked", "searched", "is_whole", "page", "pages",
        "page_size", "next", "previous", "html", "csv", "atom", "facets", "months", "results",
    }  # fmt: skip
    assert set(answer["question"]) == {"typed", "words", "unwanted", "filters", "since", "until", "unclear"}
    assert set(answer["facets"]) == set(FIELDS)
    assert set(answer["facets"]["outlet"]["values"][0]) == {"value", "label", "articles", "is_chosen"}
    assert set(answer["results"][0]) == {
        "id", "url", "title", "byline", "summary", "outlet", "outlet_name", "published", "published_precision",
        "fetched", "month", "language", "kind", "words", "wire", "verdict", "story_id", "story_relation", "copies",
        "outlets", "is_paywalled", "removed", "found", "snippet", "marks", "article", "story",
    }  # fmt: skip
