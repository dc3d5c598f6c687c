from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings

from archive.exports.progress import Progress
from archive.exports.references import entries, records
from archive.pages.citations import one_line
from tests.archive.exports.conftest import Choose
from tests.archive.pages.test_citations import read_bibtex, read_ris, untex
from tests.filling import ARTICLES
from tests.nasty_texts import NASTY

MANY = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


def bibtex(pieces: Any) -> list[tuple[str, dict[str, str]]]:
    text = b"".join(pieces).decode()
    return [read_bibtex(one + "\n") for one in text.removesuffix("\n\n").split("\n\n")] if text else []


def ris(pieces: Any) -> list[list[tuple[str, str]]]:
    text = b"".join(pieces).decode()
    return [read_ris(one + "\r\n") for one in text.removesuffix("\r\n\r\n").split("\r\n\r\n")] if text else []


def test_every_article_is_an_entry_with_a_key_of_its_own(choose: Choose, progress: Progress) -> None:
    found = bibtex(entries(choose(), progress))
    assert len({key for key, _ in found}) == len(found) == progress.articles == len(ARTICLES)
    again = bibtex(entries(choose("lang:de"), progress))
    assert again[0] in found
    assert {fields["url"] for _, fields in found} >= {f"{{{ARTICLES[0]['url']}}}"}


def test_every_article_is_a_record(choose: Choose, progress: Progress) -> None:
    found = ris(records(choose(), progress))
    assert [dict(one)["UR"] for one in found][:2] == [ARTICLES[2]["url"], ARTICLES[1]["url"]]
    assert len(found) == progress.articles == len(ARTICLES)


@MANY
@given(title=NASTY, byline=NASTY)
def test_whatever_an_article_says_ends_no_field(saying: Callable[..., Any], title: str, byline: str) -> None:
    ((_, fields),) = bibtex(saying(lambda chosen, done: list(entries(chosen, done)), title=title, byline=byline))
    expected = one_line(title) or "(no title)"
    assert untex(fields["title"][2:-2]) == expected
    ((*fields_of_ris,),) = ris(saying(lambda chosen, done: list(records(chosen, done)), title=title, byline=byline))
    assert dict(fields_of_ris)["TI"] == expected
