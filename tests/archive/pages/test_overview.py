from __future__ import annotations

import csv
import io
import json

import pytest

from archive.pages.figures import FIGURES, rounded
from archive.pages.runs import added
from tests.opened import Get
from tests.placed import Parsed


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
    assert "15 articles by month of publication: 14 on the topic" in page.text
    assert "1 did not finish well" in page.text


@pytest.mark.parametrize("text", [None, "", "[]", "7", "nonsense", '{"outcome/stored": "many", "versions": 4}'])
def test_counts_of_a_run_that_cannot_be_read_are_none(text: str | None) -> None:
    assert added(text)["new"] == 0


def test_where_there_are_very_many_links_a_sample_tells_about_how_many_there_are(
    places: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.pages.figures.LINKS", 5)
    monkeypatch.setattr("archive.pages.figures.SAMPLE", 6)
    told = json.loads(places("/overview/links.json?many").text)
    assert told["note"] == "Estimated from 6 of 19 links."
    assert sum(one["links"] for one in told["rows"]) == pytest.approx(19, abs=2)
    assert told["rows"][0]["state"] == "stored"
    assert "≈" in places("/overview?many").text


@pytest.mark.parametrize(("number", "told"), [(0, 0), (7, 7), (996, 1000), (123_456, 120_000), (999_999, 1_000_000)])
def test_an_estimate_is_told_to_two_digits(number: float, told: int) -> None:
    assert rounded(number) == told


def test_where_very_much_changed_the_newest_changes_are_told(places: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "New versions 1 " in Parsed(places("/overview").text).text
    monkeypatch.setattr("archive.pages.figures.CHANGES", 1)
    monkeypatch.setattr("archive.pages.figures.HAPPENED", 2)
    page = Parsed(places("/overview?changed").text).text
    assert "New versions the newest 1" in page
    assert "The newest alone are counted." in page
