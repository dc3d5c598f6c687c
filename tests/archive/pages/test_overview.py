from __future__ import annotations

import csv
import io
import json

import pytest

from archive.pages.figures import FIGURES
from archive.pages.runs import added
from tests.placed import Get, Parsed


@pytest.fixture(scope="module")
def figures(places: Get) -> dict[str, list[dict[str, object]]]:
    return {name: one["rows"] for name, one in json.loads(places("/overview.json").text).items()}


def test_each_picture_has_its_data_one_click_away(places: Get) -> None:
    links = Parsed(places("/overview").text).all("a", "href")
    for name in FIGURES:
        for form in ("csv", "json"):
            assert f"/overview/{name}.{form}" in links
            assert places(f"/overview/{name}.{form}").status_code == 200


@pytest.mark.parametrize("name", FIGURES)
def test_csv_and_json_of_a_picture_say_the_same(
    places: Get, name: str, figures: dict[str, list[dict[str, object]]]
) -> None:
    answer = places(f"/overview/{name}.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert f"{name}.csv" in answer.headers["content-disposition"]
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert json.loads(places(f"/overview/{name}.json").text)["rows"] == figures[name]
    assert len(table) == len(figures[name]) > 0
    assert [str(value).lstrip("=\u202e") for value in table[0].values()] == [
        str(value).lstrip("=\u202e") for value in figures[name][0].values()
    ]


def test_the_numbers_are_those_of_the_archive(figures: dict[str, list[dict[str, object]]]) -> None:
    months = {one["month"]: one["kept"] for one in figures["months"]}
    assert months["2019-01"] == 1
    assert sum(one["kept"] + one["to review"] for one in figures["months"]) == 15  # type: ignore[operator] # they are numbers
    copies = {one["outlet"]: (one["originals"], one["copies"]) for one in figures["copies"]}
    assert copies["herald.example"] == (1, 1)
    assert copies["evil.example"] == (8, 1)
    changes = figures["changes"]
    assert [(one["new versions"], one["corrections"], one["removals"]) for one in changes] == [(1, 1, 1)]
    links = {one["state"]: one["links"] for one in figures["links"]}
    assert links == {"stored": 14, "gone": 1, "waiting": 1, "off-topic": 1, "refused": 1, "failed": 1}
    states = {one["source"]: one["state"] for one in figures["sources"]}
    assert states["https://tal.example/news.xml"] == "failing"
    assert [(one["outcome"], one["new articles"]) for one in figures["runs"]] == [("finished", 6), ("killed", 9)]
    review = {one["topic"]: one["to review"] for one in figures["review"]}
    assert review == {"idle": 0, "talks": 1}


def test_a_picture_has_a_name_and_a_sentence(places: Get) -> None:
    page = Parsed(places("/overview").text)
    names = [attrs for tag, attrs in page.elements if tag == "svg" and not attrs.get("aria-hidden")]
    assert [attrs for attrs in names if "chart" in (attrs.get("class") or "") and not attrs.get("aria-label")] == []
    assert "15 articles by month of publication: 14 kept" in page.text
    assert "1 did not finish well" in page.text


@pytest.mark.parametrize("text", [None, "", "[]", "7", "nonsense", '{"outcome/stored": "many", "versions": 4}'])
def test_counts_of_a_run_that_cannot_be_read_are_none(text: str | None) -> None:
    assert added(text)["new"] == 0


def test_where_there_are_very_many_links_the_first_of_each_state_are_counted(
    places: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.pages.figures.LINKS", 3)
    rows = json.loads(places("/overview/links.json?few").text)["rows"]
    assert [(one["state"], one["links"], one["counted"]) for one in rows[:2]] == [
        ("stored", 3, "at least"),
        ("failed", 1, "exactly"),
    ]
