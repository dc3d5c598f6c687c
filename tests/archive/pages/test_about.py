from __future__ import annotations

import re
from pathlib import Path

from tests.opened import Get
from tests.placed import Parsed


def test_it_says_what_the_archive_is_and_what_may_be_done_with_it(places: Get) -> None:
    page = Parsed(places("/about").text)
    assert "15 articles" in page.text
    assert "belong to their publishers" in page.text
    assert "should write to the owner of this archive" in page.text
    assert "Its heaviest words are doha , <i>talks</i>" in page.text
    assert {"/topic/talks", "/overview", "/search.atom", "/search.csv", "/overview.json"} <= set(page.all("a", "href"))


def test_it_names_no_path_of_the_machine_and_no_host(places: Get, tmp_path: Path) -> None:
    text = places("/about").text
    assert not re.search(r"/(tmp|home|root|Users)\b", text)
    assert str(tmp_path.parent) not in text
    assert "localhost" not in text
