from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipelines.tree import tree_of
from pipelines.witnesses.dates import Moment
from pipelines.witnesses.jsonld import graph_of
from pipelines.witnesses.metatags import head_of
from pipelines.witnesses.publication import Dated, dates_of

URL = "https://courier.example/world/talks"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADLINE = "<h1>Envoys return to Doha</h1>"


def at(*figures: int) -> datetime:
    return datetime(*figures, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year, month, day and on


def dated(head: str = "", body: str = "", *, announced: datetime | None = None, **said: object) -> tuple[Dated, Dated]:
    script = (
        f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **said})}</script>' if said else ""
    )
    html = f"<html><head><title>Envoys return to Doha</title>{script}{head}</head><body>{HEADLINE}{body}</body></html>"
    tree = tree_of(html)
    graph = graph_of(tree)
    return dates_of(graph.article(URL), graph, head_of(tree), tree, URL, announced=announced, latest=NOW)


def meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}">'


def test_json_ld_is_believed_before_all_others_and_all_are_heard() -> None:
    published, _ = dated(
        meta("article:published_time", "2019-09-08T10:00:00Z") + meta("date", "2019-09-09"),
        announced=at(2019, 9, 10),
        datePublished="2019-09-07T10:00:00+02:00",
    )
    assert published.moment == Moment(at(2019, 9, 7, 8), "instant", 120)
    assert [witness for witness, _ in published.claims] == ["json-ld", "og", "meta", "feed"]
    assert published.claims[0] == ("json-ld", "2019-09-07T10:00:00+02:00")


@pytest.mark.parametrize(
    ("head", "body", "witness"),
    [
        ("", "<b itemprop='datePublished' content='2019-09-07T08:00Z'>Saturday</b>", "microdata"),
        (meta("article:published_time", "2019-09-07T08:00Z"), "", "og"),
        ("<meta itemprop='datePublished' content='2019-09-07T08:00Z'>", "", "microdata"),
        ("<meta name='pubdate' content='2019-09-07T08:00Z'>", "", "meta"),
        ("", "<time datetime='2019-09-07T08:00Z'>Saturday</time>", "time"),
        ("", "<p>7 September 2019, 08:00 UTC</p>", "line"),
        (meta("date", "2019-09-07T08:00Z"), "", "meta"),
    ],
)
def test_a_date_is_found_wherever_a_page_gives_it(head: str, body: str, witness: str) -> None:
    published, _ = dated(head, body)
    assert published.moment == Moment(at(2019, 9, 7, 8), "instant", 0)
    assert published.claims[0][0] == witness


def test_json_ld_of_the_page_speaks_where_no_article_is_described() -> None:
    script = '<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2019-09-07T08:00:00Z"}</script>'
    published, _ = dated(script)
    assert published.moment == Moment(at(2019, 9, 7, 8), "instant", 0)


def test_what_readers_see_is_believed_before_tags_that_do_not_say_which_date_they_mean() -> None:
    published, _ = dated(meta("date", "2019-08-01T08:00:00Z"), "<p>7.9.2019</p>")
    assert published.moment == Moment(at(2019, 9, 7), "day")
    assert published.claims == (("line", "7.9.2019"), ("meta", "2019-08-01T08:00:00Z"))


def test_a_bare_day_takes_the_time_that_the_page_shows() -> None:
    published, _ = dated(body="<time datetime='2019-09-07T08:14:00+02:00'>7.9.</time>", datePublished="2019-09-07")
    assert published.moment == Moment(at(2019, 9, 7, 6, 14), "instant", 120)


def test_the_address_gives_a_day_where_nothing_else_does() -> None:
    tree = tree_of("<html><body><h1>Envoys return to Doha</h1><p>Text</p></body></html>")
    graph, url = graph_of(tree), "https://courier.example/2019/09/07/talks"
    published, _ = dates_of({}, graph, head_of(tree), tree, url, latest=NOW)
    assert published == Dated(Moment(at(2019, 9, 7), "day"), (("htmldate", "2019-09-07"),))


def test_a_year_in_the_text_makes_no_first_of_january() -> None:
    published, modified = dated(body="<p>In 2019 they met for the first time.</p><p>© 2019 The Courier</p>")
    assert published == modified == Dated(None)


@pytest.mark.parametrize("claim", ["2099-01-01T00:00:00Z", "1970-01-01", "0001-01-01", "soon", ""])
def test_impossible_dates_are_passed_over(claim: str) -> None:
    published, modified = dated(
        meta("article:published_time", "2019-09-07T08:00:00Z"), datePublished=claim, dateModified=claim
    )
    assert published.moment == Moment(at(2019, 9, 7, 8), "instant", 0)
    assert modified == Dated(None)


def test_the_feed_is_the_last_witness_and_makes_a_bare_day_finer() -> None:
    assert dated(announced=at(2019, 9, 7, 8))[0].moment == Moment(at(2019, 9, 7, 8))
    assert dated(announced=at(2019, 9, 7, 8), datePublished="2019-09-07")[0].moment == Moment(at(2019, 9, 7, 8))
    assert dated(announced=at(2099, 1, 1))[0] == Dated(None)


def test_a_change_is_read_from_json_ld_then_tags_then_what_is_shown() -> None:
    shown = "<p>Published 7.9.2019</p><p>Updated 8.9.2019 10:00</p>"
    assert dated(body=shown)[1] == Dated(Moment(at(2019, 9, 8, 10)), (("line", "Updated 8.9.2019 10:00"),))
    tags = meta("article:modified_time", "2019-09-09T10:00:00Z")
    assert dated(tags, shown)[1].moment == Moment(at(2019, 9, 9, 10), "instant", 0)
    assert dated(tags, dateModified="2019-09-10T10:00:00Z")[1].moment == Moment(at(2019, 9, 10, 10), "instant", 0)


def test_a_date_that_is_named_as_a_change_s_is_not_the_publication_s_even_if_it_is_nearer() -> None:
    published, modified = dated(body="<p>Updated 8.9.2019 10:00</p><p>Published 7.9.2019 10:00</p>")
    assert published.moment == Moment(at(2019, 9, 7, 10))
    assert modified.moment == Moment(at(2019, 9, 8, 10))


def test_the_only_date_that_is_shown_is_the_publication_s_whatever_it_is_called() -> None:
    published, modified = dated(body="<p>Updated 8.9.2019 10:00</p>")
    assert published.moment == Moment(at(2019, 9, 8, 10))
    assert modified == Dated(None)


def test_a_change_before_the_publication_is_none_but_is_heard() -> None:
    _, modified = dated(datePublished="2019-09-07T10:00:00Z", dateModified="2019-09-07T09:00:00Z")
    assert modified == Dated(None, (("json-ld", "2019-09-07T09:00:00Z"),))


def test_a_page_of_thousands_of_claims_is_heard_for_a_few() -> None:
    published, _ = dated(meta("article:published_time", "2019-09-07") * 900)
    assert published.moment == Moment(at(2019, 9, 7), "day")
    assert len(published.claims) < 100
