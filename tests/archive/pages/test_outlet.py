from __future__ import annotations

from pathlib import Path

import pytest

from archive.pages.outlet import state, told
from archive.store import Archive
from tests.opened import Get, opened
from tests.placed import Parsed, place


def test_an_outlet_says_what_is_here_of_it_and_how_it_came(places: Get) -> None:
    page = Parsed(places("/outlet/wire.example").text)
    assert "Gulf Wire wire.example · 20 January 2019 – 12 March 2019" in page.text.replace(" – ", " – ").replace(
        "wire.example 20", "wire.example · 20"
    )
    assert "3 articles 3 stories 100 % originals 33 % behind a paywall 1 changed later 1 taken down" in page.text
    assert "of the pages of it that were read, 3 were kept and 1 was on something else." in page.text.lower()
    assert "answers; lists 9 links; it was the first to announce 9; last answered well on 12 March 2019" in page.text
    assert "the page is gone, its text stays here" in page.text
    assert "the page says that it was corrected" in page.text
    assert "https://wire.example/" in page.all("a", "href")


def test_an_outlet_says_whose_texts_it_carries_and_who_carries_its(places: Get) -> None:
    wire = Parsed(places("/outlet/wire.example").text)
    assert "Who carries its texts" in wire.text
    assert {"/outlet/herald.example", "/outlet/evil.example"} <= set(wire.all("a", "href"))
    herald = Parsed(places("/outlet/herald.example").text)
    assert "Of all its articles, 1 stood here first , as far as is known, and 1 carries a text from elsewhere" in (
        herald.text
    )
    assert "Agencies that it credits AFP 1" in herald.text
    assert "Whose texts it carries Gulf Wire 1" in herald.text


def test_an_outlet_can_be_searched_followed_and_taken_along(places: Get) -> None:
    page = Parsed(places("/outlet/wire.example").text)
    links = page.all("a", "href")
    for form in ("search?q=", "search.atom?q=", "search.csv?q="):
        assert f"/{form}outlet:wire.example" in links
    assert "/search?q=outlet:wire.example%20month:2019-03" in links
    assert "/search.atom?q=outlet:wire.example" in page.all("link", "href")


def test_an_outlet_is_known_by_its_host_in_any_writing(places: Get) -> None:
    assert places("/outlet/www.Wire.example").status_code == 200


@pytest.mark.parametrize(
    ("changes", "wanted", "words"),
    [
        ({"last_asked": None}, "unasked", "not asked yet"),
        ({"failures": 1, "last_reason": "HTTP 500"}, "failing", "did not answer well the last time: HTTP 500"),
        ({"failures": 1200}, "failing", "did not answer well 1,200 times in a row"),
        ({"items": 0, "new_items": 0}, "silent", "answers, and lists no article itself"),
        ({"items": 1, "new_items": 0}, "ok", "answers; lists 1 link"),
        ({"items": 0}, "ok", "answers; lists nothing at present; it was the first to announce 4"),
    ],
)
def test_the_health_of_a_source_in_words(changes: dict[str, object], wanted: str, words: str) -> None:
    source = {"last_asked": "2019", "failures": 0, "items": 3, "new_items": 4, "last_reason": ""} | changes
    assert state(source) == wanted
    assert told(source) == words


def test_an_outlet_of_which_nothing_was_kept_has_a_page(places: Get, tmp_path: Path) -> None:
    data = place(tmp_path)
    archive = Archive.open(data)
    archive.sources.ensure("feeds", "https://mute.example/feed", "mute.example", "")
    archive.close()
    with opened(data) as asked:
        page = Parsed(asked("/outlet/mute.example").text)
    assert "No article of this outlet is here." in page.text
    assert "not asked yet" in page.text
