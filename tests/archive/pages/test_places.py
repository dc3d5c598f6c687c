"""What holds for every page of a place: whatever its names are, it is there, small, sound, and its links lead on."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.store import Archive
from tests.filling import NAMES, NOW, Filling
from tests.opened import Get, opened
from tests.placed import AUTHORS, OUTLET, TOPIC, Parsed, bare

PAGES = (
    "/outlet/wire.example", "/outlet/evil.example", "/outlet/tal.example", "/outlet/herald.example", "/month/2019-03",
    "/month/2019-02", "/topic/talks", "/topic/idle", "/overview", "/about",
    *(f"/author/{quote(author, safe='')}" for author in AUTHORS),
)  # fmt: skip
ABSENT = (
    "/outlet/nobody.example", "/outlet/%3Cb%3E", "/author/Nobody%20Known", "/topic/nothing", "/month/2019-13",
    "/month/2019-3", "/month/9999-12", "/month/0000-01", "/month/2018-12", "/month/x%2F..", "/outlet/%00%ff",
    f"/author/{'n' * 2000}", "/topic/%E2%80%AE", "/overview/nothing.csv",
)  # fmt: skip
FORBIDDEN = {"style", "iframe", "object", "img", "u", "i", "b onclick"}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    with opened(bare(tmp_path_factory.mktemp("bare"))) as asked:
        yield asked


def sound(page: str) -> Parsed:
    """The page taken apart, when it carries nothing that its headers forbid, and names one thing once."""
    found = Parsed(page)
    assert not {tag for tag, _ in found.elements} & FORBIDDEN
    assert all((attrs.get("src") or "").startswith("/static/") for tag, attrs in found.elements if tag == "script")
    for tag, attrs in found.elements:
        assert not [name for name in attrs if name.startswith("on") or name == "style"], tag
        assert not (attrs.get("href") or "").lower().startswith("javascript:")
    assert [tag for tag, _ in found.elements].count("h1") == 1
    assert "\u202e" not in page
    assert "49" not in re.findall(r"\{\{.*?\}\}|\b49\b", page)
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    return found


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_small_and_carries_nothing_that_its_headers_forbid(places: Get, path: str) -> None:
    answer = places(path)
    assert answer.status_code == 200
    assert len(answer.content) <= 30_000
    sound(answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_links_to_other_places_lead_there(places: Get, path: str) -> None:
    links = set(Parsed(places(path).text).all("a", "href"))
    found = {link for link in links if re.match("/(outlet|author|month|topic|overview|about)", link)}
    assert path in ("/topic/idle", "/outlet/tal.example") or found
    for link in found:
        assert places(link).status_code == 200, link


@pytest.mark.parametrize("path", ABSENT)
def test_what_is_not_here_says_so_and_where_to_look(places: Get, path: str) -> None:
    answer = places(path)
    assert answer.status_code == 404
    assert len(answer.content) < 8_000
    sound(answer.text)


def test_an_absent_place_offers_a_search_and_what_is_near(places: Get) -> None:
    page = Parsed(places("/outlet/wirecutter.example").text)
    assert "No articles of wirecutter.example are in this archive." in page.text
    assert "/search?q=%22wirecutter.example%22" in page.all("a", "href")
    assert "/outlet/wire.example" in page.all("a", "href")
    months = Parsed(places("/month/2031-01").text)
    assert "/month/2019-01" in months.all("a", "href")
    assert "Nothing of January 2031" in months.text


@pytest.mark.parametrize("path", ["/overview", "/about", "/overview.json"])
def test_an_empty_archive_has_its_overview_too(empty: Get, path: str) -> None:
    answer = empty(path)
    assert answer.status_code == 200
    if not path.endswith("json"):
        assert "The archive is empty." in sound(answer.text).text


@pytest.mark.parametrize("path", ["/outlet/wire.example", "/month/2019-03", "/topic/talks", "/author/Mina"])
def test_an_empty_archive_has_no_places(empty: Get, path: str) -> None:
    assert empty(path).status_code == 404


def test_the_hostile_names_stand_on_their_pages_as_text(places: Get) -> None:
    assert OUTLET.replace("\u202e", "") in Parsed(places("/outlet/evil.example").text).text
    assert TOPIC.replace("\u202e", "") in Parsed(places("/topic/talks").text).text
    for author in AUTHORS:
        text = Parsed(places(f"/author/{quote(author, safe='')}").text).text
        assert " ".join(author.replace("\u202e", "").split()) in text


def test_very_long_names_make_no_very_long_pages(tmp_path: Path) -> None:
    NAMES["long.example"] = "Ж" * 4000
    archive = Archive.open(tmp_path)
    filling = Filling(archive, archive.topics.ensure("long", "Щ" * 4000, f'title = "{"Ы" * 90_000}"'))
    filling.run = archive.runs.start(filling.topic, NOW)
    filling.source = archive.sources.ensure("feeds", f"https://long.example/{'x' * 2000}", "long.example")
    for number in range(30):
        names = {"url": f"https://long.example/{number}", "outlet": "long.example", "section": "Ф" * 3000}
        texts = {"title": "Я" * 5000, "body": f"Day {number}.", "byline": f"{chr(0x431 + number) * 290}"}
        filling.store(
            number, {**names, **texts, "published": f"{2017 + number // 12}-{number % 12 + 1:02}-05T08:00:00Z"}
        )
    archive.close()
    with opened(tmp_path) as asked:
        for path in (
            "/outlet/long.example",
            f"/author/{quote('б' * 290)}",
            "/topic/long",
            "/month/2017-01",
            "/overview",
        ):
            answer = asked(path)
            assert answer.status_code == 200
            assert len(answer.content) <= 45_000, path


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["outlet", "author", "month", "topic"]), st.binary(min_size=1, max_size=40))
def test_no_address_of_a_place_is_a_fault_of_ours(places: Get, kind: str, name: bytes) -> None:
    answer = places(f"/{kind}/{quote(name, safe='')}")
    assert answer.status_code < 500
    assert "\u202e" not in answer.text
